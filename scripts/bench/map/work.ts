/** The functions scripts/bench-map.ts maps. */

export default (line: string) => Number(line) * 2;

export const echo = (line: string) => line;

/** Burns processor time: `loops` thousand rounds of arithmetic. The same work whoever else runs. */
export const burn = (loops: string) => {
  let hash = 0;
  for (let i = Number(loops) * 1000; i > 0; i--) hash = Math.imul(hash ^ i, 16777619);
  return hash;
};

// `bun work.ts burn < lines`: the same in one process, one item after the other; prints the ms it took.
if (import.meta.main && process.argv[2] === "burn") {
  const lines = (await Bun.stdin.text()).trimEnd().split("\n");
  burn("1000"); // the first rounds are slower: the engine has not compiled it yet
  const start = performance.now();
  for (const line of lines) burn(line);
  console.log(performance.now() - start);
}
