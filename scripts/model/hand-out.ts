/**
 * The jobs of a farm and their workers without time: whatever takes long, or is late, or stands still, is an interleaving. Anybody
 * may be given up at any moment (which allows more; when it is right to is what contact.ts checks).
 *
 * Longer than most files: it is one protocol, which jobs.ts goes through, and each step is read against all the others.
 */
import type { Next, Protocol } from "./explore.ts";

/** Each leaves out a step. */
export type HandOutMutant =
  | "says-again"
  | "forgets-claims"
  | "no-lock"
  | "one-statement"
  | "revives"
  | "completes-any-attempt"
  | "gives-back-any"
  | "gives-back-by-attempt";

export interface HandOutSetup {
  readonly workers: number;
  readonly jobs: number;
  /** How many workers may be killed, how many living ones be given up, how many results are failures that are tried again. */
  readonly kills: number;
  readonly givenUp: number;
  readonly failures: number;
  /** Whether jobs that are not begun may be given back. */
  readonly givesBack: boolean;
  readonly mutant?: HandOutMutant | undefined;
}

/** Requests of one worker under way at once. */
const MOST_UNDER_WAY = 2;
/** Jobs that one worker has at once. */
const MOST_JOBS = 1;
const NOBODY = -1;

/** A row of the table of jobs. */
interface Row {
  readonly state: "waits" | "runs" | "done";
  readonly attempt: number;
  readonly worker: number;
  readonly claim: number;
  /** Not in the table: the attempts that were begun, a bit each. */
  readonly begun: number;
}
/** A row of the table of workers. */
interface Registered {
  readonly lost: boolean;
  /** The number of its last claim. */
  readonly claimed: number;
}
/** A job in a worker's hands. `back`: given back, and not yet answered. */
interface Held {
  readonly job: number;
  readonly attempt: number;
  readonly claim: number;
  readonly at: "fresh" | "runs" | "ended" | "failed" | "back";
}
interface Process {
  readonly alive: boolean;
  readonly id: number;
  /** The number of its last claim, and whether it still waits for the answer. */
  readonly claim: number;
  readonly asks: boolean;
  readonly holds: readonly Held[];
}
interface Message {
  readonly kind: "claim" | "complete" | "fail" | "back";
  readonly id: number;
  readonly claim: number;
  readonly job: number;
  readonly attempt: number;
  /** Only mutants: it was said to be a repetition; it has looked, and seen a claim of a new number. */
  readonly again: boolean;
  readonly looked: boolean;
}
interface State {
  readonly rows: readonly Row[];
  readonly registered: readonly Registered[];
  readonly processes: readonly Process[];
  readonly messages: readonly Message[];
  readonly kills: number;
  readonly givenUp: number;
  readonly failures: number;
  /** Only a mutant: who is being given up, and the jobs that were seen to be his. */
  readonly goes?: { readonly id: number; readonly jobs: readonly number[] } | undefined;
  readonly flaw: string;
}

const replaced = <T>(all: readonly T[], at: number, one: T): readonly T[] =>
  all.map((old, n) => (n === at ? one : old));

