import { describe, expect, test } from "bun:test";
import { parseDuration, parseJobs, parseLoad, parseSize, parseTimeout } from "../../../src/cli/amounts.ts";
import { haltReached, parseHalt } from "../../../src/jobs/halt.ts";
import { RunningMedian } from "../../../src/jobs/median.ts";
import { folderName } from "../../../src/jobs/output/result-folders.ts";
import { encodeText } from "../../../src/os/bytes/byte-strings.ts";

describe("amounts", () => {
  const cores = () => 4;
  test("jobs at once", () => {
    const jobs = (value: string) => parseJobs("jobs", value, cores);
    expect(["3", "50%", "87.5%", "200%", "1%", "+2", "-1", "-9", "0"].map(jobs)).toEqual([
      3, 2, 3, 8, 1, 6, 3, 1, 100_000,
    ]);
    for (const bad of ["", "abc", "1.5", "0%", "+5%", "1e3", " 2", "1.%", "100001", "--1"])
      expect(() => jobs(bad)).toThrow("--jobs");
  });

  test("durations", () => {
    const duration = (value: string) => parseDuration("delay", value);
    expect(["0", "1.5", ".5", "10s", "10sec", "500ms", "2m", "2min", "1h30m", "1h30min", "1d"].map(duration)).toEqual([
      0, 1500, 500, 10_000, 10_000, 500, 120_000, 120_000, 5_400_000, 5_400_000, 86_400_000,
    ]);
    for (const bad of ["", "-1", "1x", "s", "1 s", "1e3"]) expect(() => duration(bad)).toThrow("--delay");
    expect(parseTimeout("timeout", "150%")).toEqual({ share: 1.5 });
    expect(parseTimeout("timeout", "2")).toEqual({ ms: 2000 });
    expect(parseTimeout("timeout", "0")).toBeNull();
    for (const bad of ["0%", "-5%", "%", ""]) expect(() => parseTimeout("timeout", bad)).toThrow("--timeout");
  });

  test("sizes and loads", () => {
    expect(["10", "1k", "1K", "2M", "1.5G"].map((value) => parseSize("memfree", value))).toEqual([
      10, 1000, 1024, 2_097_152, 1_610_612_736,
    ]);
    expect(["1GB", "1GiB", "1kB", "10B"].map((value) => parseSize("memfree", value))).toEqual([1e9, 2 ** 30, 1000, 10]);
    expect(parseSize("memfree", "12.5%", () => 800)).toBe(100);
    for (const bad of ["10%", "1iB", "1Gi"]) expect(() => parseSize("max-rss", bad)).toThrow("--max-rss");
    expect(() => parseSize("memfree", "101%", () => 800)).toThrow("--memfree");
    expect(() => parseSize("memfree", "10X")).toThrow("--memfree");
    expect(["1.5", "50%"].map((value) => parseLoad("load", value, cores))).toEqual([1.5, 2]);
    expect(() => parseLoad("load", "0", cores)).toThrow("--load");
  });
});

describe("halt", () => {
  test("GNU parallel's forms", () => {
    expect(parseHalt("0")).toEqual(parseHalt("never"));
    expect(parseHalt("now")).toEqual({ when: "now", what: "fail", limit: { count: 1 } });
    expect(parseHalt("2")).toEqual({ when: "now", what: "fail", limit: { count: 1 } });
    expect(parseHalt("-1")).toEqual({ when: "soon", what: "success", limit: { count: 1 } });
    expect(parseHalt("soon,fail=30%")).toEqual({ when: "soon", what: "fail", limit: { share: 0.3 } });
    expect(parseHalt("now,done=2")).toEqual({ when: "now", what: "done", limit: { count: 2 } });
    for (const bad of ["", "later", "now,fail", "now,fail=0", "soon,fail=101%", "now,skip=1", "3"])
      expect(() => parseHalt(bad)).toThrow("--halt");
  });

  test("is reached when enough has happened", () => {
    const reached = (form: string, last: "failed" | "succeeded", failed: number, succeeded: number, total = 10) => {
      return haltReached(parseHalt(form), last, { failed, ok: succeeded }, total);
    };
    expect(reached("never", "failed", 9, 1)).toBe(false);
    expect(reached("now,fail=2", "failed", 1, 5)).toBe(false);
    expect(reached("now,fail=2", "failed", 2, 5)).toBe(true);
    expect(reached("now,fail=2", "succeeded", 2, 5)).toBe(false);
    expect(reached("now,fail=20%", "failed", 2, 0)).toBe(true);
    expect(reached("now,success=1", "succeeded", 9, 1)).toBe(true);
    expect(reached("soon,done=3", "failed", 1, 2)).toBe(true);
  });
});

test("the median is a middle one, however many there were", () => {
  const median = new RunningMedian();
  expect(median.value).toBeUndefined();
  for (let index = 0; index < 20_000; index += 1) median.add((index * 7919) % 20_000);
  expect(median.count).toBe(20_000);
  expect(Math.abs((median.value ?? 0) - 10_000)).toBeLessThan(3_000);
});

test("a value is one folder's name, and another value another's", () => {
  const odd = [
    "",
    ".",
    "..",
    "../../etc",
    "/",
    "a/b",
    "a\\_b",
    "\\.",
    "a\tb",
    "a\nb",
    "x\udcff",
    "\udcff".repeat(300),
    `${"\udcff".repeat(299)}e`,
    "x\\xff",
    "é".repeat(300),
    `${"é".repeat(299)}e`,
  ];
  const names = odd.map(folderName);
  expect(new Set(names).size).toBe(odd.length);
  for (const name of names) {
    expect(name).not.toMatch(/[/\0\n]|^\.{0,2}$/);
    expect(encodeText(name).length).toBeLessThanOrEqual(255);
  }
  expect(folderName("a/b")).toBe("a\\_b"); // as GNU parallel
  expect(folderName("x\udcff")).toBe("x\udcff");
});
