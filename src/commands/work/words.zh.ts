import type { work as english } from "./words.en.ts";

export const work: Record<keyof typeof english, string> = {
  "command.work": "让本机为 farm 干活",
  "work.description":
    "接收 lanes run --on FARM 提交的任务并在本机执行，直到被要求停止。FARM 是一个 PostgreSQL 数据库：\npostgres://USER@HOST/DB，或 ~/.config/lanes/farms 里的名字。TERM 或 Ctrl-C：不再接新任务，做完手上的；再来一次：停掉手上的任务。\n能写这个数据库的人，就能以你的身份运行命令。",
  "work.argument.farm": "数据库地址，或它在 ~/.config/lanes/farms 里的名字",
  "work.example.work": "一直干到被要求停止",
  "work.example.empty": "在 Slurm 下启动二十个 worker，各自在连续五分钟无事可做后退出",
  "work.example.setup": "只建表",
  "work.option.wd": "所有任务都在 DIR 里运行，而不是在提交时所在的目录",
  "work.option.name": "本机的名字",
  "work.option.untilEmpty": "连续这么久没有任务就退出（默认立即退出）",
  "work.option.maxJobs": "做完这么多任务后退出",
  "work.option.only": "只接 lanes run 的任务，或只接 lanes map 的条目",
  "work.option.nice": "以此 nice 值运行任务，0 到 19",
  "work.option.giveUp": "失联这么久后退出，退出码 1；默认一直重试",
  "work.option.setup": "建好 farm 的表后退出",
  "work.option.json": "结束时在 stdout 输出 JSON 汇总",
  "work.noFolder": "--wd：没有 {path} 这个目录",
  "work.setUp": "{farm} 已就绪",
  "work.begins":
    "以 {host} 的名义为 {farm} 干活，同时 {slots} 个任务；能写这个数据库的人就能以 {user} 的身份在这里运行命令",
  "work.ends": "不再接新任务；还有 {n} 个在运行（再来一次则停掉它们）",
  "work.lost": "{farm} 已认定本机失联，本机的任务已交给别人：正在结束它们",
  "work.sum": "完成 {n} 个任务，其中 {failed} 个失败",
};
