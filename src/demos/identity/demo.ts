/**
 * Demo `identity`: three generations, each as it sees itself and as the kernel sees it; then the one in the middle exits,
 * and its children get another parent while one watches.
 */
import { phrase, type Text } from "../../i18n/phrase.ts";
import { ancestorsOf, type KernelView, kernelView } from "../../os/process/process-table.ts";
import { currentProcess, defineTarget, Process } from "../../process/index.ts";
import type { Demo } from "../define.ts";
import { codeOf } from "../source.macro.ts" with { type: "macro" };
import type { Stage } from "../stage.ts";
import { happened, haveEnded } from "../witness.ts";

// show
const grandchild = defineTarget("identity#grandchild", async () => {
  const me = currentProcess();
  const before = me.ppid;
  me.emit({ type: "say", text: `I am ${me.pid}, my parent is ${before}` });
  while (me.ppid === before) await Bun.sleep(2); // until the process in the middle has exited
  me.emit({ type: "adopted", before, after: me.ppid });
  me.emit({ type: "say", text: `I am still ${me.pid}, my parent is ${me.ppid}` });
  me.emit({ type: "wait", on: "message" });
  await me.receive(); // until nobody hears it any more
});

const middle = defineTarget("identity#middle", async (children: number) => {
  const me = currentProcess();
  me.emit({ type: "say", text: `I am ${me.pid}, my parent is ${me.ppid}` });
  for (let i = 1; i <= children; i++) {
    new Process({ target: grandchild, name: `${me.name}.${i}`, orphan: true }).start();
  }
  me.emit({ type: "wait", on: "message" });
  await me.receive(); // its parent says when to go; it goes without joining its children
});

async function play(stage: Stage) {
  const children = stage.number("procs");
  const parent = stage.add(new Process({ target: middle, args: [children], orphan: true, ...stage.lane() })).start();
  await happened(stage, parent, () => stage.recording.of("say").length === 1 + children);
  const family = look(stage);
  await stage.or(Bun.sleep(stage.number("work")), "timer");

  parent.send("go");
  await stage.join([parent]);
  await happened(stage, parent, () => stage.recording.of("say").length === 1 + 2 * children);
  const orphans = look(stage).filter(({ generation }) => generation === 2);
  const adopter = kernelView(orphans[0]?.ppid ?? 0);
  await stage.or(Bun.sleep(stage.number("work")), "timer");
  await parent.stop(); // hangs up: that ends the orphans
  return { parent, family, orphans, adopter };
}
// end

/** A process, as it says itself and as the kernel says at the same time. */
interface FamilyMember {
  readonly lane: string;
  readonly pid: number;
  /** Its parent as the process itself read it last. */
  readonly ppid: number;
  /** Its parent as /proc or ps said it from outside. */
  readonly kernelPpid: number | null;
  readonly generation: number;
}

interface IdentityResult {
  readonly tree: readonly FamilyMember[];
  readonly reparented: {
    readonly pid: number;
    readonly before: number;
    readonly after: number;
    /** The same parent as the kernel said it, and the name of its program. */
    readonly kernelAfter: number | null;
    readonly adopter: string | null;
  };
}

/** Every process that has spoken: its last word on who its parent is, beside the kernel's. */
function look(stage: Stage): FamilyMember[] {
  const words = stage.recording.events().filter(({ lane, type }) => lane === "main" || tellsParent.has(type));
  return [...new Map(words.map((word) => [word.lane, word])).values()]
    .map(({ lane, pid, ppid }) => {
      const generation = lane === "main" ? 0 : lane.split(".").length;
      return { lane, pid, ppid, kernelPpid: kernelView(pid)?.ppid ?? null, generation };
    })
    .toSorted((a, b) => a.lane.localeCompare(b.lane, "en", { numeric: true }));
}

/** What a process says itself, stamped with what it reads of itself; `spawn` and `exit` are its parent's words. */
const tellsParent: ReadonlySet<string> = new Set(["say", "adopted"]);

