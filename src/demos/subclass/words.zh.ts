import type { subclassDemo as english } from "./words.en.ts";

export const subclassDemo: Record<keyof typeof english, string> = {
  "demo.subclass.title": "用类创建进程",
  "demo.subclass.summary": "继承 Process 并重写 run()，看看实例的状态朝哪个方向传递",
  "demo.subclass.keywords": "Process class inherit run override 类 继承 子类 进程",
  "demo.subclass.watch": "每个子进程会报两次 count：收到时的值和结束时的值",
  "demo.subclass.why":
    "start() 把实例的一份副本发给子进程。子进程修改的是副本，父进程手里的仍是原件。子进程算出的结果只有显式发送才能回来：作为 run() 的返回值，或者通过某种媒介。",
  "demo.subclass.predict":
    "父进程设好每个实例的 count，交给 {procs} 个子进程，每个子进程都给 this.count 加 {rounds}。join() 之后，父进程读到的是什么？",
  "demo.subclass.predict.stays": "自己设置的值",
  "demo.subclass.predict.returns": "子进程修改后的值",
  "demo.subclass.column.set": "父进程设置",
  "demo.subclass.column.received": "子进程收到",
  "demo.subclass.column.left": "子进程结束时",
  "demo.subclass.column.kept": "父进程读到",
  "demo.subclass.check.travelled": "start() 之前设置的值都传到了子进程",
  "demo.subclass.check.changed": "每个子进程都修改了自己的 count",
  "demo.subclass.check.kept": "父进程的实例仍是父进程设置的值",
};
