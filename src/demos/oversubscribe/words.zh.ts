import type { oversubscribe as english } from "./words.en.ts";

export const oversubscribe: Record<keyof typeof english, string> = {
  "demo.oversubscribe.title": "进程比核多",
  "demo.oversubscribe.summary": "同样的计算分给 1、2、… 直至核数八倍的进程",
  "demo.oversubscribe.keywords": "core cpu context switch scheduler preempt 调度 抢占 上下文切换 核",
  "demo.oversubscribe.watch": "同样的计算一遍又一遍，参加的泳道越来越多：会更快做完吗？彼此相差多少？",
  "demo.oversubscribe.why":
    "计算靠的是核。进程比核多时，内核让它们轮流使用，每次几毫秒；切换一次只要几微秒，所以总时间差不多。但每个进程只分到核的一部分：同时开始的不会同时结束，而且每个进程都要占内存。计算密集的工作，进程数等于核数就够了；需要等待（磁盘、网络、定时器）的工作，进程多一些才划算。",
  "demo.oversubscribe.why.later":
    "计算靠的是核，进程更多就只能轮流使用。这一次的代价明显比通常大：每次切换都有开销，缓存由更多进程分享；工作切得太碎、分不均匀时，最后几个进程还在算，有的核已经空闲。",
  "demo.oversubscribe.why.sooner":
    "计算靠的是核，进程比核多本不该更快。这一次却更快，说明每个核一个进程时没有把核用满：有别的程序也在轮流使用，或者机器的实际能力比报告的多。进程多了，在所有争用核的程序里占的份额就更大。",
  "demo.oversubscribe.predict":
    "同样的计算，一次按核数分给同样多的进程，一次分给 {procs} 个进程。分给 {procs} 个时何时做完？",
  "demo.oversubscribe.predict.sooner": "更早",
  "demo.oversubscribe.predict.same": "差不多（相差不到十分之一）",
  "demo.oversubscribe.predict.later": "更晚",
  "demo.oversubscribe.axis.throughput": "吞吐量（1 个进程 = 1）",
  "demo.oversubscribe.fact.full": "每个核一个进程",
  "demo.oversubscribe.fact.most": "进程最多时：时间（与上一行之比）",
  "demo.oversubscribe.fact.switches": "被抢占的次数（非自愿上下文切换）",
  "demo.oversubscribe.fact.slowest": "第一个做完时，最慢的做了",
  "demo.oversubscribe.fact.memory": "全部进程的内存",
  "demo.oversubscribe.check.atOnce": "同一时刻正在计算的进程比核多",
  "demo.oversubscribe.check.possible": "用掉的 CPU 时间没有超过这些核所能提供的",
  "demo.oversubscribe.column.involuntary": "被抢占",
  "demo.oversubscribe.column.voluntary": "主动让出",
  "demo.oversubscribe.column.slowest": "最慢的",
  "demo.oversubscribe.column.memory": "MB",
};
