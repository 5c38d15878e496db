import type { mutex as english } from "./words.en.ts";

export const mutex: Record<keyof typeof english, string> = {
  "demo.mutex.title": "一次只进一个：互斥锁",
  "demo.mutex.summary": "同样的累加，先不加锁，再加互斥锁：一次不丢，以及要付出多少代价",
  "demo.mutex.keywords": "Lock mutex critical section lock 互斥 锁 临界区",
  "demo.mutex.watch": "加锁之后，任何一列都不会出现两个持有者",
  "demo.mutex.why":
    "锁就是一个只有一个进程能创建成功的文件，创建者还持有该文件上的内核锁（作用见 crash）。此时申请锁的进程都得等待，所以每个进程都独自读写，更新就不会被悄悄覆盖。锁只约束申请它的进程：不申请就直接写的进程，它拦不住。代价是其他进程都得等：临界区内永远只有一条泳道，与进程数无关。代价还可能更高：每次交接都要删除锁文件、重新创建并唤醒下一个进程，这比一次不停顿的累加还久。",
  "demo.mutex.predict":
    "{procs} 个进程各自给计数加 1，重复 {rounds} 次，读与写之间停顿 {gap} ms。每次累加都加锁之后，耗时会……",
  "demo.mutex.predict.hardly": "几乎不变（不到 1.5 倍）",
  "demo.mutex.predict.less": "变长，但不到 0.7 × {procs} 倍",
  "demo.mutex.predict.times": "约为原来的 {procs} 倍（该数的 0.7 到 2 倍）",
  "demo.mutex.predict.more": "超过 2 × {procs} 倍",
  "demo.mutex.part.unlocked": "不加锁",
  "demo.mutex.part.locked": "加锁",
  "demo.mutex.fact.count": "加锁：最终计数 / 实际更新次数",
  "demo.mutex.fact.unlockedLost": "不加锁：各次运行丢失的更新",
  "demo.mutex.fact.holders": "同一时刻最多的持有者",
  "demo.mutex.fact.time": "耗时：不加锁 → 加锁（中位数）",
  "demo.mutex.fact.cost": "加锁的代价（各次运行的中位数，最低 – 最高）",
  "demo.mutex.fact.longestWait": "等锁最久的一次",
  "demo.mutex.check.nothingLost": "加锁后没有丢失更新",
  "demo.mutex.check.oneHolder": "任何时刻至多一个进程持有锁",
  "demo.mutex.check.eachHeld": "每次更新都在持有锁时进行",
  "demo.mutex.column.process": "{runs} 次运行合计",
  "demo.mutex.column.holds": "持有次数",
  "demo.mutex.column.held": "持有 ms",
  "demo.mutex.column.waited": "等待 ms",
  "demo.mutex.column.longest": "最长等待 ms",
};
