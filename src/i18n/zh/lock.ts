import type { lock as english } from "../en/lock.ts";

export const lock: Record<keyof typeof english, string> = {
  "lock.noKernel": "无法加锁：在 {platform} 上调用不到 C 库的 flock()，也就无从判断持有者是否还活着",
  "lock.flock": "无法加锁：flock() 失败，错误码 {errno}：该文件系统或内核不支持",
  "lock.noThread": "无法等待锁：没有可用来等待的线程（{reason}）",
  "lock.fileSystem":
    "无法对 {path} 加锁：在文件系统 {name} 上无法确认持有者是否还活着。请把锁文件放在本机磁盘上，例如 /tmp。",
  "lock.isFolder": "无法对 {path} 加锁：它是一个目录。请指定一个文件，lanes 会创建它。",
  "lock.isSymlink": "无法对 {path} 加锁：它是一个符号链接。请直接指定目标文件。",
  "lock.notAFile": "无法对 {path} 加锁：它不是普通文件",
  "lock.noFolder": "无法对 {path} 加锁：目录 {folder} 不存在",
  "lock.notAFolder": "无法对 {path} 加锁：{folder} 不是目录",
  "lock.denied": "无法对 {path} 加锁：没有创建或写入权限（{code}）",
  "lock.readOnly": "无法对 {path} 加锁：文件系统是只读的",
  "lock.full": "无法对 {path} 加锁：磁盘已满（{code}），写不下持有者记录",
  "lock.nameTooLong": "无法对 {path} 加锁：文件名太长",
  "lock.noDescriptor": "无法对 {path} 加锁：文件描述符已用完（{code}）。请调高上限（ulimit -n）。",
  "lock.cannot": "无法对 {path} 加锁：{code}",
  "lock.twice": "{path} 已由当前命令自己持有（由 pid {pid} 加锁）：再等下去永远等不到。请只在最外层加一次锁。",
  "lock.timeout": "{path} 被 {host} 上的 pid {pid} 持有（{command}）；等了 {seconds} 秒仍未获得锁",
  "lock.timeoutUnknown": "{path} 已被持有，持有者不明；等了 {seconds} 秒仍未获得锁",
  "lock.breakHeld":
    "{path} 被 {host} 上的 pid {pid} 持有（{command}）。仍要删除请加 --force，但此后可能有两个进程同时进入临界区。",
  "lock.breakUnknown": "{path} 已被持有，持有者不明。仍要删除请加 --force，但此后可能有两个进程同时进入临界区。",
};
