import { Barrier, Event, Process } from "lanes";

interface Times {
  readonly rounds: number;
  readonly delay: number;
  readonly work: number;
  readonly begin: number;
}

async function waitFor(event: Event, meet: Barrier, isLate: boolean, { rounds, delay, work, begin }: Times) {
  for (let round = 0; round < rounds; round++) {
    await meet.wait();
    if (isLate) await Bun.sleep(2 * delay);
    await event.wait(); // asleep until it is set; at once if it is
    const how = isLate ? "came late, and did not wait" : "went on";
    console.log(`process ${process.pid} ${how} ${Date.now() - begin} ms after the beginning`);
    await Bun.sleep(work);
    await meet.wait();
  }
}

if (import.meta.main) {
  const [procs, rounds, delay, work] = [5, 3, 200, 60]; // delay, work: ms
  const [event, meet] = [new Event(), new Barrier(procs)];
  const times = { rounds, delay, work, begin: Date.now() };
  const children = Array.from({ length: procs - 1 }, (_, i) =>
    new Process({ target: waitFor, args: [event, meet, i === 0, times] }).start(),
  );
  for (let round = 0; round < rounds; round++) {
    await meet.wait();
    await Bun.sleep(delay);
    console.log(`the signal, ${Date.now() - times.begin} ms after the beginning`);
    event.set(); // one signals, all go on
    await meet.wait();
    event.clear(); // from now on one has to wait again
  }
  for (const child of children) await child.join();
}
