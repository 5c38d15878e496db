/** As much of Apple's executable format as a signature needs: a thin 64-bit Mach-O, its segments, where its signature is. */

const MAGIC_64 = 0xfeedfacf;
const LC_SEGMENT_64 = 0x19;
const LC_CODE_SIGNATURE = 0x1d;

export interface Segment {
  /** Where its load command is. */
  readonly command: number;
  readonly fileOffset: number;
  readonly fileSize: number;
}

export interface MachO {
  readonly segments: Readonly<Record<string, Segment>>;
  /** The load command that says where the signature is, and what it says. */
  readonly signature: { readonly command: number; readonly offset: number; readonly size: number };
}

/** @throws Error if it is something else, or has no room for a signature. */
export function readMachO(bytes: Buffer): MachO {
  if (bytes.length < 32 || bytes.readUInt32LE(0) !== MAGIC_64) throw new Error("not a 64-bit Mach-O executable");
  const segments: Record<string, Segment> = {};
  let signature: MachO["signature"] | undefined;
  for (let left = bytes.readUInt32LE(16), at = 32; left > 0; left--, at += bytes.readUInt32LE(at + 4)) {
    const kind = bytes.readUInt32LE(at);
    if (kind === LC_CODE_SIGNATURE)
      signature = { command: at, offset: bytes.readUInt32LE(at + 8), size: bytes.readUInt32LE(at + 12) };
    if (kind === LC_SEGMENT_64) {
      const name = bytes.toString("latin1", at + 8, at + 24).replace(/\0+$/, "");
      segments[name] = {
        command: at,
        fileOffset: Number(bytes.readBigUInt64LE(at + 40)),
        fileSize: Number(bytes.readBigUInt64LE(at + 48)),
      };
    }
  }
  if (signature === undefined) throw new Error("a Mach-O executable without a place for a signature");
  return { segments, signature };
}
