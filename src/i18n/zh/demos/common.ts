import type { common as english } from "../../en/demos/common.ts";

export const common: Record<keyof typeof english, string> = {
  "group.processes": "进程",
  "group.memory": "内存",
  "group.time": "时间",
  "group.sharing": "共享",
  "param.messages": "小消息的条数",
  "param.size": "每条小消息的字节数",
  "param.megabytes": "大消息的条数，每条 1 MiB",
  "param.procs": "进程数",
  "param.work": "每个进程的工作时长（ms）",
  "param.rounds": "每个进程的轮数",
  "param.gap": "读与写之间的间隔（ms）",
  "param.wait": "最短的等待时间（ms），其余进程依次多等同样久",
  "param.cpu": "全部工作量，折合单核 ms",
  "param.runs": "测量次数",
  "param.mode": "进程如何相遇",
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
