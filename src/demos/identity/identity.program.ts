import { Event, Process } from "lanes";

async function grandchild(said: Event) {
  console.log(`grandchild: I am ${process.pid}, my parent is ${process.ppid}`);
  said.set();
  await Bun.sleep(3_600_000);
}

async function middle(procs: number, work: number) {
  console.log(`child: I am ${process.pid}, my parent is ${process.ppid}`);
  const pids: (number | undefined)[] = [];
  for (let i = 0; i < procs; i++) {
    const said = new Event();
    pids.push(new Process({ target: grandchild, args: [said], daemon: true }).start().pid);
    await said.wait();
  }
  await Bun.sleep(work);
  return pids; // this process ends, and nobody has joined its children
}

function isThere(pid: number | undefined) {
  try {
    return process.kill(pid ?? 0, 0);
  } catch {
    return false;
  }
}

if (import.meta.main) {
  const [procs, work] = [2, 300]; // work: ms
  console.log(`main: I am ${process.pid}, my parent is ${process.ppid}`);
  const child = new Process({ target: middle, args: [procs, work] }).start();
  for (const pid of await child.result) {
    await child.join();
    while (isThere(pid)) await Bun.sleep(2);
    console.log(`grandchild ${pid} is gone: here nobody outlives its parent, not after kill -9 either`);
  }
}
