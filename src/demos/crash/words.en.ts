export const crash = {
  "demo.crash.title": "The holder dies",
  "demo.crash.summary": "the process that holds the lock is killed halfway through a write: who frees the lock?",
  "demo.crash.watch": "P1 holds, then is gone; how soon does the next lane hold?",
  "demo.crash.why":
    "The lock file stays behind, and alone it would keep everybody out for ever. But its holder also held a lock of the kernel's on that file, and the kernel frees it when the holder dies; so nobody guesses by a timeout: the next one in line finds it free and the owner in the file's record gone, and takes the file over. data.json is whole because each version is written beside it and renamed into its place.",
  "demo.crash.predict":
    "P1 holds the lock and is killed with SIGKILL halfway through its write; {procs} processes take part in all. The next one gets the lock …",
  "demo.crash.predict.atOnce": "at once",
  "demo.crash.predict.later": "after a timeout",
  "demo.crash.predict.never": "never: the lock file is still there",
  "demo.crash.fact.killed": "killed inside the lock",
  "demo.crash.fact.next": "the next to hold it",
  "demo.crash.fact.recovery": "from the kill until then",
  "demo.crash.fact.count": "count at the end / updates by those who lived",
  "demo.crash.check.killed": "the holder was ended by SIGKILL",
  "demo.crash.check.named": "the lock file named the holder while it held it",
  "demo.crash.check.recovered": "the next one took the lock over from that record",
  "demo.crash.check.oneHolder": "nobody held the lock before the kill but the holder, and never two at once",
  "demo.crash.check.intact": "data.json was whole whenever it was read, and nothing else is missing",
  "demo.crash.check.exit": "every other process exited with 0",
  "demo.crash.column.field": "in the lock file",
  "demo.crash.column.value": "value",
} as const;
