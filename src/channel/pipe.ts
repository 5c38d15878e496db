/**
 * Medium `pipe`: a pipe of the kernel, with a name in a folder so that any two processes can meet at it (mkfifo(3)).
 *
 * How: bytes with a length before each message. The kernel keeps some 64 KiB of them; a sender that is ahead blocks in
 * write until the receiver has read, and end of file is the sender's end, even when it was killed: a message that was
 * cut off by that is an error, not a message. (What Bun calls a pipe, `stdin: "pipe"`, is a socket pair.)
 *
 * When: a stream of bytes from one process to one other on the same machine, of any length, that nobody needs twice. Any
 * program in any language can stand at the other end, also as its standard input.
 */
import { closeSync, open, read } from "node:fs";
import { promisify } from "node:util";
import { LanesError } from "../errors.ts";
import { encodeText } from "../os/bytes/byte-strings.ts";
import { errnoName } from "../os/errno.ts";
import { errno, libcFunctions } from "../os/libc.ts";
import type { Receiver, Sender } from "./channel.ts";
import { MessageCutter, writeMessage } from "./framing.ts";

const CHUNK = 256 * 1024;

// Opening waits for the other end and reading for bytes: both on a thread, so that this process can go on meanwhile.
const openLater = promisify(open);
const readLater = promisify(read);

/** Makes a pipe with a name. @throws LanesError `error.pipe.make` if the folder's file system cannot hold one. */
export function makePipe(path: string): void {
  try {
    makeByLibrary(path) ?? makeByCommand(path);
  } catch (error) {
    const reason = error instanceof Error ? error.message : String(error);
    throw new LanesError("error.pipe.make", { path, reason }, { cause: error });
  }
}

const OWNER_ONLY = 0o600;

/** By mkfifo(3). @returns undefined where the C library cannot be called. @throws Error if there can be no pipe. */
function makeByLibrary(path: string): true | undefined {
  let made: number;
  try {
    errno(); // finds out where that is: done after a failure, it might overwrite the number
    const { mkfifo } = libcFunctions({ mkfifo: { args: ["buffer", "u32"], returns: "i32" } });
    made = mkfifo(Buffer.concat([encodeText(path), Buffer.of(0)]), OWNER_ONLY);
  } catch {
    return undefined; // another C library, or a system that allows no code made while running
  }
  if (made === 0) return true;
  throw new Error(errnoName(errno()));
}

/** By mkfifo(1), which is in POSIX; an empty environment has no PATH to find it by. @throws Error if it fails. */
function makeByCommand(path: string): void {
  const command = Bun.which("mkfifo", { PATH: `${process.env.PATH ?? ""}:/usr/bin:/bin` }) ?? "mkfifo";
  const { exitCode, stderr } = Bun.spawnSync([command, "-m", OWNER_ONLY.toString(8), path], { stdout: "ignore" });
  if (exitCode !== 0) throw new Error(stderr.toString().trim());
}

export class PipeSender implements Sender {
  #fd: Promise<number> | null = null;

  /** On a pipe that exists. The first message waits until a receiver has opened it. */
  constructor(readonly path: string) {}

  async send(message: Uint8Array): Promise<void> {
    this.#fd ??= openLater(this.path, "w");
    writeMessage(await this.#fd, message);
  }

  async end(): Promise<void> {
    this.#fd ??= openLater(this.path, "w");
    closeSync(await this.#fd);
  }
}

export class PipeReceiver implements Receiver {
  readonly #cutter = new MessageCutter();
  readonly #chunk = Buffer.allocUnsafe(CHUNK);
  #fd: Promise<number> | null = null;

  /** On a pipe that exists. The first message waits until a sender has opened it. */
  constructor(readonly path: string) {}

  async receive(): Promise<Uint8Array | null> {
    this.#fd ??= openLater(this.path, "r");
    for (;;) {
      const message = this.#cutter.next();
      if (message !== undefined) return message;
      const { bytesRead } = await readLater(await this.#fd, this.#chunk, 0, CHUNK, null);
      if (bytesRead > 0) this.#cutter.push(this.#chunk.subarray(0, bytesRead));
      else if (this.#cutter.partial) throw new Error(`${this.path}: the sender ended in the middle of a message`);
      else return null;
    }
  }

  async close(): Promise<void> {
    if (this.#fd !== null) closeSync(await this.#fd);
  }
}
