import type { barrier as english } from "./words.en.ts";

export const barrier: Record<keyof typeof english, string> = {
  "demo.barrier.title": "到齐了再走：屏障",
  "demo.barrier.summary": "分阶段工作，先各走各的，再在每个阶段之后设一道屏障：步调一致的代价是多少",
  "demo.barrier.keywords": "Barrier phase together rendezvous 屏障 栅栏 同步",
  "demo.barrier.watch": "有屏障时，最慢的到达之前谁也不继续，它一到就一起继续",
  "demo.barrier.why":
    "屏障要等所有进程到齐才放行，所以每个阶段的用时取决于最慢的进程，其他进程都得等它。各走各的时候，轮流变慢会互相抵消——前提是后一个阶段用不到别的进程在前一个阶段的结果；用得到，就非等不可。屏障是一个文件，每个到达的进程往里追加一行：行数够了，大家就由内核唤醒，一起继续，没有谁在指挥。",
  "demo.barrier.why.same":
    "屏障让所有进程等待每个阶段里最慢的一个。这里几乎没有代价：只有一个阶段，或者大家的工作差不多一样长，就没什么可等的。",
  "demo.barrier.predict":
    "{procs} 个进程完成 {rounds} 个阶段，每个阶段 {work} ms；每个阶段轮到一个不同的进程慢三倍。在每个阶段之后设屏障，与各走各的相比，用时会……",
  "demo.barrier.predict.same": "差不多：大家的工作量一样",
  "demo.barrier.predict.longer": "更长：每个阶段都要等最慢的",
  "demo.barrier.part.free": "各走各的",
  "demo.barrier.part.together": "每个阶段之后设屏障",
  "demo.barrier.fact.ahead": "最快的领先几个阶段：无屏障 → 有屏障",
  "demo.barrier.fact.time": "用时：无屏障 → 有屏障",
  "demo.barrier.fact.waited": "在屏障前等待（合计）",
  "demo.barrier.check.nobodyEarly": "每个阶段都没有进程在最后一个到达之前继续",
  "demo.barrier.check.inStep": "有屏障时，没有进程领先超过一个阶段",
  "demo.barrier.check.all": "每个进程在每个阶段之后都到达了屏障",
  "demo.barrier.column.phase": "阶段",
  "demo.barrier.column.first": "最先到达 ms",
  "demo.barrier.column.last": "最后到达 ms",
  "demo.barrier.column.passed": "最先继续 ms",
};
