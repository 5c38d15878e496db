/** The command line of a model: the protocol in every world (must be safe), then its mutants (must be found); or one of these. */
import { parseArgs } from "node:util";

interface Model<World extends string, Mutant extends string> {
  readonly usage: string;
  readonly worlds: readonly World[];
  /** Each with the world it must be found out in. */
  readonly mutants: Readonly<Record<Mutant, World>>;
  /** How many of something, if that can be chosen: from the first to the last; the first if it is not. */
  readonly count?: { readonly option: string; readonly from: number; readonly to: number };
  /** @returns whether it is as it should be. */
  check(name: string, world: World, mutant: Mutant | undefined, count: number): boolean;
}

/** @returns the exit code: 1 if the protocol is not safe, or a mutant is. */
export function run<World extends string, Mutant extends string>(model: Model<World, Mutant>): number {
  const { usage, worlds, count } = model;
  const mutants = Object.keys(model.mutants) as Mutant[];
  const { values } = parseArgs({
    options: {
      world: { type: "string" },
      mutant: { type: "string" },
      help: { type: "boolean", short: "h" },
      ...(count && { [count.option]: { type: "string" as const } }),
    },
  });
  const world = worlds.find((name) => name === values.world);
  const mutant = mutants.find((name) => name === values.mutant);
  const given = count ? Number((values as Record<string, unknown>)[count.option] ?? count.from) : 0;
  const unknown = (values.world !== undefined && !world) || (values.mutant !== undefined && !mutant);
  if (values.help || unknown || (count && !(given >= count.from && given <= count.to))) {
    console.log(usage);
    return values.help ? 0 : 2;
  }
  const protocol = mutant === undefined ? (world === undefined ? worlds : [world]).map((each) => [each] as const) : [];
  const chosen = mutant === undefined ? (world === undefined ? mutants : []) : [mutant];
  const all = [...protocol, ...chosen.map((each) => [world ?? model.mutants[each], each] as const)];
  const results = all.map(([its, each]) => model.check(each ? `${its}, ${each}` : its, its, each, given));
  return results.includes(false) ? 1 : 0;
}
