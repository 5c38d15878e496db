import { Process } from "lanes";

let counter = 0; // one line of source; every process has a variable of its own

async function count(name: string, step: number, rounds: number, work: number) {
  for (let round = 0; round < rounds; round++) counter += step;
  await Bun.sleep(work);
  console.log(`${name}: counter is ${counter}`);
}

if (import.meta.main) {
  const [procs, rounds, work] = [3, 1000, 300]; // work: ms
  const children = Array.from({ length: procs }, (_, i) =>
    new Process({ target: count, args: [`P${i + 1}`, i + 1, rounds, work] }).start(),
  );
  for (const child of children) await child.join();
  console.log(`main: counter is ${counter}`);
}
