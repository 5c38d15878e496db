/** What the demo `exchange` sends: messages that tell whether one is missing, doubled, out of order or damaged. */

/** Messages of one size. */
export interface MessageLoad {
  readonly messages: number;
  readonly bytes: number;
}

/** The messages of a load: each its number, then bytes that differ from place to place. One buffer, used again. */
export function* messagesOf({ messages, bytes }: MessageLoad): Generator<Uint8Array> {
  const message = Uint8Array.from({ length: bytes }, (_, i) => (i * 31) % 251);
  const view = new DataView(message.buffer);
  for (let n = 0; n < messages; n++) {
    view.setUint32(0, n, true);
    yield message;
  }
}

/** The number a message carries. */
export function messageNumber(message: Uint8Array): number {
  return new DataView(message.buffer, message.byteOffset, message.byteLength).getUint32(0, true);
}

/** The hash over all messages of a load in order, each hashed with the hash of those before it. */
export function expectedHash(load: MessageLoad): bigint {
  let hash = 0n;
  for (const message of messagesOf(load)) hash = Bun.hash.wyhash(message, hash);
  return hash;
}