function* after(state: State, setup: HandOutSetup): Generator<Next<State>> {
  const { mutant } = setup;
  const { rows, registered, processes, messages } = state;
  const set = (changed: Partial<State>): State => ({ ...state, ...changed });
  const row = (job: number, changed: Partial<Row>) => replaced(rows, job, { ...(rows[job] as Row), ...changed });
  const worker = (id: number, changed: Partial<Registered>) =>
    replaced(registered, id, { ...(registered[id] as Registered), ...changed });
  const waits = { state: "waits", worker: NOBODY, claim: 0 } as const;

  for (const [p, me] of processes.entries()) {
    if (!me.alive) continue;
    const { id, claim, asks, holds } = me;
    const step = (changed: Partial<Process>, more: Partial<State> = {}): State =>
      set({ processes: replaced(processes, p, { ...me, ...changed }), ...more });
    const sent = (kind: Message["kind"], its: Partial<Message>): readonly Message[] => [
      ...messages,
      { kind, id, claim: 0, job: NOBODY, attempt: 0, again: false, looked: false, ...its },
    ];
    const room = messages.filter((message) => message.id === id).length < MOST_UNDER_WAY;
    if (registered[id]?.lost) {
      const anew = { id: registered.length, claim: 0, asks: false, holds: [] };
      const more = { registered: [...registered, { lost: false, claimed: 0 }] };
      yield [`${id} hears that it is given up, and is ${anew.id} from now on`, step(anew, more), false];
      if (mutant === "revives") yield [`${id} renews`, set({ registered: worker(id, { lost: false }) }), false];
    }
    if (!asks && holds.length < MOST_JOBS && room) {
      const messages = sent("claim", { claim: claim + 1 });
      yield [`${id} claims (${claim + 1})`, step({ asks: true, claim: claim + 1 }, { messages }), false];
    }
    if (asks && room) {
      const n = mutant === "forgets-claims" ? claim + 1 : claim;
      yield [
        `${id} claims again (${n})`,
        step({ claim: n }, { messages: sent("claim", { claim: n, again: true }) }),
        false,
      ];
    }
    for (const [at, held] of holds.entries()) {
      const { job, attempt } = held;
      const what = `job ${job}, attempt ${attempt}`;
      const its = { job, attempt, claim: held.claim };
      const now = (at_: Held["at"]) => ({ holds: replaced(holds, at, { ...held, at: at_ }) });
      if (held.at === "fresh") {
        const bit = 1 << attempt;
        const twice = ((rows[job] as Row).begun & bit) !== 0;
        const more = { rows: row(job, { begun: (rows[job] as Row).begun | bit }) };
        yield [
          `${id} begins ${what}`,
          step(now("runs"), { ...more, flaw: twice ? "an attempt was begun twice" : "" }),
          false,
        ];
        if (setup.givesBack && room)
          yield [`${id} gives back ${what}`, step(now("back"), { messages: sent("back", its) }), false];
      }
      if (held.at === "runs" && room) {
        yield [`${id} completes ${what}`, step(now("ended"), { messages: sent("complete", its) }), false];
        if (state.failures > 0) {
          const more = { messages: sent("fail", its), failures: state.failures - 1 };
          yield [`${id}: ${what} fails, is to be tried again`, step(now("failed"), more), false];
        }
      }
      const kind = ({ ended: "complete", failed: "fail", back: "back" } as const)[held.at as "back"];
      if (kind !== undefined && room)
        yield [`${id} asks to ${kind} ${what} again`, set({ messages: sent(kind, its) }), false];
    }
    if (state.kills > 0) {
      yield [`${id} is killed`, step({ alive: false, asks: false, holds: [] }, { kills: state.kills - 1 }), true];
    }
  }

  for (const [id, { lost }] of registered.entries()) {
    const lives = processes.some((process) => process.alive && process.id === id);
    if (lost || (lives && state.givenUp === 0) || state.goes) continue;
    const givenUp = lives ? state.givenUp - 1 : state.givenUp;
    const its = [...rows.keys()].filter((job) => rows[job]?.state === "runs" && rows[job]?.worker === id);
    if (mutant === "one-statement") {
      yield [`somebody is going to give up ${id}, who has ${its}`, set({ goes: { id, jobs: its }, givenUp }), lives];
      continue;
    }
    const freed = rows.map((row) => (row.state === "runs" && row.worker === id ? { ...row, ...waits } : row));
    yield [`${id} is given up`, set({ registered: worker(id, { lost: true }), rows: freed, givenUp }), lives];
  }
  if (state.goes) {
    const { id, jobs } = state.goes;
    const freed = rows.map((row, job) =>
      jobs.includes(job) && row.state === "runs" && row.worker === id ? { ...row, ...waits } : row,
    );
    const done = { registered: worker(id, { lost: true }), rows: freed, goes: undefined };
    yield [`${id} is given up, and ${jobs} freed`, set(done), false];
  }

  for (const [at, message] of messages.entries()) {
    const { kind, id, claim, job, attempt } = message;
    const rest = messages.filter((_, other) => other !== at);
    yield [`${kind} of ${id} (${claim}) is lost`, set({ messages: rest }), false];
    const its = registered[id] as Registered;
    const p = processes.findIndex((process) => process.alive && process.id === id);
    const me = processes[p];
    /** Carried out; and the answer is heard, or not. */
    function* carried(what: string, changed: Partial<State>, heard?: Partial<Process>): Generator<Next<State>> {
      const next = set({ messages: rest, ...changed });
      const name = `${kind} of ${id} (${claim}) ${what}`;
      yield [`${name}, not heard`, next, false];
      if (me && heard)
        yield [`${name}, heard`, { ...next, processes: replaced(processes, p, { ...me, ...heard }) }, false];
    }
    if (kind === "claim") {
      const fresh = (job: number, attempt: number): Held => ({ job, attempt, claim, at: "fresh" });
      const heard = (got: readonly Held[]) =>
        me?.asks && me.claim === claim ? { asks: false, holds: [...me.holds, ...got] } : undefined;
      if (mutant === "no-lock" && !message.looked && !its.lost && claim > its.claimed) {
        yield [
          `claim of ${id} (${claim}) looks`,
          set({ messages: replaced(messages, at, { ...message, looked: true }) }),
          false,
        ];
        continue;
      }
      if (its.lost && !message.looked) {
        yield* carried("is refused", {});
        continue;
      }
      const known = rows.flatMap((row, job) =>
        row.state === "runs" && row.worker === id && row.claim === claim ? [fresh(job, row.attempt)] : [],
      );
      const picks =
        mutant === "says-again" ? !message.again || known.length === 0 : message.looked || claim > its.claimed;
      const waiting = picks ? [...rows.keys()].filter((job) => rows[job]?.state === "waits") : [];
      const noted = { registered: worker(id, { claimed: Math.max(claim, its.claimed) }) };
      if (waiting.length === 0) yield* carried(`gets ${known.length} that it had`, noted, heard(known));
      for (const job of waiting) {
        const next = (rows[job] as Row).attempt + 1;
        const changed = { ...noted, rows: row(job, { state: "runs", attempt: next, worker: id, claim }) };
        yield* carried(`gets job ${job}, attempt ${next}`, changed, heard([fresh(job, next)]));
      }
      continue;
    }
    const old = rows[job] as Row;
    const held = me?.holds.filter((held) => held.job !== job || held.claim !== claim);
    const heard = held && held.length < (me?.holds.length ?? 0) ? { holds: held } : undefined;
    const same = old.worker === id && old.attempt === attempt;
    if (kind === "back") {
      const allowed =
        old.state === "runs" &&
        (mutant === "gives-back-any"
          ? old.worker === id
          : mutant === "gives-back-by-attempt"
            ? same
            : same && old.claim === claim);
      const changed = allowed ? { rows: row(job, { ...waits, attempt: old.attempt - 1 }) } : {};
      yield* carried(`of job ${job}: ${allowed ? "done" : "refused"}`, changed, heard);
      continue;
    }
    const his = mutant === "completes-any-attempt" ? old.worker === id : same;
    if (his && old.state === "runs") {
      // Whose result it is: that must be the attempt that has the job.
      const flaw = old.claim === claim ? "" : "the result of another attempt is accepted";
      const changed = kind === "fail" ? waits : ({ state: "done", claim } as const);
      yield* carried(`of job ${job}: done`, { rows: row(job, changed), flaw }, heard);
    } else {
      const twice = his && old.state === "done" && kind === "complete" && old.claim !== claim;
      const flaw = twice ? "two results of a job are accepted" : "";
      yield* carried(`of job ${job}: ${his ? "known" : "refused"}`, { flaw }, heard);
    }
  }
}

