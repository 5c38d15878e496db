import { Database } from "bun:sqlite";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Event, Process } from "lanes";

const TAKE = "UPDATE lease SET fence = fence + 1, until = ? WHERE until <= ? RETURNING fence";
const RENEW = "UPDATE lease SET until = ? WHERE fence = ?"; // unless another has got it since
const WRITE = "UPDATE count SET value = ?";
const WRITE_COMPARED = "UPDATE count SET value = ?, fence = ?2 WHERE fence <= ?2";

async function addOne(path: string, lease: number, work: number, compared: boolean, asked: Event, mayWrite: Event) {
  using database = new Database(path);
  database.run("PRAGMA busy_timeout = 60000");
  for (let written = false; !written; ) {
    const taken = database.query(TAKE).get(Date.now() + lease, Date.now()) as { fence: number } | null;
    if (taken === null) {
      await Bun.sleep(10);
      continue;
    }
    const { fence } = taken; // greater than that of everybody before
    const { value } = database.query("SELECT value FROM count").get() as { value: number };
    await Bun.sleep(work);
    if (database.run(RENEW, [Date.now() + lease, fence]).changes === 0) continue;
    asked.set(); // the lease is mine …
    await mayWrite.wait(); // … and here the first one is stopped
    const done = compared ? database.run(WRITE_COMPARED, [value + 1, fence]) : database.run(WRITE, [value + 1]);
    written = done.changes > 0;
    console.log(`process ${process.pid}, number ${fence}: ${written ? "wrote" : "was refused"} ${value + 1}`);
    database.run("UPDATE lease SET until = 0 WHERE fence = ?", [fence]);
  }
}

if (import.meta.main) {
  const [lease, work] = [500, 150]; // ms
  const folder = mkdtempSync(join(tmpdir(), "fence-"));
  for (const compared of [false, true]) {
    const path = join(folder, `${compared}.db`);
    using database = new Database(path);
    database.run("CREATE TABLE lease AS SELECT 0 AS fence, 0 AS until");
    database.run("CREATE TABLE count AS SELECT 0 AS fence, 0 AS value");
    const [asked, mayWrite] = [new Event(), new Event()];
    const child = () => new Process({ target: addOne, args: [path, lease, work, compared, asked, mayWrite] });
    const first = child().start();
    await asked.wait();
    process.kill(first.pid ?? 0, "SIGSTOP");
    mayWrite.set(); // it hears this when it goes on
    await child().start().join();
    process.kill(first.pid ?? 0, "SIGCONT");
    await first.join();
    const { value } = database.query("SELECT value FROM count").get() as { value: number };
    console.log(`${compared ? "with its number" : "a lease alone"}: 2 additions, the count is ${value}`);
  }
  rmSync(folder, { recursive: true });
}
