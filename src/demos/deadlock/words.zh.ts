import type { deadlock as english } from "./words.en.ts";

export const deadlock: Record<keyof typeof english, string> = {
  "param.patience": "等第二把锁最多等多久（ms）",
  "demo.deadlock.title": "互相等待：死锁",
  "demo.deadlock.summary": "每个进程持有一把锁，等待下一个进程持有的锁：怎样收场，又怎样从一开始就避免",
  "demo.deadlock.keywords": "lock deadlock cycle order philosopher 死锁 锁 循环等待 哲学家",
  "demo.deadlock.watch": "所有泳道先各自持有，随后同时等待，直到有一个放弃才动起来；按统一顺序加锁时，总有一个在工作",
  "demo.deadlock.why":
    "每个进程等的那把锁，都要等它的持有者获得另一把锁之后才会释放，如此绕成一圈。单看任何一把锁都没有问题，所以没有哪把锁能发现死锁。超时可以打破僵局，代价是白等的时间和没做成的工作，而且谁落空全凭运气。如果大家都按同一顺序加锁，就绕不成圈：拿着最后一把锁的进程不必等任何人。",
  "demo.deadlock.predict":
    "{procs} 个进程围成一圈，相邻两个之间放一把锁。每个进程先拿左边那把；等所有进程都获得一把之后，再去要右边那把，最多等 {patience} ms。在有进程放弃之前，谁能获得两把锁？",
  "demo.deadlock.predict.all": "全都能，一个接一个",
  "demo.deadlock.predict.one": "只有一个或一部分",
  "demo.deadlock.predict.none": "谁都不能",
  "demo.deadlock.part.tangled": "各自从自己的锁开始",
  "demo.deadlock.part.ordered": "按统一顺序加锁",
  "demo.deadlock.fact.circle": "谁在等谁（依据锁文件中的持有者记录）",
  "demo.deadlock.fact.stuck": "谁也动不了的时间",
  "demo.deadlock.fact.timedOut": "放弃的进程",
  "demo.deadlock.fact.finished": "此后获得两把锁的进程",
  "demo.deadlock.fact.ordered": "统一顺序：获得两把锁的进程 / 进程数",
  "demo.deadlock.fact.orderedMs": "统一顺序：全部完成所用时间",
  "demo.deadlock.check.circle": "死锁期间，持有者记录显示所有进程首尾相接，绕成一圈",
  "demo.deadlock.check.stuck": "在有进程放弃之前，没有进程获得两把锁",
  "demo.deadlock.check.timedOut": "放弃的进程都没等到锁，其余进程都获得了两把锁",
  "demo.deadlock.check.ordered": "按统一顺序加锁，每个进程不靠超时就获得了两把锁",
  "demo.deadlock.check.oneHolder": "任何时刻，每把锁至多一个进程持有",
  "demo.deadlock.column.process": "进程",
  "demo.deadlock.column.holds": "持有",
  "demo.deadlock.column.waitsFor": "等待",
  "demo.deadlock.column.owner": "其持有者",
};