/** Without the requests that cannot change anything any more, and whose answers nobody waits for. */
function settled(state: State, mutant: HandOutMutant | undefined): State {
  const { rows, registered, processes } = state;
  const messages = state.messages.filter(({ kind, id, claim, job, looked }) => {
    const its = registered[id] as Registered;
    if (mutant === "revives" || looked) return true;
    if (its.lost) return false;
    if (kind !== "claim" && /back|completes/.test(mutant ?? "")) return true;
    const me = processes.find((process) => process.alive && process.id === id);
    if (kind === "claim") return mutant === "says-again" || claim > its.claimed || (me?.asks && me.claim === claim);
    if (me?.holds.some((held) => held.job === job && held.claim === claim)) return true;
    const old = rows[job] as Row;
    return old.state === "runs" && old.worker === id && old.claim === claim;
  });
  return {
    ...state,
    messages,
    registered: registered.map((one) => (one.lost && mutant !== "revives" ? { lost: true, claimed: 0 } : one)),
  };
}

function flawIn({ flaw, rows, processes, registered }: State): string | undefined {
  if (flaw !== "") return flaw;
  for (const { alive, id, holds } of processes) {
    if (!alive || registered[id]?.lost) continue;
    for (const { job, claim, at } of holds) {
      if (at === "back" || at === "failed") continue;
      const { state, worker, claim: its } = rows[job] as Row;
      const own = worker === id && its === claim && (state === "runs" || (state === "done" && at === "ended"));
      if (!own) return "somebody has a job that is not his any more, and is not told";
    }
  }
  return undefined;
}

