import type { pool as english } from "./words.en.ts";

export const pool: Record<keyof typeof english, string> = {
  "demo.pool.title": "常驻进程池",
  "demo.pool.summary": "同一个任务：每次一个进程、每次一条消息、成批发送；再杀死一个工作进程",
  "demo.pool.keywords": "Pool map worker parallel executor 进程池 线程池 工作进程 并行",
  "demo.pool.watch": "上方泳道：每个任务都是新的 pid；下方泳道：同一个 pid 处理成千上万个任务，直到被杀死并被替换",
  "demo.pool.why":
    "启动一个进程要花几毫秒，无论它做什么。常驻的工作进程只付一次这笔开销，之后一个任务只是一条消息；一条消息带上一千个任务，开销也几乎不变。进程池记录着每个工作进程正在做哪个任务：有进程被杀死时，它没做完的由别的进程完成。",
  "demo.pool.predict": "每个任务启动一个进程，还是给已在运行的进程发一条消息：开销相差多少倍？",
  "demo.pool.predict.ten": "约 10 倍",
  "demo.pool.predict.hundred": "约 100 倍",
  "demo.pool.predict.more": "1000 倍，甚至更多",
  "demo.pool.fact.process": "每个任务一个进程，单个任务",
  "demo.pool.fact.oneByOne": "每条消息一个任务，单个任务",
  "demo.pool.fact.chunks": "成批发送，单个任务",
  "demo.pool.fact.killed": "中途被杀死的进程，以及仍然得到的结果",
  "demo.pool.check.same": "常驻进程按顺序给出了全部结果",
  "demo.pool.check.killed": "杀死一个工作进程后，结果不丢也不重复",
  "demo.pool.check.cheaper": "发一条消息的开销比启动一个进程小",
  "demo.pool.way.process": "每次一个进程",
  "demo.pool.way.oneByOne": "常驻，逐个发送",
  "demo.pool.way.chunks": "常驻，成批发送",
  "demo.pool.column.way": "方式",
  "demo.pool.column.tasks": "任务数",
  "demo.pool.column.messages": "消息数",
  "demo.pool.column.each": "每个任务",
  "param.tasks": "各用一个进程的任务数（常驻进程处理其 500 倍）",
};
