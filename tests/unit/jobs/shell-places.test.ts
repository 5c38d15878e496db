/**
 * Where in a text for a shell a placeholder stands, shell by shell. That a value then arrives as itself is tried with the shells that are
 * there (tests/process/shell-places.test.ts); here is which of the places it is, and why there is none.
 */
import { expect, test } from "bun:test";
import fc from "fast-check";
import { dialectOf } from "../../../src/jobs/shell/dialect.ts";
import type { Placeable } from "../../../src/jobs/shell/place.ts";
import { placeAll } from "../../../src/jobs/shell/placed.ts";
import { joined, misleading, showing } from "../../support/shell-texts.ts";

/** What is said of each placeholder of a text, and what the text ends in the middle of. */
function placesIn(text: string, shell = "bash"): string[] {
  const slots: Placeable[] = [];
  const parts = text.split("{}").flatMap((part, at) => {
    if (at === 0) return [part];
    const slot: Placeable = { text: "{}" };
    slots.push(slot);
    return [slot, part];
  });
  const dialect = dialectOf(shell);
  if (dialect === undefined) throw new Error(`no dialect of ${shell}`);
  const unfinished = placeAll(parts, dialect);
  const said = slots.map(({ place }) => {
    if (place === undefined) return "none";
    if (place.kind === "unfit") return `unfit: ${place.why}`;
    const marks = Object.entries(place).flatMap(([key, value]) => {
      if (key === "newline") return value === "itself" ? [] : [`newline ${value}`];
      if (key === "backticks") return value === 0 ? [] : [`backticks ${value}`];
      if (key === "delimiter") return [String(value)];
      return value === true ? [key] : [];
    });
    return [place.kind, ...marks].join(" ");
  });
  return unfinished === null ? said : [...said, `in the middle of ${unfinished}`];
}

test.each([
  // Words and quotes.
  ["echo {}", ["plain"]],
  ["echo '{}' \"{}\" $'{}'", ["single", "double", "ansi"]],
  ["{} x", ["plain startsCommand"]],
  ["echo \\{} \"\\{}\" '\\{}'", ["text", "text", "single"]],
  ['echo $V{} "$V{}" $1{} ${V}{}', ["plain glued", "double glued", "plain glued", "plain"]],
  ["echo {}>out {}2>&1 {}<in", ["plain redirects", "plain redirects", "plain redirects"]],
  ["echo $(cat {}) `cat {}` `cat \\`ls {}\\``", ["plain", "plain backticks 1", "plain backticks 2"]],
  ['echo "$(cat \'{}\')" "`cat \\"{}\\"`"', ["single", "double backticks 1"]],
  ["ls # {} it's\necho {}", ["comment", "plain"]],
  ["x=$(ls # {}\n); a#{}", ["comment nested", "plain"]],
  ["cat <(sort {})", ["plain"]],
  ["fi {}", ["plain startsCommand"]],
  // Here-documents.
  ["cat <<EOF\n{}\nEOF", ["body EOF beginsLine mayDelimit"]],
  ["cat <<-E\n\tx {}\n\tE\necho {}", ["body E stripsTabs", "plain"]],
  ["cat <<EOF\n$(cat {}) `cat {}` $V{}\nEOF", ["plain inBody", "plain backticks 1 inBody", "unfit: glued"]],
  ["cat <<'EOF'\n{}\nEOF", ["unfit: quotedBody"]],
  ["cat <<{}\nx\n", ["unfit: delimiter"]],
  ["cat <<EOF; echo {}\nx\nEOF", ["plain newline ansi"]],
  ["cat <<A <<B\n{}\nA\n{}\nB", ["body A beginsLine mayDelimit", "body B beginsLine mayDelimit"]],
  // Where what is given would be computed, run or taken for syntax.
  ["echo $(({} + 1)) ${V:-{}} ${{}}", ["unfit: arithmetic", "unfit: parameter", "unfit: parameter"]],
  ["(({} > 1)) && echo {}", ["unfit: arithmetic", "plain"]],
  ["[[ {} -eq 1 ]]; [[ {} = a ]]", ["unfit: arithmetic", "plain"]],
  ["eval {}", ["unfit: code"]],
  ["echo ~{} \\~{} a=~{}", ["unfit: tilde", "plain", "unfit: tilde"]],
  ["echo ${}", ["unfit: dollar"]],
  ["case {} in {}) echo {};; esac", ["plain", "plain", "plain"]],
  // What the text ends in the middle of.
  ["echo '{}", ["single", "in the middle of quotes"]],
  ["echo $(cat {}", ["plain", "in the middle of substitution"]],
] as const)("bash: %j", (text, places) => {
  expect(placesIn(text)).toEqual([...places]);
});

test.each([
  ["dash", "echo $'{}'", ["single"]],
  ["sh", "echo $'{}'", ["unfit: ansi"]],
  ["dash", "(({}))", ["plain startsCommand"]],
  ["sh", "[[ {} -eq 1 ]]", ["unfit: arithmetic"]],
  ["dash", "cat <<EOF; echo {}\nx\nEOF", ["plain newline printf"]],
  ["zsh", "echo $V[1] {}", ["unfit: unknown"]],
  ["bash", "echo $V[1] {}", ["plain"]],
  ["zsh", "echo $V:h{}", ["plain"]],
  ["mksh", "echo ${ ls; } {}", ["unfit: unknown"]],
  ["bash", "echo $[1] {}", ["unfit: unknown"]],
  ["dash", "echo $[1] {}", ["plain"]],
  ["bash", "a=(x; y) {}", ["unfit: unknown"]],
] as const)("%s: %j", (shell, text, places) => {
  expect(placesIn(text, shell)).toEqual([...places]);
});

test("a shell is known by its name, whatever folder it is in and whatever version; what is none is not", () => {
  expect(dialectOf("/usr/bin/bash-5.2")).toEqual(dialectOf("bash"));
  expect(dialectOf("ksh93")).toEqual(dialectOf("mksh"));
  expect([dialectOf("fish"), dialectOf("/bin/csh"), dialectOf("python3")]).toEqual([undefined, undefined, undefined]);
});

test("what misleads a careless reader changes no place that comes after it", () => {
  fc.assert(
    fc.property(
      fc.array(fc.constantFrom(...misleading), { maxLength: 3 }),
      fc.constantFrom(...showing),
      (before, piece) => {
        const alone = placesIn(piece.text);
        const after = placesIn(joined([...before, piece]).text);
        const known = after.slice(after.length - alone.length);
        // A refusal is right too, and the only other answer there may be.
        for (const [at, place] of known.entries())
          expect([alone[at] as string, "unfit: unknown", `${alone[at]} startsCommand`]).toContain(place);
      },
    ),
    { numRuns: 2_000 },
  );
});
