/**
 * One batch of a torture, from its submission to its last result, and whether it came out as if nothing had happened. Its results come in
 * pieces: what each submitter (the first one, and whoever goes on after that was killed) has passed on.
 *
 *   undisturbed   the pieces together are the output of the undisturbed run: in order with `-k`
 *   once          no piece has a result twice, and a piece repeats of the one before only what was not yet noted as taken
 *   one try       what was passed on is what the very try has written that the database accepted
 *   joblog        it has a line for each job, of that try's machine, with its exit code
 */
import { closeSync, existsSync, openSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { blocksOf, failing, type Reference } from "./farm-jobs.ts";
import type { Accepted } from "./farm-witness.ts";

export interface BatchPlan {
  readonly name: string;
  readonly jobs: number;
  readonly keepOrder: boolean;
  readonly retries: number;
  /** Its submitter does jobs as well. */
  readonly works: boolean;
}

/** What one submitter has left. */
export interface Piece {
  readonly out: string;
  readonly err: string;
  /** It was killed: its last words may be torn. */
  readonly torn: boolean;
  /** It was told of jobs that are done by a joblog: it begins with what that has not. */
  readonly resumed: ReadonlySet<number> | null;
}

/** Starts a submitter, whose outputs go into files. */
export function submitter(line: readonly string[], dir: string, name: string, env: Record<string, string>) {
  const files = { out: join(dir, `${name}.out`), err: join(dir, `${name}.err`) };
  const [out, err] = [openSync(files.out, "w"), openSync(files.err, "w")];
  const child = Bun.spawn([...line], { stdin: "ignore", stdout: out, stderr: err, cwd: dir, env });
  closeSync(out);
  closeSync(err);
  const read = () => ({ out: readFileSync(files.out, "latin1"), err: readFileSync(files.err, "latin1") });
  return { child, read };
}

interface Line {
  readonly n: number;
  readonly host: string;
  readonly exit: number;
}

/** The lines of a joblog, in their order. */
export function joblogOf(path: string): Line[] {
  const lines = existsSync(path) ? readFileSync(path, "latin1").split("\n").slice(1, -1) : [];
  return lines.map((line) => {
    const [, host = "", , , , , exit = "", , command = ""] = line.split("\t");
    return { n: Number(/(\d+)$/.exec(command)?.[1]), host, exit: Number(exit) };
  });
}

/** What is wrong with the results of a batch; nothing, if all is well. */
export function faultsOf(
  plan: BatchPlan,
  pieces: readonly Piece[],
  { accepted, joblog, reference }: { accepted: readonly Accepted[]; joblog: string; reference: Reference },
): string[] {
  const faults: string[] = [];
  const say = (fault: string) => faults.push(`${plan.name}: ${fault}`);
  const lost = new Set(accepted.flatMap(({ seq, lost }) => (lost ? [seq] : [])));
  const wanted = (n: number) => (lost.has(n) ? "" : (reference.blocks[n] ?? ""));
  const seen = new Map<number, number>();
  let reached = 0;
  for (const [at, piece] of pieces.entries()) {
    const inPiece = new Set<number>();
    const blocks = blocksOf(piece.out);
    for (const [place, { n, text }] of blocks.entries()) {
      const torn = piece.torn && place === blocks.length - 1;
      if (torn && wanted(n) !== text && (n === 0 || wanted(n).startsWith(text))) continue;
      if (wanted(n) !== text) say(`piece ${at} has of job ${n} ${text.length} bytes, not its ${wanted(n).length}`);
      if (inPiece.has(n)) say(`piece ${at} has job ${n} twice`);
      if (!pieces[at - 1]?.torn && seen.has(n)) say(`piece ${at} repeats job ${n}`);
      if (piece.resumed?.has(n)) say(`job ${n} was done once more, though the joblog has it`);
      inPiece.add(n);
      seen.set(n, at);
    }
    if (!plan.keepOrder) continue;
    const order = [...inPiece];
    const first = order[0] ?? reached + 1;
    const skipped = (n: number) => lost.has(n) || (piece.resumed?.has(n) ?? false);
    for (let n = reached + 1; n < first; n += 1) if (!skipped(n)) say(`piece ${at} begins with job ${first}, not ${n}`);
    for (const [place, n] of order.entries()) {
      for (let m = (order[place - 1] ?? n - 1) + 1; m < n; m += 1) if (!skipped(m)) say(`${n} comes before ${m}`);
      if (n <= (order[place - 1] ?? 0)) say(`${n} comes after ${order[place - 1]}`);
    }
    reached = Math.max(reached, order.at(-1) ?? 0);
  }
  const lines = joblogOf(joblog);
  for (let n = 1; n <= plan.jobs; n += 1) {
    if (!seen.has(n) && !lost.has(n)) say(`job ${n} has no result`);
    if (!lines.some((line) => line.n === n)) say(`the joblog lacks job ${n}`);
  }
  for (const { seq, host, told, lost: isLost } of accepted)
    if (!isLost && told !== host) say(`job ${seq} was ${host}'s, and what ${told} told of it was accepted`);
  const perJob = Map.groupBy(accepted, ({ seq }) => seq);
  if (pieces.every(({ resumed }) => resumed === null)) {
    for (let n = 1; n <= plan.jobs; n += 1) {
      const times = perJob.get(n)?.length ?? 0;
      if (times !== 1) say(`the result of job ${n} was accepted ${times} times`);
    }
    for (const { n, host, exit } of lines) {
      const one = perJob.get(n)?.[0];
      if (one !== undefined && !one.lost && one.host !== host)
        say(`job ${n} ran on ${one.host}, its joblog says ${host}`);
      if (!lost.has(n) && exit !== (failing(n) ? 3 : 0)) say(`job ${n} ended with ${exit}`);
    }
    for (const { err } of pieces) {
      for (const [, n, attempt, host] of err.matchAll(/^err (\d+) (\d+) (\S+)\n/gm)) {
        const one = perJob.get(Number(n))?.[0];
        if (one === undefined || one.attempt !== Number(attempt) || one.host !== host)
          say(`of job ${n} was passed on what try ${attempt} on ${host} wrote, not ${one?.attempt} on ${one?.host}`);
      }
    }
  }
  const repeated = lines.length - new Set(lines.map(({ n }) => n)).size;
  if (repeated > 0 && !pieces.some(({ torn }) => torn)) say(`the joblog has ${repeated} jobs twice`);
  return faults;
}
