/**
 * The lines of failures that a summary has no room for. They wait for the end in a nameless file, so that a run of which a
 * million jobs fail takes no memory for it, and yet says every one.
 */
import { writeSync } from "node:fs";
import type { Outlet } from "../../jobs/output/outlet.ts";
import { encodeText } from "../../os/bytes/byte-strings.ts";
import { openTempFile } from "../../os/files/tempfile.ts";
import type { JobEnding } from "../../recording/results/run-result.ts";

/** Loaded with the first failure. */
const text = () => require("../../show/jobs/run-text.ts") as typeof import("../../show/jobs/run-text.ts");

/** Bytes that are written to the file at once. */
const CHUNK = 64 << 10;

export class MoreFailures {
  #fd: number | null = null;
  #written = 0;
  #pending: Uint8Array[] = [];
  #pendingBytes = 0;
  /** Those that found no room in the file either. */
  #untold = 0;

  add(failure: JobEnding): void {
    if (this.#untold > 0) {
      this.#untold += 1; // in order, or not at all
      return;
    }
    const line = encodeText(text().failureNote(failure));
    this.#pending.push(line);
    this.#pendingBytes += line.length;
    if (this.#pendingBytes >= CHUNK) this.#write();
  }

  /** Passes them on. To be called once, at the end. */
  passOn(outlet: Outlet): void {
    const [fd, end] = [this.#fd, this.#written];
    if (fd !== null && end > 0) outlet.writeStored({ file: { fd, release: () => {} }, start: 0, end }, null);
    if (this.#pending.length > 0) outlet.write(Buffer.concat(this.#pending));
    if (this.#untold > 0) outlet.write(encodeText(text().moreFailuresText(this.#untold)));
  }

  #write(): void {
    const bytes = Buffer.concat(this.#pending);
    const lines = this.#pending.length;
    this.#pending = [];
    this.#pendingBytes = 0;
    try {
      this.#fd ??= openTempFile("append");
      for (let at = 0; at < bytes.length; ) at += writeSync(this.#fd, bytes, at);
      this.#written += bytes.length;
    } catch {
      this.#untold += lines; // the disk is full, or there are no more descriptors: they are counted
    }
  }
}
