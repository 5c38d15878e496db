/** Words the demos share, and the names of their parameters and groups. */
export const common = {
  "group.processes": "processes",
  "group.memory": "memory",
  "group.time": "time",
  "group.sharing": "sharing",
  "param.messages": "number of small messages",
  "param.size": "bytes in a small message",
  "param.megabytes": "number of large messages, 1 MiB each",
  "param.procs": "number of processes",
  "param.work": "how long each works, ms",
  "param.rounds": "rounds each process does",
  "param.gap": "pause between reading and writing, ms",
  "param.wait": "shortest wait, ms (each other process: as much longer)",
  "param.cpu": "the whole work, ms of one core",
  "param.runs": "how often it is measured",
  "param.mode": "how the processes meet",
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
