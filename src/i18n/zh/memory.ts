import type { memory as en } from "../en/memory.ts";

export const memory: Record<keyof typeof en, string> = {
  "memory.argument": "{what} 应为 {wanted}，而不是 {value}。",
  "memory.barrier.aborted": "屏障 {name} 已损坏：有进程调用了 abort()。",
  "memory.barrier.died": "屏障 {name} 已损坏：参与者进程 {pid} 已结束。",
  "memory.barrier.reset": "屏障 {name}：本进程等待期间，有进程调用了 reset()。",
  "memory.barrier.timeout": "屏障 {name} 已损坏：有进程等待超时。",
  "memory.connect": "共享此对象的进程 {seconds} 秒内没有应答。它是否已被暂停，或者文件描述符已用完（ulimit -n）？",
  "memory.ended": "共享此对象的进程已结束，它所共享的内容也随之消失。",
  "memory.folder": "无法在 {folder} 中创建共享内存：{reason}。请确保该目录可写。",
  "memory.full":
    "{folder} 空间不足，无法创建共享内存（{reason}），还需要 {bytes} 字节。请删除不再需要的文件（ls -la {folder}），或扩大其空间（容器中：docker run --shm-size=1g）。",
  "memory.hub": "无法启动管理共享对象的线程：{reason}",
  "memory.large": "{name}：一个 {bytes} 字节的元素过大，上限为 {most} 字节。",
  "memory.ms": "timeout 应为毫秒数，而不是 {value}。",
  "memory.many": "共享对象过多：一个进程最多可创建 {most} 个。",
  "memory.notHeldYet":
    "{name}：只有持有它的进程才能调用 {method}，而本进程还在等待它。是不是漏了 await？await lock.acquire()",
  "memory.notHeld": "{name}：只有持有它的进程才能调用 {method}，而本进程并未持有。",
  "memory.over": "{name} 的释放次数超过了获取次数。",
  "memory.queue.closed": "{name} 已关闭：不再有进程放入，也没有剩下的元素。",
  "memory.queue.done": "{name}：taskDone() 的调用次数超过了放入的元素个数。",
  "memory.queue.empty": "{name}：{ms} 毫秒内没有元素到来。",
  "memory.queue.full": "{name}：{ms} 毫秒内没有空位。",
  "memory.timeout": "{ms} 毫秒内未能获得 {name}。",
};
