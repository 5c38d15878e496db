import type { concurrency as english } from "./words.en.ts";

export const concurrency: Record<keyof typeof english, string> = {
  "demo.concurrency.title": "同时运行",
  "demo.concurrency.summary": "几个进程各等待不同的时间：先逐个运行，再同时运行",
  "demo.concurrency.keywords": "async await parallel wait sleep 并发 异步 等待",
  "demo.concurrency.watch":
    "{procs:只有一个进程，没有谁与它同时运行：两部分耗时都等于它的等待时间|同时运行时，所有泳道一起等待，最后启动的反而最先结束}",
  "demo.concurrency.why":
    "进程不会等前一个进程结束：它们各自独立，父进程只在 join 处等待。逐个运行的耗时是所有等待之和；同时运行的耗时取决于最长的那个，外加少许启动开销。",
  "demo.concurrency.predict": "{procs} 个进程，最短的等待 {wait} ms，其余依次多等 {wait} ms。同时运行总共大约需要……",
  "demo.concurrency.predict.sum": "所有等待时间之和",
  "demo.concurrency.predict.longest": "最长的那个等待时间",
  "demo.concurrency.part.sequential": "逐个运行",
  "demo.concurrency.part.concurrent": "同时运行",
  "demo.concurrency.fact.sequential": "逐个运行（对比各等待时间之和）",
  "demo.concurrency.fact.concurrent": "同时运行（对比最长的等待时间）",
  "demo.concurrency.fact.started": "同时运行：启动顺序",
  "demo.concurrency.fact.ended": "同时运行：结束顺序",
  "demo.concurrency.check.alone": "逐个运行：任何时刻都只有一个进程，且总耗时不少于各等待时间之和",
  "demo.concurrency.check.atOnce": "同时运行：有多个进程在同一时刻等待，且总耗时更短",
};
