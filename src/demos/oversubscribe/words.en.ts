export const oversubscribe = {
  "demo.oversubscribe.title": "More processes than cores",
  "demo.oversubscribe.summary": "the same work split among 1, 2, … and up to eight times as many processes as cores",
  "demo.oversubscribe.keywords": "core cpu context switch scheduler preempt 调度 抢占 上下文切换 核",
  "demo.oversubscribe.watch":
    "the same work again and again, by more and more lanes at once: are they through sooner, and how far apart?",
  "demo.oversubscribe.why":
    "Cores are what computes. With more processes than cores the kernel lets them take turns, some milliseconds each; a change costs microseconds, so the whole takes about as long. But each process has only a part of a core, so those that began together do not end together, and each one takes memory. For computing, as many processes as cores are enough; more of them pay where they wait (for a disk, the network, a timer).",
  "demo.oversubscribe.why.later":
    "Cores are what computes: with more processes than that, they take turns. Here that cost noticeably more time than usual. Each change of turns costs, memory caches are shared by more, and the last processes may run with some cores idle already because work that is cut small does not come out even.",
  "demo.oversubscribe.why.sooner":
    "Cores are what computes: more processes than that should gain nothing. Here they did, which means that one process for each core had not used them up: something else took its turns there too, or the machine has more to give than it says. With more processes one has a larger share among all that want a core.",
  "demo.oversubscribe.predict":
    "The same computation, split once among as many processes as there are cores, and once among {procs}. When is it done with {procs}?",
  "demo.oversubscribe.predict.sooner": "sooner",
  "demo.oversubscribe.predict.same": "at about the same time (within a tenth)",
  "demo.oversubscribe.predict.later": "later",
  "demo.oversubscribe.axis.throughput": "throughput, 1 process = 1",
  "demo.oversubscribe.fact.full": "a process for each core",
  "demo.oversubscribe.fact.most": "most processes: time (by the one above)",
  "demo.oversubscribe.fact.switches": "cores taken away (involuntary switches)",
  "demo.oversubscribe.fact.slowest": "the slowest had done, when the first was through",
  "demo.oversubscribe.fact.memory": "memory of all of them",
  "demo.oversubscribe.check.atOnce": "more processes than cores were in the middle of their work at once",
  "demo.oversubscribe.check.possible": "no more CPU time was used than the cores could give",
  "demo.oversubscribe.column.involuntary": "taken away",
  "demo.oversubscribe.column.voluntary": "given back",
  "demo.oversubscribe.column.slowest": "slowest at",
  "demo.oversubscribe.column.memory": "MB",
} as const;
