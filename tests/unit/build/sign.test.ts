import { expect, test } from "bun:test";
import { signedAdHoc } from "../../../scripts/build/sign.ts";
import { signatureOf } from "../../support/mac/mac-signature.ts";

/** A Mac executable of two segments whose signature is nonsense: what cross-compiling leaves. */
function executable(codeBytes: number, signatureBytes: number): Buffer {
  const commands = 72 + 72 + 16;
  const file = Buffer.alloc(codeBytes + signatureBytes, 0xaa);
  file.fill(0, 0, 32 + commands);
  for (const [index, word] of [0xfeedfacf, 0x01000007, 3, 2, 3, commands, 0, 0].entries())
    file.writeUInt32LE(word, index * 4);
  const segment = (at: number, name: string, offset: number, size: number) => {
    file.writeUInt32LE(0x19, at);
    file.writeUInt32LE(72, at + 4);
    file.write(name, at + 8, "latin1");
    file.writeBigUInt64LE(BigInt(offset), at + 40);
    file.writeBigUInt64LE(BigInt(size), at + 48);
  };
  segment(32, "__TEXT", 0, 8192);
  segment(104, "__LINKEDIT", 8192, codeBytes + signatureBytes - 8192);
  for (const [index, word] of [0x1d, 16, codeBytes, signatureBytes].entries())
    file.writeUInt32LE(word, 176 + index * 4);
  return file;
}

test.each([[8192 + 100], [12_288], [40_001]])("%d bytes: each page is signed, to the last byte of the file", (size) => {
  const signed = signedAdHoc(executable(size, 64), "lanes");
  expect(signatureOf(signed)).toEqual({
    identifier: "lanes",
    adHoc: true,
    hardenedRuntime: false,
    pages: Math.ceil(size / 4096),
    wrongPages: 0,
    signedBytes: size,
    from: size,
    to: signed.length,
  });
  // __LINKEDIT ends with the file: otherwise the signature is not mapped.
  expect(Number(signed.readBigUInt64LE(104 + 40) + signed.readBigUInt64LE(104 + 48))).toBe(signed.length);
  expect(signedAdHoc(signed, "lanes").equals(signed)).toBe(true);
});

test("the checker sees one changed byte, in code and in the header", () => {
  for (const at of [20, 5000]) {
    const signed = signedAdHoc(executable(12_288, 64), "lanes");
    signed[at] = (signed[at] ?? 0) ^ 1;
    expect(signatureOf(signed).wrongPages).toBe(1);
  }
});

test("what is no Mac executable is refused", () => {
  expect(() => signedAdHoc(Buffer.from("\x7fELF".padEnd(100)), "lanes")).toThrow("not a 64-bit Mach-O");
  expect(() => signedAdHoc(Buffer.alloc(3), "lanes")).toThrow("not a 64-bit Mach-O");
});
