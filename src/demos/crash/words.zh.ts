import type { crash as english } from "./words.en.ts";

export const crash: Record<keyof typeof english, string> = {
  "demo.crash.title": "持有者崩溃",
  "demo.crash.summary": "持有锁的进程写到一半被杀死：谁来释放这把锁？",
  "demo.crash.keywords": "lock kill signal stale holder 锁 崩溃 杀死",
  "demo.crash.watch": "P1 持有锁，随后消失；下一条泳道多快能获得锁？",
  "demo.crash.why":
    "锁文件留了下来，如果只靠它，谁也别想再进来。但持有者还持有该文件上的内核锁，它一死，内核就会释放，所以不必靠超时去猜：排在下一位的进程发现内核锁已空闲、记录中的持有者也已不在，便接管锁文件。data.json 之所以完好，是因为每个新版本都先写在旁边，再用 rename 一步替换。",
  "demo.crash.predict": "P1 持有锁，写到一半被 SIGKILL 杀死；共有 {procs} 个进程参与。下一个进程会在什么时候获得锁？",
  "demo.crash.predict.atOnce": "立刻",
  "demo.crash.predict.later": "等到超时之后",
  "demo.crash.predict.never": "永远拿不到：锁文件还在",
  "demo.crash.fact.killed": "在临界区内被杀死的进程",
  "demo.crash.fact.next": "下一个持有者",
  "demo.crash.fact.recovery": "从被杀死到下一个持有者获得锁",
  "demo.crash.fact.count": "最终计数 / 存活进程的更新次数",
  "demo.crash.check.killed": "持有者被 SIGKILL 终止",
  "demo.crash.check.named": "持有期间，锁文件记录的正是该持有者",
  "demo.crash.check.recovered": "下一个进程依据该记录接管了锁",
  "demo.crash.check.oneHolder": "杀死之前没有别的进程持有锁，且从未同时有两个持有者",
  "demo.crash.check.intact": "data.json 每次读取都完好，其余更新一个不少",
  "demo.crash.check.exit": "其他每个进程的退出码都是 0",
  "demo.crash.column.field": "锁文件内容",
  "demo.crash.column.value": "值",
};
