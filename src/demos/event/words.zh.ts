import type { eventDemo as english } from "./words.en.ts";

export const eventDemo: Record<keyof typeof english, string> = {
  "param.delay": "其他进程等待信号的时间（ms）",
  "demo.event.title": "一声令下：事件",
  "demo.event.summary": "多个进程等待一个事件，其中一个进程发出信号：各自多久醒来，晚到的又如何",
  "demo.event.keywords": "Event signal notify condition wake 事件 通知 条件变量",
  "demo.event.watch": "P1 在 {delay} ms 后发出信号，等待的进程一起继续；最后一条泳道晚到，不用等",
  "demo.event.why":
    "事件是一种状态（已触发或未触发），不是锁：谁通过都不会把它用掉，所以一次信号让所有进程继续；之后才来的发现它已触发，不用等。这里它就是一个存在或不存在的文件，内核会唤醒监视其目录的进程。既然是状态，就可能被错过：刚触发又立刻清除，也许谁都没看到。它只说明发生过，不说明发生了几次。",
  "demo.event.predict": "{procs} 个进程中有一个发出一次信号；其余进程中除一个之外，此时都在等它。谁会继续？",
  "demo.event.predict.one": "等待的进程中的一个：排在最前面的",
  "demo.event.predict.all": "全部",
  "demo.event.part": "逐次信号",
  "demo.event.atOnce": "不用等",
  "demo.event.fact.signals": "发出的信号",
  "demo.event.fact.woken": "各轮被唤醒的次数",
  "demo.event.fact.wake": "从信号到继续：中位数（范围）",
  "demo.event.fact.atOnce": "到达时已触发、不用等的次数",
  "demo.event.check.all": "每次信号都让其他所有进程各继续一次",
  "demo.event.check.nobodyEarly": "事件未触发时没有进程继续",
  "demo.event.check.late": "信号之后才来的进程没有等待",
  "demo.event.column.process": "进程",
  "demo.event.column.round": "信号 {round}：ms",
};
