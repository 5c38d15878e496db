/** Goes through all that a protocol of processes can do, every interleaving, and looks for a state that must not be. */

/** `byFault`: needs a death, or somebody who gives up. */
export type Next<S> = readonly [what: string, state: S, byFault: boolean];

export interface Protocol<S> {
  start(): S;
  /** Everything that can happen next. */
  successors(state: S): Next<S>[];
  /** What is wrong in it. */
  flawIn(state: S): string | undefined;
  /** Everybody has what they wanted, or cannot have it for a good reason. */
  isOver(state: S): boolean;
  /** What it means if that cannot be reached any more. */
  readonly stuck: string;
  /** The same for the same states, and for no others. */
  keyOf(state: S): string;
}

export interface Verdict {
  readonly states: number;
  readonly flaw?: { readonly what: string; readonly trace: readonly string[] };
}

/** Explores everything, breadth first: a trace that is found is a shortest one. From every state it has to be possible to come to an end. */
export function explore<S>(model: Protocol<S>): Verdict {
  const states: S[] = [];
  const numbers = new Map<string, number>();
  const cameFrom: (readonly [number, string] | undefined)[] = [];
  /** By steps that need neither a death nor somebody who gives up. */
  const comesFrom: number[][] = [];
  const numberOf = (state: S, from?: readonly [number, string]) => {
    const key = model.keyOf(state);
    const known = numbers.get(key);
    if (known !== undefined) return known;
    numbers.set(key, states.length);
    cameFrom.push(from);
    comesFrom.push([]);
    return states.push(state) - 1;
  };
  const traceTo = (number: number): string[] => {
    const from = cameFrom[number];
    return from === undefined ? [] : [...traceTo(from[0]), from[1]];
  };
  numberOf(model.start());
  for (let number = 0; number < states.length; number++) {
    const state = states[number]!;
    const wrong = model.flawIn(state);
    if (wrong !== undefined) return { states: states.length, flaw: { what: wrong, trace: traceTo(number) } };
    for (const [what, reached, byFault] of model.successors(state)) {
      const known = numberOf(reached, [number, what]);
      if (!byFault) comesFrom[known]!.push(number);
    }
  }
  const good = states.map((state) => model.isOver(state));
  const queue = [...good.keys()].filter((number) => good[number]);
  for (let number = queue.pop(); number !== undefined; number = queue.pop()) {
    for (const before of comesFrom[number]!) {
      if (good[before]) continue;
      good[before] = true;
      queue.push(before);
    }
  }
  const stuck = good.indexOf(false);
  if (stuck < 0) return { states: states.length };
  return { states: states.length, flaw: { what: model.stuck, trace: traceTo(stuck) } };
}

/** Checks one and says what came of it, with the way to a flaw that should not be. @returns whether it is as it should be. */
export function check<S>(name: string, model: Protocol<S>, isMutant: boolean): boolean {
  const started = performance.now();
  const { states, flaw } = explore(model);
  const seconds = ((performance.now() - started) / 1e3).toFixed(1);
  console.log(`${name}: ${flaw ? `FLAW, ${flaw.what}` : "safe"} (${states} states, ${seconds} s)`);
  if (flaw && !isMutant) console.log(flaw.trace.map((line, index) => `  ${index + 1}. ${line}`).join("\n"));
  return (flaw !== undefined) === isMutant;
}
