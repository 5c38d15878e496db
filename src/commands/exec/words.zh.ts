import type { exec as english } from "./words.en.ts";

export const exec: Record<keyof typeof english, string> = {
  "exec.description":
    '运行 TypeScript 或 JavaScript 程序。程序中 import { Process, Lock } from "lanes" 即可像 Python 的 multiprocessing 一样使用进程：文件顶层的任何函数或类都能在独立进程中运行。退出码即程序自己的退出码。',
  "exec.argument.file": "程序文件；也可写作 lanes FILE.ts",
  "exec.argument.args": "程序的参数，即程序中的 process.argv.slice(2)",
  "exec.example.run": "运行",
  "exec.example.live": "把它的进程实时画成泳道",
  "exec.example.html": "生成同样内容的网页，便于保存和分享",
  "exec.example.jsonl": "录制，然后逐步查看录制结果",
  "exec.example.shebang": "写在程序第一行，即可直接用文件名启动",
  "exec.option.live": "运行时在标准错误上把它的进程画成泳道",
  "exec.option.check": "先检查类型；有错误则不运行",
  "exec.option.json": "结束时在标准错误输出其进程的 JSON 摘要",
  "exec.option.jsonl": "实时在标准错误输出事件，每行一个 JSON 对象",
  "exec.folder": "{file} 是文件夹。请指定其中的程序：lanes exec FILE",
  "exec.load": "{file} 无法加载：\n{detail}",
  "exec.unsettled": "{file} 在顶层等待（await）永远不会到来的结果。已结束。",
};
