/**
 * What `lanes explore` promises, measured: how soon a wrong outcome is found, that none is found where there is a lock, that an
 * order gives the same again, what a run costs.
 *
 *     bun scripts/bench/explore-goals.ts [SHARE]      of each count this share (1); dist/lanes, or whichever LANES_BINARY names
 *
 * Ends with 1 if a goal is missed.
 */
import "../../tests/support/words.ts";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { lanes } from "../../tests/support/lanes.ts";
import { median } from "./measure.ts";

const share = Number(process.argv[2] ?? 1);
const many = (n: number) => Math.max(1, Math.round(n * share));
const folder = mkdtempSync(join(tmpdir(), "lanes-goals-explore-"));
const python = Bun.which("python3", { PATH: "/usr/bin:/bin" }) ?? Bun.which("python3") ?? "python3";

/** The tutorial's program, once each: three processes that add 1 to a number in a file. */
const script = (lock: string) => `
from multiprocessing import Lock, Process
import json
def change(lock):
    ${lock}
        with open("data.json") as file: data = json.load(file)
        data["n"] += 1
        with open("data.json", "w") as file: json.dump(data, file)
if __name__ == "__main__":
    with open("data.json", "w") as file: json.dump({"n": 0}, file)
    lock = Lock()
    all = [Process(target=change, args=(lock,)) for _ in range(3)]
    for one in all: one.start()
    for one in all: one.join()
`;
writeFileSync(join(folder, "nolock.py"), script("if True:"));
writeFileSync(join(folder, "lock.py"), script("with lock:"));
const both = (one: string, other: string) => `flock ${one}.lock sh -c 'sleep 0; flock ${other}.lock true'`;
writeFileSync(join(folder, "deadlock.sh"), `${both("A", "B")} & ${both("B", "A")} & wait\n`);
const create = `w(){ [ -e got.txt ] || { echo $1 >> winners.txt; : > got.txt; }; }
rm -f got.txt winners.txt; w 1 & w 2 & wait
`;
writeFileSync(join(folder, "create.sh"), create);

interface Document {
  readonly ok: boolean;
  readonly runs: number;
  readonly outcomes: readonly {
    readonly count: number;
    readonly end: string;
    readonly right: boolean;
    readonly files: object;
  }[];
  readonly smallest: { readonly order: string } | null;
}

async function explore(...args: string[]): Promise<Document> {
  const child = Bun.spawn([lanes, "explore", "--json", "--timeout", "60s", ...args], {
    cwd: folder,
    stdio: ["ignore", "pipe", "inherit"],
  });
  const text = await new Response(child.stdout).text();
  await child.exited;
  return JSON.parse(text) as Document;
}

let missed = 0;
function goal(what: string, found: string, isMet: boolean): void {
  if (!isMet) missed++;
  console.log(`${isMet ? "ok    " : "MISSED"}  ${what}: ${found}`);
}

/** In how many of so many seeds a wrong outcome is among so many runs. */
async function found(
  seeds: number,
  runs: number,
  wrong: (document: Document) => boolean,
  ...command: string[]
): Promise<number> {
  let count = 0;
  for (let seed = 1; seed <= seeds; seed++)
    if (wrong(await explore("--runs", String(runs), "--seed", String(seed), ...command))) count++;
  return count;
}

const anyWrong = ({ outcomes }: Document) => outcomes.some(({ right }) => !right);
const seeds = many(20);
try {
  const counter = await found(seeds, 5, anyWrong, python, "nolock.py");
  goal("without the lock wrong within 5 runs", `${counter} of ${seeds} seeds`, counter === seeds);

  const locked = await explore("--runs", String(many(500)), python, "lock.py");
  const wrong = locked.runs - (locked.outcomes.find(({ right }) => right)?.count ?? 0);
  goal("with the lock wrong", `${wrong} of ${locked.runs} runs`, wrong === 0 && locked.runs === many(500));

  const stuck = await found(
    seeds,
    20,
    ({ outcomes }) => outcomes.some(({ end }) => end === "deadlock"),
    "sh",
    "deadlock.sh",
  );
  goal("two locks in two orders: deadlock within 20 runs", `${stuck} of ${seeds} seeds`, stuck === seeds);

  const check = ["--check", "[ $(wc -l < winners.txt) = 1 ]"];
  const twice = await found(seeds, 10, anyWrong, ...check, "sh", "create.sh");
  goal("checked, then made: two get in within 10 runs", `${twice} of ${seeds} seeds`, twice === seeds);

  const first = await explore("--runs", "5", python, "nolock.py");
  const order = first.smallest?.order ?? "0";
  const again = new Set<string>();
  for (let n = 0; n < many(50); n++) {
    const { outcomes } = await explore("--replay", order, python, "nolock.py");
    again.add(JSON.stringify(outcomes.map(({ files, end }) => [files, end])));
  }
  goal(
    `order ${order} again, ${many(50)} times`,
    `${again.size} different ${again.size === 1 ? "outcome" : "outcomes"}`,
    again.size === 1,
  );

  // In turns, so that whatever else the machine does hits both alike.
  const times: [plain: number[], explored: number[]] = [[], []];
  const each = 10;
  for (let round = 0; round < many(5); round++) {
    const beganMs = performance.now();
    for (let n = 0; n < each; n++)
      Bun.spawnSync([python, "lock.py"], { cwd: folder, stdio: ["ignore", "ignore", "ignore"] });
    const plainMs = performance.now();
    await explore("--strategy", "random", "--runs", String(each), python, "lock.py");
    times[0].push((plainMs - beganMs) / each);
    times[1].push((performance.now() - plainMs) / each);
  }
  const [plain, explored] = [median(times[0]), median(times[1])];
  const ratio = explored / plain;
  const text = `${explored.toFixed(0)} ms, ${plain.toFixed(0)} ms plain: ${ratio.toFixed(1)} times`;
  goal("a run of three processes of Python at most 5 times plain", text, ratio <= 5);
} finally {
  rmSync(folder, { recursive: true, force: true });
}
process.exit(missed === 0 ? 0 : 1);
