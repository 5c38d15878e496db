/** The words of every demo; and those they share, with the names of their parameters and groups. */
import { barrier } from "./barrier/words.en.ts";
import { concurrency } from "./concurrency/words.en.ts";
import { crash } from "./crash/words.en.ts";
import { deadlock } from "./deadlock/words.en.ts";
import { eventDemo } from "./event/words.en.ts";
import { exchangeDemo } from "./exchange/words.en.ts";
import { fence } from "./fence/words.en.ts";
import { forkbomb } from "./forkbomb/words.en.ts";
import { functionDemo } from "./function/words.en.ts";
import { identityDemo } from "./identity/words.en.ts";
import { isolationDemo } from "./isolation/words.en.ts";
import { mutex } from "./mutex/words.en.ts";
import { oversubscribe } from "./oversubscribe/words.en.ts";
import { pool } from "./pool/words.en.ts";
import { queueDemo } from "./queue/words.en.ts";
import { race } from "./race/words.en.ts";
import { semaphore } from "./semaphore/words.en.ts";
import { speedup } from "./speedup/words.en.ts";
import { subclassDemo } from "./subclass/words.en.ts";
import { zombie } from "./zombie/words.en.ts";

export const demos = {
  ...functionDemo,
  ...subclassDemo,
  ...identityDemo,
  ...zombie,
  ...forkbomb,
  ...isolationDemo,
  ...exchangeDemo,
  ...concurrency,
  ...speedup,
  ...oversubscribe,
  ...pool,
  ...race,
  ...mutex,
  ...crash,
  ...deadlock,
  ...fence,
  ...semaphore,
  ...queueDemo,
  ...barrier,
  ...eventDemo,
  "group.processes": "processes",
  "group.memory": "memory",
  "group.time": "time",
  "group.sharing": "sharing",
  "group.coordination": "working together",
  "param.messages": "number of small messages",
  "param.size": "bytes in a small message",
  "param.megabytes": "number of large messages, 1 MiB each",
  "param.range": "{words} ({min}–{max})",
  "param.procs": "number of processes",
  "param.lease": "how long a lease lasts, ms",
  "param.work": "how long each works, ms",
  "param.rounds": "rounds each process does",
  "param.gap": "pause between reading and writing, ms",
  "param.wait": "shortest wait, ms (each other process: as much longer)",
  "param.cpu": "the whole work, ms of one core",
  "param.samples": "how often it is measured",
  "param.mode":
    "how the processes meet: natural as it happens, staged so that nobody writes before all have read (every round loses)",
  "param.lock": "whether each addition is made under a lock",
  "demo.fact.spawn": "from spawn to the child's first line (median)",
  "demo.check.exit": "every process exited with 0",
  "demo.check.parent": "every process names this process as its parent",
  "error.stalled.stopped":
    "{name} (pid {pid}) has been stopped for {seconds} s (SIGSTOP?) and the others wait for it. Everything is ended.",
  "error.stalled.start":
    "{name} (pid {pid}) has not run its first line in {seconds} s. Everything is ended; the system may be out of threads (ulimit -u).",
  "error.dir.busy": "--dir: another demo is using {dir}. Name another folder, or wait.",
  "error.dir.notFolder": "--dir: {dir} is not a folder. Name a folder, or leave it out for a temporary one.",
  "error.data.write": "cannot write {file} ({reason}). Free the disk, or name another folder with --dir.",
  "error.dir.unusable": "--dir: cannot use {dir} ({reason}). Name a folder you may write to.",
} as const;
