import type { functionDemo as english } from "./words.en.ts";

export const functionDemo: Record<keyof typeof english, string> = {
  "demo.function.title": "用函数创建进程",
  "demo.function.summary": "用同一个函数启动多个进程，等待它们结束，看看启动的开销",
  "demo.function.keywords": "Process start spawn fork join child 进程 启动 子进程 创建",
  "demo.function.watch": "父进程的泳道会一直阻塞在 join，直到最后一个子进程结束",
  "demo.function.why":
    "每个子进程都是全新的进程：系统先创建它，程序重新加载一遍，然后才轮到函数运行。这就是启动进程的开销，与函数做什么无关。",
  "demo.function.check.said": "每个进程都亲自打了招呼",
};
