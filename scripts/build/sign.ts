/**
 * Signs a Mac executable ad hoc, in place of the signature it has: what `codesign -s -` does, without a Mac. Bun's build
 * for Intel Macs keeps the runtime's own signature, which no longer fits the file that a program was put into.
 *
 * An ad-hoc signature names no signer: it is a list of the SHA-256 of every page of the file up to itself, and whoever
 * loads a page compares. All numbers in it are big-endian, unlike those of the file around it.
 */
import { createHash } from "node:crypto";
import { readMachO } from "./mach-o.ts";

const PAGE = 4096;
const HASH_BYTES = 32;
const SUPER_BLOB = 0xfade0cc0;
const CODE_DIRECTORY = 0xfade0c02;
/** Where the code directory begins in the signature: behind the super blob's header and its one index entry. */
const DIRECTORY_AT = 20;
/** The code directory's own header, version 2.4.0: up to the fields about the executable segment. */
const DIRECTORY_HEADER = 88;
const VERSION = 0x20400;
const AD_HOC = 0x2;
const SHA_256 = 2;
const MAIN_BINARY = 1n;

/** @returns the file with an ad-hoc signature under the name `identifier`. @throws Error if it is no Mac executable. */
export function signedAdHoc(file: Buffer, identifier: string): Buffer {
  const { segments, signature } = readMachO(file);
  const { __LINKEDIT: linkedit, __TEXT: text } = segments;
  if (linkedit === undefined || text === undefined) throw new Error("a Mach-O executable without __TEXT or __LINKEDIT");
  const limit = signature.offset; // what is signed: all before the signature
  const pages = Math.ceil(limit / PAGE);
  const name = Buffer.from(`${identifier}\0`);
  const hashesAt = DIRECTORY_HEADER + name.length;
  const directoryBytes = hashesAt + pages * HASH_BYTES;
  const size = Math.ceil((DIRECTORY_AT + directoryBytes) / 16) * 16;

  const out = Buffer.alloc(limit + size);
  file.copy(out, 0, 0, limit);
  // The header is a part of what is signed, so its sizes come first.
  out.writeUInt32LE(size, signature.command + 12);
  const linkeditSize = limit + size - linkedit.fileOffset;
  out.writeBigUInt64LE(BigInt(linkeditSize), linkedit.command + 48);
  out.writeBigUInt64LE(BigInt(Math.ceil(linkeditSize / 0x4000) * 0x4000), linkedit.command + 32);

  const blob = out.subarray(limit);
  blob.writeUInt32BE(SUPER_BLOB, 0);
  blob.writeUInt32BE(DIRECTORY_AT + directoryBytes, 4);
  blob.writeUInt32BE(1, 8); // one entry: of type 0, the code directory
  blob.writeUInt32BE(0, 12);
  blob.writeUInt32BE(DIRECTORY_AT, 16);

  const directory = blob.subarray(DIRECTORY_AT);
  const words = [CODE_DIRECTORY, directoryBytes, VERSION, AD_HOC, hashesAt, DIRECTORY_HEADER, 0, pages, limit];
  for (const [index, word] of words.entries()) directory.writeUInt32BE(word, index * 4);
  directory.set([HASH_BYTES, SHA_256, 0, Math.log2(PAGE)], 36);
  directory.writeBigUInt64BE(BigInt(text.fileOffset), 64);
  directory.writeBigUInt64BE(BigInt(text.fileSize), 72);
  directory.writeBigUInt64BE(MAIN_BINARY, 80);
  name.copy(directory, DIRECTORY_HEADER);
  for (let page = 0; page < pages; page++) {
    const bytes = out.subarray(page * PAGE, Math.min((page + 1) * PAGE, limit));
    createHash("sha256")
      .update(bytes)
      .digest()
      .copy(directory, hashesAt + page * HASH_BYTES);
  }
  return out;
}
