/**
 * What every medium has in common: messages of bytes go one way, from one process to another, and arrive whole, in
 * order and once. Each medium is one file here with a sender and a receiver; the two never share anything but the medium.
 */

/** The sending end. One process holds it; a second one on the same medium would mix its messages in. */
export interface Sender {
  /** Resolves when the medium has the message, so that the bytes may be used again; waits while the medium is full. */
  send(message: Uint8Array): Promise<void>;
  /** Says that there are no more messages, and lets go of the medium. */
  end(): Promise<void>;
}

/** The receiving end. */
export interface Receiver {
  /** The next message; null when the sender has ended. Waits for as long as it takes. */
  receive(): Promise<Uint8Array | null>;
  /** Lets go of the medium. */
  close(): Promise<void>;
}

/** The largest message, bytes: what comes with a larger length is not a message. */
export const MAX_MESSAGE = 2 ** 30;
