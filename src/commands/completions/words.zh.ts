import type { completions as english } from "./words.en.ts";

export const completions: Record<keyof typeof english, string> = {
  "command.completions": "输出 bash、zsh 或 fish 的命令行补全脚本",
  "completions.description":
    "输出补全脚本，让 shell 能补全 lanes 之后的命令、演示、选项和文件。脚本由当前版本的命令定义生成：如果写入了文件，升级后请重新生成。",
  "completions.example.bash": "在每个新的 bash 中生效",
  "completions.example.zsh": "用于 zsh；该文件夹须在 compinit 之前加入 $fpath",
  "completions.example.fish": "用于 fish",
  "completions.unknownShell": "未知 shell {name}，应为 {names}",
};
