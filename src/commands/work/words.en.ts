/** `lanes work`. */
export const work = {
  "command.work": "do the jobs of a farm on this machine",
  "work.description":
    "Takes jobs that `lanes run --on FARM` has handed in, and does them here, until it is told to stop. FARM is a PostgreSQL database:\npostgres://USER@HOST/DB, or a name from ~/.config/lanes/farms. TERM or Ctrl-C: takes no more, finishes; once more: stops its jobs.\nWhoever can write to that database can run commands as you.",
  "work.argument.farm": "the database, or its name in ~/.config/lanes/farms",
  "work.example.work": "until it is told to stop",
  "work.example.empty": "twenty workers under Slurm, each until there was nothing to do for five minutes",
  "work.example.setup": "only make the tables",
  "work.option.wd": "run all jobs in DIR, not in the folder each was handed in from",
  "work.option.name": "what this machine is called",
  "work.option.untilEmpty": "end when there has been nothing to do for so long (at once)",
  "work.option.maxJobs": "end after so many jobs",
  "work.option.only": "take jobs of lanes run, or items of lanes map, only",
  "work.option.nice": "run jobs with this niceness, 0 to 19",
  "work.option.giveUp": "end, with exit code 1, after so long without contact; default: never",
  "work.option.setup": "make the farm's tables, and end",
  "work.option.json": "a JSON summary on stdout at the end",
  "work.noFolder": "--wd: there is no folder {path}",
  "work.setUp": "{farm} is set up",
  "work.begins":
    "working for {farm} as {host}, {slots} {slots:job|jobs} at once; whoever can write to that database can run commands here as {user}",
  "work.ends": "taking no more jobs; {n} {n:is|are} still running (once more to stop them)",
  "work.lost": "{farm} has given this machine up, its jobs are others' now: they are ended here",
  "work.sum": "{n} {n:job|jobs} done, {failed} of them failed",
} as const;
