import type { cli as english } from "../en/cli.ts";

export const cli: Record<keyof typeof english, string> = {
  "cli.tagline": "看清进程如何分担工作，再让自己的任务跑满每个核。",
  "cli.number": "--{option}：{value} 无效，应为{expected}",
  "cli.range": "{min} 到 {max} 之间的整数",
  "cli.unknownCommand": "未知命令“{name}”",
  "cli.unknownDemo": "未知演示“{name}”",
  "cli.didYouMean": "您是不是想输入“{name}”？",
  "cli.seeHelp": "参见：{command}",
};