/** Workers are alike, and so is the order of what is under way. Numbers of claims count only beside each other. */
function keyOf(state: State): string {
  const { rows, goes } = state;
  const one = ({ lost, claimed }: Registered, id: number) => {
    const jobs = [...rows.entries()].filter(([, { worker }]) => worker === id);
    const own = state.messages.filter((message) => message.id === id);
    const me = state.processes.find((process) => process.id === id);
    const numbers = [claimed, ...jobs.map(([, { claim }]) => claim), ...own.map(({ claim }) => claim)];
    if (me) numbers.push(me.claim, ...me.holds.map(({ claim }) => claim));
    const order = [...new Set(numbers)].sort((a, b) => a - b);
    const of = (claim: number) => order.indexOf(claim);
    const messages = own.map(
      ({ kind, claim, job, attempt, again, looked }) => `${kind}${of(claim)}.${job}.${attempt}${again}${looked}`,
    );
    const holds = me?.holds.map(({ job, attempt, claim, at }) => `${job}.${attempt}.${of(claim)}${at}`);
    const has = jobs.map(([job, { claim }]) => `${job}.${of(claim)}`);
    return `${lost}${of(claimed)}/${me?.alive}${me && of(me.claim)}${me?.asks}/${holds}/${messages.sort()}/${has}/${goes?.id === id && goes.jobs}`;
  };
  const table = rows.map(({ state, attempt, begun }) => `${state}${attempt}.${begun}`);
  const budget = `${state.kills}${state.givenUp}${state.failures}${state.flaw}`;
  return `${table} ${budget} ${state.registered.map(one).sort().join(" ")}`;
}

export function handOut(setup: HandOutSetup): Protocol<State> {
  const { workers, jobs, kills, givenUp, failures } = setup;
  const ids = [...Array(workers).keys()];
  return {
    start: () => ({
      rows: Array.from({ length: jobs }, () => ({
        state: "waits",
        attempt: 0,
        worker: NOBODY,
        claim: 0,
        begun: 0,
      })),
      registered: ids.map(() => ({ lost: false, claimed: 0 })),
      processes: ids.map((id) => ({ alive: true, id, claim: 0, asks: false, holds: [] })),
      messages: [],
      kills,
      givenUp,
      failures,
      flaw: "",
    }),
    successors: (state) =>
      [...after(state, setup)].map(([what, next, fault]) => [what, settled(next, setup.mutant), fault]),
    flawIn,
    isOver: ({ rows, processes }) =>
      rows.every(({ state }) => state === "done") || !processes.some(({ alive }) => alive),
    stuck: "a job can never be done",
    keyOf,
  };
}
