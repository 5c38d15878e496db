import { expect, test } from "bun:test";
import fc from "fast-check";
import { changedBy } from "../../../src/commands/demo/change.ts";
import { parserOf } from "../../../src/commands/demo/parameter.ts";
import type { Params } from "../../../src/demos/define.ts";
import { demo } from "../../../src/demos/race/demo.ts";
import { ExitCode, LanesError } from "../../../src/errors.ts";

const params: Params = { procs: 4, rounds: 100, gap: 2, mode: "natural", lock: "off" };

function mistake(vs: string): string {
  try {
    changedBy(vs, demo, params);
  } catch (error) {
    expect(error).toBeInstanceOf(LanesError);
    expect((error as LanesError).exitCode).toBe(ExitCode.usage);
    expect((error as LanesError).message).not.toContain("\n");
    return (error as LanesError).message;
  }
  return "";
}

test("one thing, or several, is changed; the rest stays", () => {
  expect(changedBy("lock=on", demo, params)).toEqual({ ...params, lock: "on" });
  expect(changedBy("procs=8,gap=0", demo, params)).toEqual({ ...params, procs: 8, gap: 0 });
});

test.each([
  ["", "--vs: '' is not valid, expected PARAM=VALUE; race has: procs, rounds, gap, mode, lock"],
  ["x", "--vs: 'x' is not valid"],
  ["=on", "--vs: '=on' is not valid"],
  ["lock=on,", "--vs: '' is not valid"],
  ["lock=", "--vs lock: '' is not valid, expected off | on"],
  ["lock=maybe", "--vs lock: 'maybe' is not valid, expected off | on"],
  ["lock=on=off", "--vs lock: 'on=off' is not valid"],
  ["lok=on", "unknown parameter 'lok'; did you mean 'lock'?"],
  ["runs=3", "unknown parameter 'runs'"],
  ["procs=0", "--vs procs: '0' is not valid, expected a whole number from 1 to 64"],
  ["procs=1e9", "--vs procs: '1e9' is not valid"],
  ["lock=off", "--vs: lock is off already; nothing would differ"],
  ["procs=04", "--vs: procs is 4 already"],
  ["lock=on,procs=4", "--vs: procs is 4 already"],
  ["lock=on,lock=on", "--vs: lock is given twice"],
])("--vs %p is refused: %s", (vs, said) => {
  expect(mistake(vs)).toContain(said);
});

test("a value is valid exactly if the parameter's own option takes it", () => {
  const accepted = (parse: () => unknown) => {
    try {
      return [parse()];
    } catch {
      return [];
    }
  };
  const value = fc.oneof(
    fc.integer({ min: -2, max: 12_000 }).map(String),
    fc.string(),
    fc.constantFrom("on", "staged"),
  );
  const names = demo.params.map(({ name }) => name);
  fc.assert(
    fc.property(fc.constantFrom(...names), value, (name, text) => {
      fc.pre(!text.includes(","));
      const param = demo.params.find((candidate) => candidate.name === name)!;
      const byOption = accepted(() => parserOf(param)(text)).filter((one) => one !== params[name]);
      expect(accepted(() => changedBy(`${name}=${text}`, demo, params)[name])).toEqual(byOption);
    }),
  );
});
