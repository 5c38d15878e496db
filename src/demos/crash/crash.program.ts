import { Event, Lock, Process } from "lanes";

async function hold(lock: Lock, holding: Event) {
  await lock.acquire();
  holding.set();
  await Bun.sleep(3_600_000); // free as soon as this process ends, however it ends
}

async function wait(lock: Lock, begin: number) {
  using held = await lock.hold();
  const ms = (Date.now() - begin).toFixed(0);
  console.log(`process ${process.pid} has the lock ${ms} ms after the kill, from a dead holder: ${held.recovered}`);
}

if (import.meta.main) {
  const [procs, work] = [4, 200]; // work: ms before the kill
  const [lock, holding] = [new Lock(), new Event()];
  const holder = new Process({ target: hold, args: [lock, holding] }).start();
  await holding.wait();
  const begin = Date.now() + work;
  const waiters = Array.from({ length: procs - 1 }, () => new Process({ target: wait, args: [lock, begin] }).start());
  await Bun.sleep(work);
  holder.kill(); // SIGKILL
  for (const waiter of waiters) await waiter.join();
  await holder.join();
  console.log(`process ${holder.pid} ended with ${holder.signal}`);
}
