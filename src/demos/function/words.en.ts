export const functionDemo = {
  "demo.function.title": "A process from a function",
  "demo.function.summary": "start processes from one function, join them, and see what starting costs",
  "demo.function.keywords": "Process start spawn fork join child 进程 启动 子进程 创建",
  "demo.function.watch": "the parent's lane is blocked in join until the last child has ended",
  "demo.function.why":
    "Each child is a whole new process: the system creates it, this program loads again, and only then does the function run. That is what spawning costs, whatever the function does.",
  "demo.function.check.said": "every process said its greeting itself",
} as const;
