/**
 * Checks a Mac executable's signature as the system does it, page by page. Written from Apple's format, and shares nothing
 * with the code that signs.
 */
import { createHash } from "node:crypto";

export interface Signature {
  readonly identifier: string;
  readonly adHoc: boolean;
  readonly hardenedRuntime: boolean;
  readonly pages: number;
  /** Pages whose hash is not the one in the signature: executing one of them kills the process. */
  readonly wrongPages: number;
  /** How much of the file is signed. */
  readonly signedBytes: number;
  /** Where the signature begins, and where it ends. */
  readonly from: number;
  readonly to: number;
}

/** @throws Error if there is none. */
export function signatureOf(file: Buffer): Signature {
  const [from, length] = linkeditData(file);
  if (file.readUInt32BE(from) !== 0xfade0cc0) throw new Error("no signature where the header says");
  for (let entry = 0; entry < file.readUInt32BE(from + 8); entry++) {
    const at = from + file.readUInt32BE(from + 12 + 8 * entry + 4);
    if (file.readUInt32BE(at) !== 0xfade0c02) continue;
    const [flags, hashes, identifier] = [12, 16, 20].map((offset) => file.readUInt32BE(at + offset)) as number[];
    const [pages, signedBytes] = [28, 32].map((offset) => file.readUInt32BE(at + offset)) as [number, number];
    const [hashBytes, kind] = [file[at + 36] ?? 0, file[at + 37] ?? 0];
    const pageBytes = 2 ** (file[at + 39] ?? 0);
    let wrongPages = 0;
    for (let page = 0; page < pages; page++) {
      const bytes = file.subarray(page * pageBytes, Math.min((page + 1) * pageBytes, signedBytes));
      const hash = createHash(kind === 2 ? "sha256" : "sha1")
        .update(bytes)
        .digest()
        .subarray(0, hashBytes);
      const stated = at + (hashes ?? 0) + page * hashBytes;
      if (!hash.equals(file.subarray(stated, stated + hashBytes))) wrongPages += 1;
    }
    const nameAt = at + (identifier ?? 0);
    return {
      identifier: file.toString("latin1", nameAt, file.indexOf(0, nameAt)),
      adHoc: ((flags ?? 0) & 0x2) !== 0,
      hardenedRuntime: ((flags ?? 0) & 0x10000) !== 0,
      pages,
      wrongPages,
      signedBytes,
      from,
      to: from + length,
    };
  }
  throw new Error("a signature without a code directory");
}

function linkeditData(file: Buffer): [offset: number, size: number] {
  let at = 32;
  for (let left = file.readUInt32LE(16); left > 0; left--) {
    if (file.readUInt32LE(at) === 0x1d) return [file.readUInt32LE(at + 8), file.readUInt32LE(at + 12)];
    at += file.readUInt32LE(at + 4);
  }
  throw new Error("no signature");
}
