/** The jobs of a torture: what they write depends on nothing but their number, and on the number of the try on stderr alone. */
import { writeFileSync } from "node:fs";

/** Numbers divisible by these: jobs that write more than fits into one row; jobs that fail. */
const LARGE = 23;
const FAILING = 17;
export const failing = (n: number): boolean => n % FAILING === 0;

/**
 * On a farm a job notes that it begins (`BATCH N TRY HOST UPTIME`), and takes its time: more of it where it was begun before, so that who
 * was taken for dead may come back meanwhile.
 */
const script = (log: string) => `#!/bin/sh
n=$1
if [ "$LANES_BATCH" ]; then
  read -r up rest </proc/uptime
  echo "$LANES_BATCH $n $LANES_ATTEMPT $LANES_HOST $up" >>'${log}'
  [ $LANES_ATTEMPT$((n % 2)) != 20 ] || sleep 2
  case $((n % 7)) in 0) sleep 0.4 ;; 1 | 2) sleep 0.1 ;; 3) sleep 0.02 ;; esac
fi
echo "job $n begins"
[ $((n % ${LARGE})) -ne 0 ] || head -c 300000 /dev/zero | tr '\\0' x
echo "job $n ends"
echo "err $n \${LANES_ATTEMPT:-0} \${LANES_HOST:-here}" >&2
[ $((n % ${FAILING})) -ne 0 ] || exit 3
`;

/** Writes the script of all jobs. */
export function writeJob(file: string, log: string): void {
  writeFileSync(file, script(log), { mode: 0o755 });
}

/** The output of each job, as an undisturbed run on one machine passes it on. */
export class Reference {
  /** By number, from 1 on. */
  readonly blocks: readonly string[];

  constructor(lanes: string, job: string, most: number) {
    const values = Array.from({ length: most }, (_, at) => String(at + 1));
    const run = Bun.spawnSync([lanes, "run", "-q", "-k", job, ":::", ...values], { stderr: "ignore" });
    this.blocks = ["", ...blocksOf(run.stdout.toString()).map(({ text }) => text)];
    if (this.blocks.length !== most + 1)
      throw new Error(`the undisturbed run has ${this.blocks.length - 1} of ${most}`);
  }
}

/** What one job wrote, as it was passed on. */
interface Block {
  readonly n: number;
  readonly text: string;
}

/** An output, cut where a job begins. What comes before the first is a block of number 0. */
export function blocksOf(output: string): Block[] {
  return output
    .split(/^(?=job \d+ begins$)/m)
    .filter((text) => text !== "")
    .map((text) => ({ n: Number(/^job (\d+) begins\n/.exec(text)?.[1] ?? 0), text }));
}
