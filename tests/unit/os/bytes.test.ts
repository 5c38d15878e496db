import { expect, test } from "bun:test";
import fc from "fast-check";
import { decodeText, encodeText } from "../../../src/os/bytes/byte-strings.ts";
import { restoreArguments, restoreEnvironment, splitStrings } from "../../../src/os/bytes/bytes.ts";
import { absolutePath, folderPath, joinPath, lastPart } from "../../../src/os/bytes/paths.ts";
import { execWords, readExecWords } from "../../../src/os/exec/exec-words.ts";

/** Bytes as a program may be given them: never a NUL, often not UTF-8. */
const bytes = fc
  .array(
    fc.oneof(
      fc.integer({ min: 1, max: 255 }).map((byte) => Buffer.of(byte)),
      fc.constantFrom("é", "\uFFFD", "😀", "a", "=", "%", "/").map((text) => Buffer.from(text)),
    ),
    { maxLength: 12 },
  )
  .map((parts) => Buffer.concat(parts));
/** What Bun makes of them. */
const read = (block: Buffer) => block.toString("utf8");

test("what was an argument is the same bytes again, whatever stands before the arguments", () => {
  fc.assert(
    fc.property(fc.array(bytes), fc.array(bytes), (before, words) => {
      const block = Buffer.concat([...before, ...words].flatMap((word) => [word, Buffer.of(0)]));
      const restored = restoreArguments(words.map(read), splitStrings(block));
      expect(restored.map(encodeText)).toEqual(words);
    }),
  );
});

test("an argument that is not what the system says stays as it is", () => {
  expect(
    restoreArguments(["a\uFFFD", "b\uFFFD"], [Buffer.from("c\xe9", "latin1"), Buffer.from("b\xe9", "latin1")]),
  ).toEqual(["a\uFFFD", "b\udce9"]);
  expect(restoreArguments(["\uFFFD"], [])).toEqual(["\uFFFD"]);
});

test("variables keep their bytes, and what has been changed since is kept", () => {
  const raw = ["A=\xe9", "N\xe9=1", "N\xe8=2", "B=\xe9", "C=\xe9", "D=plain", "E==x", "F="].map((text) =>
    Buffer.from(text, "latin1"),
  );
  const known = { A: "\uFFFD", "N\uFFFD": undefined, B: "set since", D: "plain", E: "=x", F: "", G: "new" };
  expect(restoreEnvironment(known, raw)).toEqual({
    A: "\udce9",
    "N\udce9": "1",
    "N\udce8": "2",
    B: "set since",
    D: "plain",
    E: "=x",
    F: "",
    G: "new",
  });
});

test("random environments come back whole", () => {
  const name = bytes.filter((each) => each.length > 0 && !each.includes("="));
  fc.assert(
    fc.property(
      fc.uniqueArray(fc.tuple(name, bytes), { selector: ([each]) => read(each).replace(/\uFFFD+/g, "\uFFFD") }),
      (entries) => {
        const known = Object.fromEntries(entries.map(([each, value]) => [read(each), read(value)]));
        const restored = restoreEnvironment(
          known,
          entries.map(([each, value]) => Buffer.concat([each, Buffer.from("="), value])),
        );
        expect(restored).toEqual(
          Object.fromEntries(entries.map(([each, value]) => [decodeText(each), decodeText(value)])),
        );
      },
    ),
  );
});

test("a command in any bytes travels in plain text, however long a word is", () => {
  const word = fc.oneof(
    bytes.map(decodeText),
    fc.tuple(bytes, fc.nat(90_000)).map(([each, n]) => decodeText(each).repeat(1 + (n % 9)) + "😀".repeat(n / 2)),
  );
  fc.assert(
    fc.property(
      word,
      fc.array(word, { maxLength: 4 }),
      fc.array(word, { maxLength: 4 }),
      fc.array(fc.nat(99)),
      (path, argv, variables, descriptors) => {
        const words = execWords({ path, argv, variables, descriptors });
        expect(words.every((each) => each.isWellFormed() && Buffer.byteLength(each) < 128 << 10)).toBe(true);
        expect(readExecWords(words)).toEqual({ path, argv, variables, descriptors });
      },
    ),
    { numRuns: 30 },
  );
  expect(readExecWords(["x"])).toBeUndefined();
  expect(() => execWords({ path: "a\0", argv: [], variables: [], descriptors: [] })).toThrow("NUL");
});

test("paths are put together and taken apart without losing a byte", () => {
  expect(joinPath("/a\udce9", "../b\udcff", "c")).toBe("/b\udcff/c");
  expect(absolutePath("/x/./\udce9//y")).toBe("/x/\udce9/y");
  expect(absolutePath("\udce9").endsWith("/\udce9")).toBe(true);
  expect(lastPart("/é\udce9/ü\udcff")).toBe("ü\udcff");
  expect(folderPath("/é\udce9/ü")).toBe("/é\udce9");
});
