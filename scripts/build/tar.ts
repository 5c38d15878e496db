/** Tar archives: written so that the same content is the same bytes, and read as far as npm's packages need it. */

export interface TarEntry {
  readonly name: string;
  readonly data: Uint8Array;
  readonly mode: number;
}

const BLOCK = 512;

/**
 * An archive (ustar) of files, and of folders where a name ends with a slash, sorted by name, all of one owner (root) and one time.
 * @throws Error for a name that the format cannot hold (more than 100 bytes).
 */
export function tarOf(entries: readonly TarEntry[], epochSeconds: number): Uint8Array {
  const parts: Uint8Array[] = [];
  for (const { name, data, mode } of entries.toSorted((a, b) => (a.name < b.name ? -1 : 1))) {
    if (Buffer.byteLength(name) > 100) throw new Error(`too long for a name in a tar archive: ${name}`);
    const header = Buffer.alloc(BLOCK);
    const octal = (value: number, digits: number, at: number) =>
      header.write(`${value.toString(8).padStart(digits, "0")}\0`, at, "latin1");
    header.write(name, 0);
    octal(mode, 7, 100);
    octal(0, 7, 108); // owner
    octal(0, 7, 116); // group
    octal(data.length, 11, 124);
    octal(epochSeconds, 11, 136);
    header.write("        ", 148); // the checksum is made with blanks in its place
    header.write(name.endsWith("/") ? "5" : "0", 156); // a folder, a file
    header.write("ustar\0" + "00", 257, "latin1");
    header.write("root", 265);
    header.write("root", 297);
    const sum = header.reduce((total, byte) => total + byte, 0);
    header.write(`${sum.toString(8).padStart(6, "0")}\0 `, 148, "latin1");
    parts.push(header, data, new Uint8Array((BLOCK - (data.length % BLOCK)) % BLOCK));
  }
  parts.push(new Uint8Array(2 * BLOCK));
  return Buffer.concat(parts);
}

/** The file of that name in a tar archive. @throws Error if it is not in it. */
export function fileInTar(archive: Uint8Array, wanted: string): Uint8Array {
  const bytes = Buffer.from(archive.buffer, archive.byteOffset, archive.byteLength);
  for (let at = 0; at + BLOCK <= bytes.length && bytes[at] !== 0; ) {
    const name = bytes.toString("utf8", at, at + 100).replace(/\0.*$/s, "");
    const size = Number.parseInt(bytes.toString("latin1", at + 124, at + 136), 8);
    if (name === wanted) return bytes.subarray(at + BLOCK, at + BLOCK + size);
    at += BLOCK + Math.ceil(size / BLOCK) * BLOCK;
  }
  throw new Error(`${wanted} is not in the archive`);
}
