import type { identityDemo as english } from "./words.en.ts";

export const identityDemo: Record<keyof typeof english, string> = {
  "demo.identity.title": "我是谁，谁启动了我",
  "demo.identity.summary": "三代进程，以及父进程先退出时子进程的去向",
  "demo.identity.keywords": "pid ppid parent orphan adopt init getpid 孤儿 父进程 收养",
  "demo.identity.watch": "P1 退出的那一刻，它的子进程的父进程号会改变",
  "demo.identity.why":
    "每个进程都有 pid 和父进程，父进程有责任回收子进程的退出码。如果父进程先退出，内核会把它的子进程交给上层最近的、声明愿意收养的进程（subreaper，例如 systemd），没有则交给 1 号进程。",
  "demo.identity.predict": "主进程启动 P1，P1 再启动 {procs} 个子进程，然后 P1 退出。P1 启动的进程会怎样？",
  "demo.identity.predict.dies": "随父进程一起结束",
  "demo.identity.predict.grandparent": "主进程成为它的父进程",
  "demo.identity.predict.adopted": "另一个并没有启动它的进程成为它的父进程",
  "demo.identity.fact.before": "P1.1 起初的父进程",
  "demo.identity.fact.after": "P1 退出后 P1.1 的父进程",
  "demo.identity.adopter.init": "{name} (pid {pid})：无人收养的进程都归 1 号进程",
  "demo.identity.adopter.subreaper": "{name} (pid {pid})：subreaper，即上层最近的、声明愿意收养的进程",
  "demo.identity.adopter.main": "{name} (pid {pid})：就是本进程，它是容器里的 1 号进程",
  "demo.identity.column.ppid": "自报的父进程",
  "demo.identity.column.kernel": "内核的记录",
  "demo.identity.column.later": "P1 退出后",
  "demo.identity.check.kernel": "前后两次，每个进程自报的父进程都与内核一致",
  "demo.identity.check.chain": "共三代，每一代都是上一代的子进程",
  "demo.identity.check.adopted": "P1 的子进程比 P1 活得久，并有了新的父进程",
  "demo.identity.check.adopter": "新的父进程是 1 号进程或主进程的祖先",
  "demo.identity.check.gone": "所有进程都已结束",
};
