import type { init as english } from "./words.en.ts";

export const init: Record<keyof typeof english, string> = {
  "init.description":
    "创建一个可以编写多进程程序的文件夹：hello.ts、tsconfig.json，以及 types/ 中编辑器和 lanes check 所需的类型；无需安装任何东西。已有的文件保持不变。",
  "init.argument.dir": "文件夹；不存在则创建（默认：当前文件夹）",
  "init.example.new": "创建文件夹，并运行其中的程序",
  "init.example.tutorial": "在当前文件夹写入教程的四个程序",
  "init.option.tutorial": "教程的程序：函数、类、竞态、锁",
  "init.kept": "{file} 已存在，保持不变",
  "init.wrote": "已写入 {file}",
  "init.package": "存在 {file}，因此没有写入类型（npm 会删除不是它安装的内容）。请用 npm i -D lanes 获取类型",
  "init.try": "试试：{command}",
  "init.cannot": "无法写入 {dir}（{reason}）",
};
