/** What `lanes explore` found, in words: why it goes wrong, what a step does, how a run ended. */
import { isMessageKey, message, t } from "../../i18n/index.ts";
import { printable } from "../../os/bytes/printable.ts";
import type {
  ExploredOutcome,
  ExploredStep,
  ExploredWait,
  ExploreResult,
  SmallestOrder,
} from "../../recording/results/explore-result.ts";
import type { Reason } from "../../recording/results/trace-result.ts";
import { waitText } from "./trace-words.ts";

/** Why the smallest order goes wrong: who read what when, who overwrote it. */
export function sentenceOf({ explanation: found, outcome }: SmallestOrder): string {
  switch (found.is) {
    case "deadlock":
      return t("explore.why.deadlock", { waits: locksFirst(found.waits).map(waitOf).join(", ") });
    case "order":
      return t("explore.why.order", {
        lane: found.lane,
        to: found.to,
        step: found.step,
        what: `${callText(found)} ${found.file}`.trim(),
      }).trimEnd();
    case "standard":
      return outcome.end === "timeout" ? t("explore.why.timeout") : t("explore.why.standard");
    default: {
      const { is, ...values } = found;
      return t(`explore.why.${is}`, values);
    }
  }
}

/** Who waits for a lock is what it is about; who waits for its children only waits for these. */
function locksFirst(waits: readonly ExploredWait[]): readonly ExploredWait[] {
  const others = waits.filter(({ why }) => why !== "child");
  return others.length > 0 ? others : waits;
}

/** `P2 waits for P3 (lock A.lock)`. */
function waitOf({ lane, why, on, by }: ExploredWait): string {
  const pid = Number(by.slice(1) || 0);
  const wait = waitText({ why: why as Reason, on, by: pid }, (number) => `P${number}`);
  return t("explore.wait", { lane, wait });
}

/** What a step does, in a few words: `reads`, `empties`, `makes folder`. */
export function callText({ call, how }: { readonly call: string; readonly how?: string }): string {
  const key = `explore.call.${how ?? call}`;
  return isMessageKey(key) ? message(key) : call;
}

/** A step in a cell: `reads data.json {"n": 0}`. */
export function exploredStepText(step: ExploredStep): string {
  const { file, result = 0, data } = step;
  const failed = result < 0 ? ` ${t(result === -2 ? "explore.step.missing" : "explore.step.failed")}` : "";
  const empty = step.call === "read" && result === 0 ? ` ${t("explore.step.empty")}` : "";
  const waits = step.call === "lock" && step.result === undefined ? ` ${t("explore.step.waits")}` : "";
  const what = `${callText(step)} ${printable(file)}${data === undefined ? "" : ` ${data}`}`;
  return `${what.trimEnd()}${failed}${empty}${waits}`;
}

/** `1 file: data.json {"n": 2}`, `exit code 1`, `deadlock`. */
export function outcomeText({ end, exitCode, signal, files, stdout, stderr }: ExploredOutcome): string {
  if (end !== "ended") return t(`explore.end.${end}`);
  const one = (text: string) => printable(text.replace(/\s*\n\s*/g, " / "));
  const parts = [
    ...(signal !== null ? [signal] : exitCode === 0 ? [] : [t("explore.end.code", { code: exitCode ?? 0 })]),
    ...Object.entries(files).map(([name, text]) => fileText(name, text === null ? null : one(text))),
    ...(stdout === "" ? [] : [`“${one(stdout)}”`]),
    ...(stderr === "" ? [] : [one(stderr)]),
  ];
  return parts.length === 0 ? t("explore.end.nothing") : parts.join(" · ");
}

function fileText(name: string, text: string | null): string {
  if (text === null) return t("explore.end.gone", { name });
  return text === "" ? t("explore.end.empty", { name }) : `${name} ${text}`;
}

/** What it all comes to, in one line. */
export function exploreVerdict({ outcomes, stopped, notes, strategy, ok, runs }: ExploreResult): string {
  const n = outcomes.length;
  if (runs === 0) return t("explore.verdict.none");
  if (strategy === "replay") return t("explore.verdict.replay");
  if (notes.unsteady && stopped === "unsteady") return t("explore.verdict.unsteady");
  if (stopped === "oneProcess") return t("explore.verdict.oneProcess");
  const areWrong = outcomes.every(({ right }) => !right);
  if (areWrong && ok) return t("explore.verdict.fails");
  if (areWrong) return t("explore.verdict.allWrong");
  if (ok)
    return t(
      stopped === "nothingShared"
        ? "explore.verdict.nothingShared"
        : n > 1
          ? "explore.verdict.right"
          : "explore.verdict.same",
    );
  return t("explore.verdict.differs", { n });
}

/** What has to be known beside it. */
export function exploreNotes({ notes, stopped }: ExploreResult): string[] {
  return [
    ...(notes.unsteady && stopped !== "unsteady" ? [t("explore.note.unsteady")] : []),
    ...(notes.slept ? [t("explore.note.slept")] : []),
    ...(notes.network ? [t("explore.note.network")] : []),
    ...(notes.mapped.length > 0 ? [t("explore.note.mapped", { files: notes.mapped.join(", ") })] : []),
    ...(notes.unprivileged.length > 0
      ? [t("explore.note.unprivileged", { files: notes.unprivileged.join(", ") })]
      : []),
    ...(notes.unordered ? [t("explore.note.unordered")] : []),
    ...(notes.left > 0 ? [t("explore.note.left", { n: notes.left })] : []),
    ...(notes.outside.length > 0 ? [t("explore.note.outside", { files: notes.outside.join(", ") })] : []),
  ];
}
