import type { speedup as english } from "./words.en.ts";

export const speedup: Record<keyof typeof english, string> = {
  "demo.speedup.title": "用满每个核，更快完成",
  "demo.speedup.summary": "同一份计算，分别交给 1、2……个进程，再交给一个进程里的多个异步任务",
  "demo.speedup.keywords": "parallel core cpu amdahl multicore 并行 多核 加速",
  "demo.speedup.watch": "同一份工作反复进行：看有几条泳道在计算，多快算完",
  "demo.speedup.why":
    "一个进程只在一个核上计算。异步任务在同一个进程里轮流执行，没有等待可利用时毫无收益；多个进程则同时在不同的核上计算。进程数超过核数后，又只能轮流执行。",
  "demo.speedup.why.disturbed":
    "这次测量不足以说明问题：期间有其他程序占用了部分核，或本程序受到限制。请在机器空闲时再试，或增大 --samples：取其中最快的一次。",
  "demo.speedup.why.noGain":
    "每个进程都独占了一个核，两个进程却几乎没有更快，甚至更慢。工作量太小时，收益会被收发消息的开销抵消；另外，系统眼中的两个核也可能是同一物理核的两个线程，共用运算单元。",
  "demo.speedup.predict": "一份计算由一个进程完成约需 {cpu} ms。改用两个进程会快多少？",
  "demo.speedup.predict.double": "大约快一倍（1.8 倍及以上）",
  "demo.speedup.predict.some": "快一些，但不到一倍",
  "demo.speedup.predict.none": "几乎不变",
  "demo.speedup.predict.slower": "比一个进程更慢",
  "demo.speedup.axis.procs": "进程数",
  "demo.speedup.axis.speedup": "加速比",
  "demo.speedup.axis.ms": "耗时 ms（最快一次）",
  "demo.speedup.axis.efficiency": "并行效率",
  "demo.speedup.fact.cores": "本程序可用的核数",
  "demo.speedup.fact.coreShare": "受到干扰：各进程实际只得到的核时间",
  "demo.speedup.fact.scatter": "受到干扰：中间一次与最快一次之比（最差）",
  "demo.speedup.fact.full": "每核一个进程：加速比 · 并行效率",
  "demo.speedup.fact.past": "进程数超过核数",
  "demo.speedup.fact.async": "一个进程里的多个异步任务",
  "demo.speedup.fact.serial": "按阿姆达尔定律推算的串行占比",
  "demo.speedup.fact.start": "启动一个进程的时间，未计入上述结果（中位数）",
  "demo.speedup.check.same": "无论怎样划分工作，答案都相同",
  "demo.speedup.check.atOnce": "有多个进程在同一时刻计算",
};
