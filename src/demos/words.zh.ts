/** The same in Chinese. */
import { barrier } from "./barrier/words.zh.ts";
import { concurrency } from "./concurrency/words.zh.ts";
import { crash } from "./crash/words.zh.ts";
import { deadlock } from "./deadlock/words.zh.ts";
import { eventDemo } from "./event/words.zh.ts";
import { exchangeDemo } from "./exchange/words.zh.ts";
import { fence } from "./fence/words.zh.ts";
import { forkbomb } from "./forkbomb/words.zh.ts";
import { functionDemo } from "./function/words.zh.ts";
import { identityDemo } from "./identity/words.zh.ts";
import { isolationDemo } from "./isolation/words.zh.ts";
import { mutex } from "./mutex/words.zh.ts";
import { oversubscribe } from "./oversubscribe/words.zh.ts";
import { pool } from "./pool/words.zh.ts";
import { queueDemo } from "./queue/words.zh.ts";
import { race } from "./race/words.zh.ts";
import { semaphore } from "./semaphore/words.zh.ts";
import { speedup } from "./speedup/words.zh.ts";
import { subclassDemo } from "./subclass/words.zh.ts";
import type { demos as english } from "./words.en.ts";
import { zombie } from "./zombie/words.zh.ts";

export const demos: Record<keyof typeof english, string> = {
  ...functionDemo,
  ...subclassDemo,
  ...identityDemo,
  ...zombie,
  ...forkbomb,
  ...isolationDemo,
  ...exchangeDemo,
  ...concurrency,
  ...speedup,
  ...oversubscribe,
  ...pool,
  ...race,
  ...mutex,
  ...crash,
  ...deadlock,
  ...fence,
  ...semaphore,
  ...queueDemo,
  ...barrier,
  ...eventDemo,
  "group.processes": "进程",
  "group.memory": "内存",
  "group.time": "时间",
  "group.sharing": "共享",
  "group.coordination": "协作",
  "param.messages": "小消息的条数",
  "param.size": "每条小消息的字节数",
  "param.megabytes": "大消息的条数，每条 1 MiB",
  "param.range": "{words}（{min}–{max}）",
  "param.procs": "进程数",
  "param.lease": "租约的时长（ms）",
  "param.work": "每个进程的工作时长（ms）",
  "param.rounds": "每个进程的轮数",
  "param.gap": "读与写之间的间隔（ms）",
  "param.wait": "最短的等待时间（ms），其余进程依次多等同样久",
  "param.cpu": "全部工作量，折合单核 ms",
  "param.samples": "测量次数",
  "param.mode": "交错方式：natural 任其自然，staged 人为安排（全部读完才写，每轮都丢更新）",
  "param.lock": "每次累加是否加锁",
  "demo.fact.spawn": "从创建到子进程第一行代码（中位数）",
  "demo.check.exit": "每个进程的退出码都是 0",
  "demo.check.parent": "每个进程报告的父进程都是本进程",
  "error.stalled.stopped": "{name}（pid {pid}）已被暂停 {seconds} 秒（SIGSTOP？），其他进程都在等它。已全部结束。",
  "error.stalled.start":
    "{name}（pid {pid}）{seconds} 秒内没有运行到第一行代码。已全部结束；系统可能线程数不足（ulimit -u）。",
  "error.dir.busy": "--dir：另一个演示正在使用 {dir}。请换一个文件夹，或等它结束。",
  "error.dir.notFolder": "--dir：{dir} 不是文件夹。请指定一个文件夹，或省略以使用临时文件夹。",
  "error.data.write": "无法写入 {file}（{reason}）。请清理磁盘，或用 --dir 指定其他文件夹。",
  "error.dir.unusable": "--dir：无法使用 {dir}（{reason}）。请指定一个可写的文件夹。",
};
