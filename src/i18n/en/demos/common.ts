/** Words the demos share, and the names of their parameters and groups. */
export const common = {
  "group.processes": "processes",
  "group.memory": "memory",
  "group.time": "time",
  "group.sharing": "sharing",
  "param.procs": "number of processes",
  "param.work": "how long each works, ms",
  "param.rounds": "rounds each process does",
  "param.gap": "pause between reading and writing, ms",
  "param.wait": "shortest wait, ms (each other process: as much longer)",
  "param.cpu": "the whole work, ms of one core",
  "param.runs": "how often it is measured",
  "demo.fact.spawn": "from spawn to the child's first line (median)",
  "demo.check.exit": "every process exited with 0",
  "demo.check.parent": "every process names this process as its parent",
  "error.dir.notFolder": "--dir: {dir} is not a folder. Name a folder, or leave it out for a temporary one.",
  "error.dir.unusable": "--dir: cannot use {dir} ({reason}). Name a folder you may write to.",
} as const;
