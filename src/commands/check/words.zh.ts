import type { check as english } from "./words.en.ts";

export const check: Record<keyof typeof english, string> = {
  "check.description":
    "检查程序及其所导入内容的类型，但不运行，由本可执行文件内置的检查器完成：与进程函数不符的参数、无法发送的值，以及 TypeScript 能发现的其他问题。退出码 0，有错误时为 1。",
  "check.argument.file": "程序（默认：当前文件夹中的全部）",
  "check.example.file": "一个程序及其导入的内容",
  "check.example.folder": "当前文件夹中的全部",
  "check.example.exec": "先检查，再运行",
  "check.folder": "{file} 是文件夹。请进入该文件夹后不带参数运行：lanes check",
};
