/** `lanes batch`. */
export const batch = {
  "command.batch": "what jobs on a farm are at; collect, cancel or remove them",
  "batch.description":
    "Lists what `lanes run --on FARM` has handed in, and who works on it; or takes the results of what was left (--detach, a lid that was\nclosed, a submitter that was killed). Results wait for seven days.",
  "batch.argument.name": "the batch",
  "batch.example.list": "all batches, and who works",
  "batch.example.attach": "the results that nobody has taken yet, and the rest as it comes",
  "batch.example.cancel": "no more of its jobs are begun, those that run are ended",
  "batch.option.attach": "take the results; the exit code is the run's",
  "batch.option.joblog": "with --attach: add the jobs that ended to this joblog",
  "batch.option.cancel": "begin no more jobs, end those that run",
  "batch.option.remove": "remove it, with all its results",
  "batch.option.json": "one JSON document; with --attach a JSON summary on stderr at the end",
  "batch.noName": "{option} needs the name of a batch",
  "batch.onlyAttach": "{option} is for whoever takes the results: it needs --attach",
  "batch.none": "there is no batch {batch} on {farm}",
  "batch.attended.else":
    "the results of {batch} on {farm} are being taken by another; if he is gone, try again in half a minute",
  "batch.orphan": "the submitter of {batch} was gone before it had read all its values: {n} {n:job is|jobs are} there",
  "batch.cancelled": "cancelled {batch}",
  "batch.removed": "removed {batch}",
  "batch.state.open": "open",
  "batch.state.halted": "halted: no more jobs are begun",
  "batch.state.stopped": "stopped by --halt",
  "batch.state.cancelled": "cancelled",
  "batch.state.done": "done",
  "batch.counts": "{done} done, {failed} failed, {running} running, {waiting} waiting, {untaken} not collected",
  "batch.attended":
    "by {user} on {host} (pid {pid}) since {since}, who is there; on {machines} {machines:machine|machines}",
  "batch.unattended":
    "by {user} on {host} (pid {pid}) since {since}, nobody collects; on {machines} {machines:machine|machines}",
  "batch.noBatch": "no batch",
  "batch.workers": "{n} {n:worker|workers}",
  "batch.worker": "{host}, pid {pid}, {user}: {slots} {slots:slot|slots}, {jobs} {jobs:job|jobs}",
  "batch.map": "{batch} is a map: its results are its submitter's",
} as const;
