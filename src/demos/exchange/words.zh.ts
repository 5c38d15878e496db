import type { exchangeDemo as english } from "./words.en.ts";

export const exchangeDemo: Record<keyof typeof english, string> = {
  "demo.exchange.title": "交换数据需要媒介",
  "demo.exchange.summary": "同样的数据通过五种媒介传递，逐一校验并计时",
  "demo.exchange.keywords": "ipc pipe message file sqlite shared memory queue 管道 消息 共享内存 通信",
  "demo.exchange.watch": "P1 发送，它的子进程 P1.1 接收并校验，变的只有媒介",
  "demo.exchange.why":
    "内存不共享，数据只能从一个进程拷出、再拷入另一个进程。媒介的开销取决于拷贝、编码和系统调用的次数，以及它换来的保证：顺序、持久性、允许一个还是多个读者。",
  "demo.exchange.why.close":
    "内存不共享，数据只能从一个进程拷出、再拷入另一个进程；对大消息来说，开销几乎全在拷贝上，所以前两名难分高下，再运行一次名次就可能不同。数据量更大时（--megabytes）才分得出来。",
  "demo.exchange.why.new":
    "内存不共享，数据只能从一个进程拷出、再拷入另一个进程。共享内存拷贝次数最少，这里却不是最快：它的内存页对两个进程都是新的，每一页第一次访问时都要由内核分配映射，而管道和文件缓存会反复使用同一批页。数据量更大时（--megabytes），这笔开销只付一次，就可以忽略了。",
  "demo.exchange.predict": "把 {megabytes} 条 1 MiB 的消息从一个进程传到另一个进程，哪种媒介最快？",
  "demo.exchange.predict.ipc": "IPC 消息",
  "demo.exchange.predict.pipe": "管道",
  "demo.exchange.predict.file": "文件",
  "demo.exchange.predict.sqlite": "SQLite 数据库",
  "demo.exchange.predict.shared-memory": "共享内存",
  "demo.exchange.fact.small": "小消息最快的媒介",
  "demo.exchange.fact.large": "大消息最快的媒介",
  "demo.exchange.check.whole": "每种媒介的每条消息都完整、按序到达",
  "demo.exchange.check.two": "共有两个进程参与",
  "demo.exchange.unit.small": "小消息/秒",
  "demo.exchange.column.pick": "适用场景",
  "demo.exchange.pick.ipc": "父子进程之间传递少量的值",
  "demo.exchange.pick.pipe": "向单个读者传送字节流，对方可用任何语言",
  "demo.exchange.pick.file": "数据要留存，或有多个、稍后才来的读者",
  "demo.exchange.pick.sqlite": "崩溃后也必须完整，并能查询和修改",
  "demo.exchange.pick.shared-memory": "只求速度，并愿意自己处理同步",
};