/** Whom the kernel gave the orphans to, and why that one, in a person's words. */
function adoptedBy(adopter: KernelView | null): Text {
  if (adopter === null) return "?";
  const { name, pid } = adopter;
  if (pid === process.pid) return phrase("demo.identity.adopter.main", { name, pid });
  return phrase(pid === 1 ? "demo.identity.adopter.init" : "demo.identity.adopter.subreaper", { name, pid });
}

export const demo: Demo<IdentityResult> = {
  name: "identity",
  params: [
    { kind: "number", name: "procs", min: 1, max: 32, default: 2 },
    { kind: "number", name: "work", min: 0, max: 10_000, default: 300, unit: "ms" },
  ],
  prediction: { choices: ["dies", "grandparent", "adopted"] },
  code: codeOf("identity"),
  marks: [
    { type: "say", line: "I am ${me.pid}, my parent is ${me.ppid}" },
    { type: "say", generation: 2, after: "adopted", line: "I am still" },
    { type: "say", generation: 2, line: "my parent is ${before}" },
    { type: "adopted", generation: 2, line: 'me.emit({ type: "adopted"' },
    { type: "join", generation: 0, line: "await stage.join(" },
  ],
  command: `lanes run --shell 'echo {}: I am $$, my parent is $PPID' ::: a b c`,
  async play(stage) {
    const { parent, family, orphans, adopter } = await play(stage);
    const [first] = orphans;
    const adoption = stage.recording.of("adopted").find((event) => event.pid === first?.pid);
    const gone = await haveEnded(
      stage,
      orphans.map(({ pid }) => pid),
    );
    // Nobody here can collect an orphan's exit code; that it has ended is known from its wire, and from the kernel.
    for (const { lane, pid, ppid } of gone ? orphans : []) {
      stage.recording.emit({ type: "exit", code: null, signal: null }, { lane, pid, ppid });
    }
    const { pid = 0, before = 0, after = 0 } = adoption ?? {};
    const above = [1, process.pid, ...ancestorsOf(process.pid)];
    const said = (member: FamilyMember) => member.ppid === member.kernelPpid;
    return {
      result: {
        tree: family,
        reparented: { pid, before, after, kernelAfter: first?.kernelPpid ?? null, adopter: adopter?.name ?? null },
      },
      facts: [
        { label: "demo.identity.fact.before", value: `${parent.name} (pid ${before})` },
        { label: "demo.identity.fact.after", value: adoptedBy(adopter) },
      ],
      checks: [
        { label: "demo.identity.check.kernel", ok: family.every(said) && orphans.every(said) },
        { label: "demo.identity.check.chain", ok: family.every((member) => isChildOfAbove(member, family)) },
        {
          label: "demo.identity.check.adopted",
          ok: orphans.length === stage.number("procs") && orphans.every(({ ppid }) => ppid !== parent.pid),
        },
        { label: "demo.identity.check.adopter", ok: orphans.every(({ ppid }) => above.includes(ppid)) },
        { label: "demo.identity.check.gone", ok: gone && parent.exitCode === 0 },
      ],
      pictures: [
        {
          kind: "table",
          columns: [
            "",
            "pid",
            phrase("demo.identity.column.ppid"),
            phrase("demo.identity.column.kernel"),
            phrase("demo.identity.column.later"),
            phrase("demo.identity.column.kernel"),
          ],
          rows: family.map(({ lane, pid, ppid, kernelPpid }) => {
            const orphan = orphans.find((member) => member.pid === pid);
            return [lane, pid, ppid, kernelPpid, orphan?.ppid ?? "", orphan?.kernelPpid ?? ""].map(String);
          }),
        },
      ],
      answer: adoption === undefined ? "dies" : after === process.pid ? "grandparent" : "adopted",
      suggestion: { procs: Math.min(stage.number("procs") * 2, 32) },
    };
  },
};

function isChildOfAbove({ ppid, generation }: FamilyMember, family: readonly FamilyMember[]): boolean {
  return generation === 0 || family.some((member) => member.pid === ppid && member.generation === generation - 1);
}
