import { Process } from "lanes";

function leave() {
  process.exit(7);
}

function look(pid: number, moment: string) {
  const ps = Bun.spawnSync(["ps", "-o", "stat=", "-p", String(pid)]);
  console.log(`${moment}: ${String(ps.stdout).trim() || "gone"}`);
}

if (import.meta.main) {
  const work = 300; // ms
  const child = new Process({ target: leave }).start();
  const pid = child.pid ?? 0;
  // This process is busy, so it cannot ask how its child has ended: that is what makes a zombie of it.
  while (!String(Bun.spawnSync(["ps", "-o", "stat=", "-p", String(pid)]).stdout).startsWith("Z")) Bun.sleepSync(1);
  look(pid, "after its exit");
  Bun.sleepSync(work);
  process.kill(pid, "SIGKILL");
  Bun.sleepSync(work);
  look(pid, "after kill -9");
  await child.join(); // asks
  look(pid, "after join");
  console.log(`exit code ${child.exitCode}`);
}
