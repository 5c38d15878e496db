import type { map as english } from "../en/map.ts";

export const map: Record<keyof typeof english, string> = {
  "map.module.load": "{file} 无法加载：\n{detail}",
  "map.module.quit": "{file} 在加载时结束了自己的进程（{ending}）。供 lanes map 使用的模块只需导出一个函数。",
  "map.module.export": "{file} 没有导出“{name}”。它导出了：{there}",
  "map.module.type": "{file}：导出的“{name}”不是函数，而是 {type}。",
  "map.module.init": "{file}：--init {name} 失败：\n{detail}",
  "map.module.missing": "没有这个文件：{file}",
  "map.module.folder": "{file} 是文件夹。请指定含有函数的文件：lanes map --new FILE 可生成一个起步文件。",
  "map.module.unreadable": "无法读取 {file}（{reason}）",
  "map.module.nested": "{file} 已在运行：启动本次 lanes map 的正是它自己的工作进程。这样会无休止地启动 lanes，已拒绝。",
  "map.worker.starts": "连续 {times} 个工作进程在就绪之前就已结束（最后一个：{ending}）。已停止。",
  "map.worker.replaced": "可执行文件 {path} 在 lanes 运行期间被替换（当前为 {mine}，文件为 {other}）。请重新启动 lanes。",
  "map.line.long": "第 {line} 行超过 {limit} MiB。输入真的是按行组织的吗？",
  "map.input.read": "无法读取标准输入（{reason}）",
};
