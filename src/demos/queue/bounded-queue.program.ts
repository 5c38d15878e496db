import { Process, Queue } from "lanes";

async function produce(queue: Queue<string>, name: string, items: number, make: number) {
  for (let number = 1; number <= items; number++) {
    await Bun.sleep(make); // make it
    await queue.put(`${name}.${number}`); // waits while the queue is full
  }
}

async function consume(queue: Queue<string>, work: number) {
  const taken: string[] = [];
  for await (const item of queue) {
    await Bun.sleep(work); // use it; the next one is waited for while the queue is empty
    taken.push(item);
  }
  return taken;
}

if (import.meta.main) {
  const [producers, consumers, capacity, items] = [3, 2, 4, 20]; // items: of each producer
  const [make, work] = [5, 15]; // ms an item
  const queue = new Queue<string>(capacity);
  const makers = Array.from({ length: producers }, (_, i) =>
    new Process({ target: produce, args: [queue, `P${i + 1}`, items, make] }).start(),
  );
  const users = Array.from({ length: consumers }, () => new Process({ target: consume, args: [queue, work] }).start());
  for (const child of makers) await child.join();
  queue.close(); // nothing more will come: their loops end when it is empty
  const taken = await Promise.all(users.map((child) => child.result));
  for (const [i, some] of taken.entries()) console.log(`process ${users[i]?.pid} took ${some.length}`);
  const everything = taken.flat();
  console.log(`${everything.length} items, ${new Set(everything).size} different ones`);
  // Kill a process while it puts or takes, and the others go on: no item is lost but the one it had.
}
