import type { forkbomb as english } from "./words.en.ts";

export const forkbomb: Record<keyof typeof english, string> = {
  "param.children": "每个进程启动几个子进程",
  "param.generations": "深度保护放行几代（第一个进程算第一代）",
  "demo.forkbomb.title": "忘了写 main 保护",
  "demo.forkbomb.summary": "程序启动的每个进程又把这个程序跑一遍：增长有多快，靠什么停下来",
  "demo.forkbomb.keywords": "fork main guard spawn recursion 递归 无限 主模块",
  "demo.forkbomb.watch":
    "P1 启动 {children} 个，这 {children} 个又各启动 {children} 个，如此下去；最后一代被拒绝；P1 一被杀，全部消失",
  "demo.forkbomb.why":
    "子进程首先要加载程序。如果启动进程的代码不在 main 保护之内，它在子进程里、在子进程的子进程里也会执行：每个进程启动几个子进程，下一代就是上一代的几倍。每一步看上去都没有错，而到第十代，什么机器都会被占满。因此 Python 不允许子进程在加载程序期间再启动进程；lanes 则给每个子进程记下它是第几代，超过上限就拒绝。",
  "demo.forkbomb.predict":
    "一个程序启动 {children} 个子进程，它们加载同一个没有 main 保护的程序。一共放行 {generations} 代。每一代有多少个进程？",
  "demo.forkbomb.predict.first": "没有下一代：只有第一个进程会启动子进程",
  "demo.forkbomb.predict.add": "每一代都是 {children} 个",
  "demo.forkbomb.predict.multiply": "每一代都是上一代的 {children} 倍",
  "demo.forkbomb.error.total": "拒绝再启动进程：这个程序的进程总数不得超过 {limit}。",
  "demo.forkbomb.unguarded": "到第 {n} 代共 {count} 个",
  "demo.forkbomb.generation": "第 {n} 代",
  "demo.forkbomb.end": "杀死 P1（{pid}）后 {time}；剩下 {left} 个",
  "demo.forkbomb.fact.processes": "各代的进程数",
  "demo.forkbomb.fact.alive": "同一时刻活着的进程（依据内核）",
  "demo.forkbomb.fact.grow": "从第一行到最后一次被拒绝",
  "demo.forkbomb.fact.refused": "被拒绝：进程数 × 各自想启动的子进程数",
  "demo.forkbomb.fact.error": "它们得到的错误",
  "demo.forkbomb.fact.unguarded": "没有保护时（推算）",
  "demo.forkbomb.fact.end": "全部结束",
  "demo.forkbomb.check.grown": "除最后一代外，每个进程都启动了同样多的子进程",
  "demo.forkbomb.check.refused": "最后一代全部被拒绝，其他进程都没有",
  "demo.forkbomb.check.kernel": "内核同时看到所有进程，父进程也与它们自报的一致",
  "demo.forkbomb.check.most": "进程总数从未超过 40",
  "demo.forkbomb.check.gone": "P1 被杀之后，内核里一个都不剩",
  "demo.forkbomb.column.parent": "自报的父进程",
  "demo.forkbomb.column.kernel": "内核的记录",
  "demo.forkbomb.column.started": "启动了",
};
