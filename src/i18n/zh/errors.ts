import type { errors as english } from "../en/errors.ts";

export const errors: Record<keyof typeof english, string> = {
  "error.depth":
    "拒绝再启动进程：当前已是第 {depth} 代（上限 {limit}）。会启动自己的程序永远停不下来，请检查是哪个工作进程又启动了 lanes。",
  "error.command.notFound": "无法运行 {name}：找不到该命令",
  "error.command.notExecutable": "无法运行 {name}：无法执行（{code}）",
  "error.command.interpreter": "无法运行 {name}：第一行指定的 {interpreter} 不存在{hint}",
  "error.command.carriageReturn": "（文件使用 Windows 换行符）",
  "error.libc.function": "{platform} 上的 C 库没有 {name}()，而这里需要它",
  "error.libc.memory":
    "无法调用 C 库的 {name}()，因为本进程得不到既可写又可执行的内存。原因可能是：被禁止（systemd 的 MemoryDenyWriteExecute=、安全模块），被关闭（BUN_JSC_useJIT=0），或地址空间上限太低（ulimit -v、批处理系统的 h_vmem：请放宽到 4 GB）。",
  "error.spawn.again": "无法启动 {name}：系统不允许再创建进程（EAGAIN）。请调高上限（ulimit -u）或减少进程数。",
  "error.spawn.files": "无法启动 {name}：文件描述符已用完（{code}）。请调高上限（ulimit -n）或减少进程数。",
  "error.spawn.gone": "无法启动 {name}：lanes 可执行文件 {path} 已不存在。请放回原处，或启动新的版本。",
  "error.spawn.other": "无法启动 {name}：{reason}",
  "error.spawn.replaced":
    "无法启动 {name}：可执行文件 {path} 在 lanes 运行期间被替换（当前为 {mine}，文件为 {other}）。请重新启动 lanes。",
  "error.process": "{reason}\n已启动的进程均已停止。",
  "error.spawn.killed":
    "{name}（pid {pid}）还没运行任何代码就被信号 {signal} 终止：系统可能内存、线程或进程数不足（ulimit -u、ulimit -v）。",
  "error.system": "{reason}",
  "error.folderGone": "当前目录已不存在（被删除，或被同名目录取代）：请先切换到存在的目录",
  "error.temp": "无法在 {folder} 中创建临时文件（{reason}）。请把 TMPDIR 设为一个存在且可写的目录。",
  "error.output": "无法写出结果：{reason}",
  "error.spawn.silent": "{name}（pid {pid}）还没运行任何代码就已结束（{ending}）。{path} 还是 lanes 可执行文件吗？",
  "error.clone": "无法启动 {name}：{path} 无法传给另一个进程（{reason}）。进程之间不共享内存，请传递普通数据。",
  "error.process.lost": "{name}（pid {pid}）还没完成工作就已结束（{ending}）。",
  "error.pipe.make": "无法在 {path} 创建管道（{reason}）。请换一个支持命名管道的文件系统中的文件夹，或省略 --dir。",
  "error.target.unknown": "没有可在进程中运行的函数：{target}",
};
