import { Process } from "lanes";

async function greet(name: string, work: number) {
  console.log(`hello ${name}, I am process ${process.pid}`);
  await Bun.sleep(work);
}

if (import.meta.main) {
  const [procs, work] = [3, 300]; // work: ms
  const children = Array.from({ length: procs }, (_, i) => new Process({ target: greet, args: [`P${i + 1}`, work] }));
  for (const child of children) child.start();
  for (const child of children) await child.join();
  console.log(`main: I am process ${process.pid}`);
}
