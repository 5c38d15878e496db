import type { race as english } from "./words.en.ts";

export const race: Record<keyof typeof english, string> = {
  "demo.race.title": "谁覆盖了我的更新？竞态",
  "demo.race.summary": "多个进程不加锁地累加 data.json 里的同一个计数，更新会丢失",
  "demo.race.keywords": "race condition lost update counter 竞态 竞争 丢失更新 计数",
  "demo.race.watch": "各泳道每写入一次，data.json 里的计数是否都跟着上涨？",
  "demo.race.why":
    "“加一”其实分三步：读、加、写。在自己读与写之间，进程看不到别人写了什么，随后就把别人的更新覆盖了。每一步都没错，错在交错执行。",
  "demo.race.why.lucky":
    "这次没有丢失更新，但这只是运气，并无保证：恰好没有进程在别人的读与写之间写入。没有任何机制阻止这种情况；增加轮数，或使用 --mode staged，就会发生。",
  "demo.race.why.alone":
    "只有一个进程时不会丢失更新：没有人会在它的读与写之间写入。至少要有两个进程，才会覆盖彼此没看到的更新。",
  "demo.race.why.locked":
    "持有锁的进程在自己的读与写之间独占文件：它写入的值总是基于文件里的最新值。其他进程要排队等待，这就是代价。同样的工作不加锁，就会丢失更新。",
  "demo.race.predict": "{procs} 个进程各自给同一个文件里的计数加 1，重复 {rounds} 次（锁：{lock}）。最后的计数是……",
  "demo.race.predict.all": "进程数 × 轮数，一次不丢",
  "demo.race.predict.less": "更少，有更新丢失",
  "demo.race.fact.count": "最终计数 / 实际更新次数",
  "demo.race.fact.lost": "丢失的更新",
  "demo.race.fact.unreadable": "读到不可解析文件的次数",
  "demo.race.check.all": "每个进程都完成了自己的全部更新",
  "demo.race.check.example": "记录中能找到丢失的更新，当且仅当计数确有丢失",
  "demo.race.check.staged": "每一轮都只有一次更新留了下来",
  "demo.race.bar.expected": "已更新",
  "demo.race.bar.actual": "留存",
  "demo.race.column.time": "ms",
  "demo.race.column.process": "进程",
  "demo.race.column.access": "一次丢失的更新",
  "demo.race.column.value": "值",
  "demo.race.access.read": "读到",
  "demo.race.access.write": "写入",
  "demo.race.access.overwrite": "覆盖为",
};
