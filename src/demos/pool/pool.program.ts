import { Pool, Process } from "lanes";

function square(x: number) {
  return x ** 2;
}

async function timed(way: string, tasks: number, work: () => Promise<unknown>) {
  const begin = performance.now();
  await work();
  console.log(`${way}: ${Math.round(((performance.now() - begin) / tasks) * 1000)} us a task`);
}

async function processEach(tasks: number) {
  for (let x = 0; x < tasks; x++) await new Process({ target: square, args: [x] }).start().join();
}

async function through(pool: Pool, tasks: number, chunkSize: number) {
  const items = Array.from({ length: tasks }, (_, x) => x);
  for await (const result of pool.imap(square, items, { chunkSize })) if (result < 0) throw new Error("wrong");
}

function dies() {
  process.kill(process.pid, "SIGKILL");
}

if (import.meta.main) {
  const [procs, tasks] = [2, 20]; // tasks: with a process each; a warm pool gets many more
  const many = tasks * 500;
  await timed("a process each", tasks, () => processEach(tasks));
  await using pool = new Pool(procs); // warm workers
  await timed("one by one", many, () => through(pool, many, 1));
  await timed("in chunks", many, () => through(pool, many, 1000));
  // Kill one of its workers in the middle, and that call alone is lost: another worker takes its place.
  await pool.apply(dies).catch((error) => console.log(error.message));
  console.log(await pool.map(square, [1, 2, 3]));
}
