import type { semaphore as english } from "./words.en.ts";

export const semaphore: Record<keyof typeof english, string> = {
  "param.slots": "同时最多进入几个",
  "demo.semaphore.title": "限量进入：信号量",
  "demo.semaphore.summary": "进程多，名额少：同时在里面的总与名额一样多，绝不更多",
  "demo.semaphore.keywords": "Semaphore limit slots 信号量 名额 限流 锁",
  "demo.semaphore.watch": "任何一列都不超过 {slots} 个持有者；有一个离开，等待的进程就进去一个",
  "demo.semaphore.why":
    "每个名额都是一个独立的锁文件，所以不需要计数：拿到一个名额的进程就在里面；进程死掉时，名额像普通的锁一样自动归还。要等的进程排成一队，排在最前面的在所有名额上同时休眠等待，哪个先空出来就拿哪个。适合“能容纳几个、但容不下全部”的资源：数据库连接、只够同时跑几个大任务的内存。它不保护同时在里面的进程所共享的数据：那要用互斥锁，也就是只有一个名额的信号量。",
  "demo.semaphore.predict":
    "{procs} 个进程各进入 {rounds} 次，每次停留 {work} ms；共有 {slots} 个名额。从第一个进入到最后一个离开，用时大约相当于……",
  "demo.semaphore.predict.one": "每次只有一个在里面",
  "demo.semaphore.predict.slots": "一直有 {slots} 个在里面",
  "demo.semaphore.predict.all": "全部同时在里面",
  "demo.semaphore.part": "从第一个进入到最后一个离开",
  "demo.semaphore.fact.most": "同一时刻最多在里面的 / 名额",
  "demo.semaphore.fact.mean": "平均在里面的",
  "demo.semaphore.fact.elapsed": "从第一个进入到最后一个离开（停留时间合计）",
  "demo.semaphore.fact.perSlot": "各名额被占用的次数",
  "demo.semaphore.fact.longestWait": "等名额最久的一次",
  "demo.semaphore.check.most": "在里面的从未超过名额数",
  "demo.semaphore.check.oneEach": "任何时刻，每个名额至多一个持有者",
  "demo.semaphore.check.all": "每个进程申请几次就进入了几次",
  "demo.semaphore.column.process": "进程",
  "demo.semaphore.column.stays": "进入次数",
  "demo.semaphore.column.held": "停留 ms",
  "demo.semaphore.column.waited": "等待 ms",
  "demo.semaphore.column.longest": "最长等待 ms",
};
