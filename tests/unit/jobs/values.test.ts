import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { RECORD_LIMIT, RecordReader } from "../../../src/jobs/input/records.ts";
import { countValues, grouped, readValues, splitSources } from "../../../src/jobs/input/values.ts";
import { decodeText, encodeText } from "../../../src/os/bytes/byte-strings.ts";

let folder = "";
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "lanes-values-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const file = (name: string, content: string | Uint8Array) => {
  const path = join(folder, name);
  writeFileSync(path, content);
  return path;
};
const rows = async (...words: string[]) =>
  (await Array.fromAsync(readValues(splitSources(words).sources, "\n"))).flat().map((row) => row.join(" "));

describe("sources", () => {
  test("combine, the last one changing fastest", async () => {
    expect(await rows(":::", "a", "b", ":::", "1", "2")).toEqual(["a 1", "a 2", "b 1", "b 2"]);
  });

  test("link; the shorter ends both", async () => {
    expect(await rows(":::", "a", "b", "c", ":::+", "x", "y")).toEqual(["a x", "b y"]);
    expect(await rows(":::", "a", "b", ":::+", "x", "y", ":::", "1", "2")).toEqual([
      "a x 1",
      "a x 2",
      "b y 1",
      "b y 2",
    ]);
  });

  test("files are sources like lists", async () => {
    const path = file("two", "1\n2\n");
    expect(await rows("::::", path)).toEqual(["1", "2"]);
    expect(await rows("::::", path, path)).toEqual(["1 1", "1 2", "2 1", "2 2"]);
    expect(await rows(":::", "a", "b", "::::+", path)).toEqual(["a 1", "b 2"]);
  });

  test("an empty list makes no job", async () => {
    expect(await rows(":::")).toEqual([]);
    expect(await rows(":::", "a", ":::")).toEqual([]);
  });

  test("everything before the first is the command", () => {
    expect(splitSources(["echo", "-x", ":::", "-y"]).command).toEqual(["echo", "-x"]);
  });

  test("a file that is not there is a usage error", () => {
    expect(() => readValues(splitSources(["::::", "/nowhere/at/all"]).sources, "\n")).toThrow("/nowhere/at/all");
    expect(() => readValues(splitSources(["::::", folder]).sources, "\n")).toThrow("EISDIR");
    expect(() => splitSources([":::+", "a"])).toThrow(":::+");
    expect(() => splitSources(["::::"])).toThrow("::::");
  });

  test("are counted if they are lists", () => {
    const count = (...words: string[]) => countValues(splitSources(words).sources);
    expect(count(":::", "a", "b", "c", ":::+", "x", "y", ":::", "1", "2")).toBe(4);
    expect(count("::::", "f")).toBeNull();
  });

  test("several values for a job", async () => {
    async function* batches() {
      yield [["a"], ["b"]];
      yield [["c"], ["d"], ["e"]];
    }
    expect((await Array.fromAsync(grouped(batches(), 2))).flat()).toEqual([["a", "b"], ["c", "d"], ["e"]]);
  });
});

describe("records", () => {
  const read = async (content: string | Uint8Array, delimiter: "\n" | "\0" = "\n") => {
    const reader = new RecordReader(file("records", content), delimiter);
    const all: string[] = [];
    for (let some = await reader.next(); some !== null; some = await reader.next()) all.push(...some);
    return all;
  };

  test("blank lines are values, a missing last newline is no matter", async () => {
    expect(await read("a\n\n b \nc")).toEqual(["a", "", " b ", "c"]);
    expect(await read("")).toEqual([]);
    expect(await read("\n")).toEqual([""]);
    expect(await read("a\nb\0c\0", "\0")).toEqual(["a\nb", "c"]);
  });

  test("any bytes, cut into chunks anywhere, come back as they were", async () => {
    const big = fc.array(fc.oneof(fc.uint8Array({ maxLength: 40 }), fc.constant(new Uint8Array(40_000).fill(0xc3))));
    await fc.assert(
      fc.asyncProperty(big, async (parts) => {
        const lines = parts.map((part) => Buffer.from(part.filter((byte) => byte !== 10)));
        const content = Buffer.concat(lines.flatMap((line) => [line, Buffer.of(10)]));
        const back = (await read(content)).map(encodeText);
        expect(back.length).toBe(lines.length);
        expect(back.every((bytes, index) => bytes.equals(lines[index] ?? Buffer.of()))).toBe(true);
      }),
      { numRuns: 30 },
    );
  });

  test("text is well formed exactly if its bytes were", () => {
    fc.assert(
      fc.property(fc.uint8Array({ maxLength: 12 }), (bytes) => {
        const text = decodeText(Buffer.from(bytes));
        expect(encodeText(text)).toEqual(Buffer.from(bytes));
        expect(text.isWellFormed()).toBe(
          text === new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes) && text.isWellFormed(),
        );
      }),
    );
  });

  test("a record that never ends does not fill memory", async () => {
    const records = await read(Buffer.concat([Buffer.alloc(2 * RECORD_LIMIT, 97), Buffer.from("\nnext\n")]));
    expect(records.map((record) => record.length > 100)).toEqual([true, false]);
    expect(records[0]?.length).toBeLessThanOrEqual(RECORD_LIMIT + 1);
    expect(records[0]?.endsWith("\0")).toBe(true);
    expect(records[1]).toBe("next");
  });
});
