/** pg-boss: JOBS no-ops by WORKERS loops that fetch AT_ONCE and complete them. Prints how many a second. */
import { PgBoss } from "pg-boss";

const [url, jobs, workers, atOnce] = [process.argv[2], ...process.argv.slice(3).map(Number)];
const boss = new PgBoss({ connectionString: url, schedule: false, supervise: false });
boss.on("error", (error) => {
  throw error;
});
await boss.start();
const queue = `bench-${process.pid}`;
await boss.createQueue(queue);
for (let from = 0; from < jobs; from += 1000) {
  await boss.insert(
    queue,
    Array.from({ length: Math.min(1000, jobs - from) }, (_, at) => ({ data: { n: from + at } })),
  );
}
const began = performance.now();
let done = 0;
const work = async () => {
  while (done < jobs) {
    const some = await boss.fetch(queue, { batchSize: atOnce });
    if (some.length === 0) continue;
    await boss.complete(
      queue,
      some.map(({ id }) => id),
    );
    done += some.length;
  }
};
await Promise.all(Array.from({ length: workers }, work));
console.log(jobs / ((performance.now() - began) / 1e3));
process.exit(0);
