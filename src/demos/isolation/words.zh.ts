import type { isolationDemo as english } from "./words.en.ts";

export const isolationDemo: Record<keyof typeof english, string> = {
  "demo.isolation.title": "内存不共享",
  "demo.isolation.summary": "父进程和子进程都有“同一个”变量，但各自只能改自己的那一份",
  "demo.isolation.keywords": "memory global variable copy share 内存 全局变量 共享 隔离",
  "demo.isolation.watch": "每个子进程按自己的步长累加，互不影响",
  "demo.isolation.why":
    "每个进程都有独立的地址空间。同一行代码会在每个进程里各生成一个变量，除非双方都申请共享内存，否则谁也碰不到别人的。因此一个进程崩溃或出错不会弄坏其他进程的数据，而数据要交换就必须发送。",
  "demo.isolation.predict":
    "counter 初值为 0。{procs} 个子进程按各自的步长给 counter 累加 {rounds} 次。之后父进程读到的是多少？",
  "demo.isolation.predict.unchanged": "0",
  "demo.isolation.predict.sum": "子进程累加的结果",
  "demo.isolation.fact.parent": "父进程中的 counter",
  "demo.isolation.fact.sum": "如果内存共享，它会是",
  "demo.isolation.unit": "counter",
  "demo.isolation.check.own": "每个子进程的 counter 恰好是它自己累加的结果，没有混入别人的",
  "demo.isolation.check.parent": "父进程的 counter 保持原样",
};
