export const semaphore = {
  "param.slots": "how many may be in at once",
  "demo.semaphore.title": "So many at a time",
  "demo.semaphore.summary": "more processes than slots: as many as there are slots are in at once, never more",
  "demo.semaphore.keywords": "Semaphore limit slots 信号量 名额 限流 锁",
  "demo.semaphore.watch":
    "no column has more than {slots} {slots:holder|holders}; when one leaves, one of those that wait goes in",
  "demo.semaphore.why":
    "Each slot is a lock file of its own, so there is nothing to count: whoever has one is in, and a process that dies gives its slot back like any lock. Who has to wait lines up; the first in line sleeps at all the slots at once and takes the one that comes free first. That is what one wants where a thing can take a few users, but not all: connections to a database, memory for so many big jobs. It does not protect data from those who are in together: for that there is the mutex, a semaphore with one slot.",
  "demo.semaphore.predict":
    "{procs} processes go in {rounds} {rounds:time|times} each and stay for {work} ms; there {slots:is|are} {slots} {slots:slot|slots}. From the first entry to the last exit it takes about as long as if …",
  "demo.semaphore.predict.one": "one were in at a time",
  "demo.semaphore.predict.slots": "{slots} were in all the time",
  "demo.semaphore.predict.all": "all were in together",
  "demo.semaphore.part": "from the first entry to the last exit",
  "demo.semaphore.fact.most": "most in at any moment / slots",
  "demo.semaphore.fact.mean": "in on average",
  "demo.semaphore.fact.elapsed": "from the first entry to the last exit (all stays)",
  "demo.semaphore.fact.perSlot": "how often each slot was taken",
  "demo.semaphore.fact.longestWait": "longest wait for a slot",
  "demo.semaphore.check.most": "never more were in than there are slots",
  "demo.semaphore.check.oneEach": "no slot had two owners at any moment",
  "demo.semaphore.check.all": "every process got in as often as it asked",
  "demo.semaphore.column.process": "process",
  "demo.semaphore.column.stays": "times in",
  "demo.semaphore.column.held": "in, ms",
  "demo.semaphore.column.waited": "waited, ms",
  "demo.semaphore.column.longest": "longest wait, ms",
} as const;
