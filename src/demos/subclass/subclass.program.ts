import { Process } from "lanes";

class Counter extends Process {
  constructor(
    public count: number,
    private rounds: number,
    private work: number,
  ) {
    super();
  }

  override async run() {
    console.log(`${this.name}: my count is ${this.count}`);
    for (let round = 0; round < this.rounds; round++) this.count += 1;
    await Bun.sleep(this.work);
    console.log(`${this.name}: my count is ${this.count}`);
  }
}

if (import.meta.main) {
  const [procs, rounds, work] = [3, 1000, 300]; // work: ms
  const counters = Array.from({ length: procs }, (_, i) => new Counter(100 * (i + 1), rounds, work).start());
  for (const counter of counters) await counter.join();
  console.log("main: their counts are", counters.map(({ count }) => count).join(", "));
}
