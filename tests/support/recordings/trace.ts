/** What must be true of a trace for Perfetto and chrome://tracing to show what was meant. */

interface TraceEvent {
  readonly name: string;
  readonly ph: string;
  readonly pid: number;
  readonly tid: number;
  readonly ts: number;
  readonly dur?: number;
  readonly id?: number;
  readonly bp?: string;
  readonly args?: Record<string, unknown>;
}

export interface Trace {
  readonly traceEvents: readonly TraceEvent[];
}

/** What is wrong with a trace; empty if nothing is. */
export function faultsOf({ traceEvents }: Trace): string[] {
  const faults: string[] = [];
  const threads = Map.groupBy(
    traceEvents.filter(({ ph }) => ph !== "M"),
    ({ pid, tid }) => `${pid}/${tid}`,
  );
  for (const event of traceEvents) {
    if (!["M", "X", "C", "i", "s", "f"].includes(event.ph)) faults.push(`unknown phase ${event.ph}`);
    for (const number of [event.pid, event.tid, event.ts ?? 0, event.dur ?? 0]) {
      if (!Number.isSafeInteger(number) || number < 0) faults.push(`${event.name}: ${number} is no µs or id`);
    }
  }
  for (const [thread, events] of threads) faults.push(...threadFaults(thread, events));
  faults.push(...flowFaults(traceEvents, threads));
  const named = new Set(
    traceEvents.filter(({ ph, name }) => ph === "M" && name === "thread_name").map(({ pid, tid }) => `${pid}/${tid}`),
  );
  for (const [thread, events] of threads) {
    if (events.some(({ ph }) => ph === "X") && !named.has(thread)) faults.push(`${thread} has no name`);
  }
  return faults;
}

/** In the order of time; and each slice within the one that was open when it began. */
function threadFaults(thread: string, events: readonly TraceEvent[]): string[] {
  const faults: string[] = [];
  const open: number[] = [];
  let before = 0;
  for (const { name, ph, ts, dur = 0 } of events) {
    if (ts < before) faults.push(`${thread}: ${name} goes back in time`);
    before = ts;
    if (ph !== "X") continue;
    while (open.length > 0 && open.at(-1)! <= ts) open.pop();
    if (open.length > 0 && ts + dur > open.at(-1)!) faults.push(`${thread}: ${name} at ${ts} sticks out of its slice`);
    open.push(ts + dur);
  }
  return faults;
}

/** Every arrow has one beginning and one end, not before it, both inside a slice. */
function flowFaults(events: readonly TraceEvent[], threads: ReadonlyMap<string, readonly TraceEvent[]>): string[] {
  const faults: string[] = [];
  for (const [id, ends] of Map.groupBy(
    events.filter(({ ph }) => ph === "s" || ph === "f"),
    ({ id }) => id,
  )) {
    const [from, to] = ends;
    if (ends.length !== 2 || from?.ph !== "s" || to?.ph !== "f") {
      faults.push(`arrow ${id} is not a pair`);
      continue;
    }
    if (to.ts < from.ts) faults.push(`arrow ${id} goes back in time`);
    if (to.bp !== "e") faults.push(`arrow ${id} does not end in the slice that is open`);
    for (const { pid, tid, ts } of [from, to]) {
      const slices = threads.get(`${pid}/${tid}`)?.filter((event) => event.ph === "X") ?? [];
      if (!slices.some((slice) => slice.ts <= ts && ts <= slice.ts + (slice.dur ?? 0)))
        faults.push(`arrow ${id} hangs in the air`);
    }
  }
  return faults;
}
