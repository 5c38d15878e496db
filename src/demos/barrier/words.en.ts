export const barrier = {
  "demo.barrier.title": "Nobody goes on before all are there",
  "demo.barrier.summary":
    "work in phases, first each on its own, then with a barrier after every phase: what keeping in step costs",
  "demo.barrier.keywords": "Barrier phase together rendezvous 屏障 栅栏 同步",
  "demo.barrier.watch": "with the barrier no lane goes on before the slowest has come, and then all do",
  "demo.barrier.why":
    "A barrier lets nobody go on before all have come, so each phase takes as long as its slowest process, and the others wait for it. Left alone, the slow turns even out, as long as no phase needs what another process did in the one before. If it does, there is no way around waiting. The barrier is a file to which everybody appends one line: when it has a line from each, all go on, woken by the kernel. Nobody directs it.",
  "demo.barrier.why.same":
    "A barrier makes everybody wait for the slowest one of each phase. Here that cost next to nothing: with a single phase, or with work that takes all about equally long, there is nothing to wait for.",
  "demo.barrier.predict":
    "{procs} processes work through {rounds} {rounds:phase|phases} of {work} ms; in each phase another one is three times slower. With a barrier after every phase, compared with each going on at its own pace, it takes …",
  "demo.barrier.predict.same": "about as long: everybody has as much to do",
  "demo.barrier.predict.longer": "longer: every phase waits for its slowest",
  "demo.barrier.part.free": "each at its own pace",
  "demo.barrier.part.together": "with a barrier after each phase",
  "demo.barrier.fact.ahead": "the fastest was ahead by phases: without → with",
  "demo.barrier.fact.time": "time without → with the barrier",
  "demo.barrier.fact.waited": "waited at the barrier, all together",
  "demo.barrier.check.nobodyEarly": "nobody went on before the last one had come, in any phase",
  "demo.barrier.check.inStep": "with the barrier nobody was more than the next phase ahead",
  "demo.barrier.check.all": "every process came to the barrier after every phase",
  "demo.barrier.column.phase": "phase",
  "demo.barrier.column.first": "first came, ms",
  "demo.barrier.column.last": "last came, ms",
  "demo.barrier.column.passed": "first went on, ms",
} as const;
