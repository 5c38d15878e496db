import type { api as english } from "./words.en.ts";

export const api: Record<keyof typeof english, string> = {
  "api.place.inner":
    "{what}：{name} 不在 {file} 的顶层。子进程会重新加载该文件，并在顶层按名字找到要运行的内容。请把 {name} 移到所在的函数或代码块之外。",
  "api.place.nameless":
    "{what} 是就地写成的，或没有自己的名字：子进程会重新加载 {file}，并按顶层的名字找到要运行的内容。请写在顶层：function work(…) { … }",
  "api.place.commonJs":
    "{what}：{file} 没有导出 {name}。对于 CommonJS 模块，子进程只能找到导出的内容：module.exports = { {name} }；或者改写成使用 import 和 export 的模块。",
  "api.place.bound":
    "{what} 是 bind 得到的函数：子进程无法找回它绑定的对象。请在 {file} 的顶层写一个函数来完成调用，所需数据通过 args 传入。",
  "api.place.native": "{what}：{name} 是引擎内置函数，不在任何文件里。请自己写一个函数来调用它。",
  "api.place.gone": "在子进程中加载 {file} 时找不到 {name}。它是否只在父进程才成立的条件下创建？",
  "api.place.other": "{file} 顶层的 {name} 不是父进程所指的函数：有另一个同名函数，或者程序开始之后文件被改动过。",
  "api.guard":
    "{at}：子进程正在加载此文件以找到要运行的函数，文件却在此时又启动进程，这样每个子进程都会再启动子进程。请把只由第一个进程执行的代码放进：\n\n    if (import.meta.main) {\n      …\n    }\n",
  "api.private":
    "{class} 有私有成员 {field}：它属于构造函数创建的那个实例，无法传到另一个进程。请改用 TypeScript 的 private，或通过 args 传入。",
  "api.send.function": "{path} 是函数，不能发送给另一个进程。请发送数据，在那边调用函数。",
  "api.send.method":
    "{path} 是字段里的函数：字段作为数据传给子进程，函数传不过去。请写成方法，方法在子进程中本来就有：{field}(…) { … }",
  "api.send.symbol": "{path} 是 symbol，不能发送给另一个进程。",
  "api.send.promise": "{path} 是 Promise，不能发送给另一个进程。请先 await。",
  "api.send.instance": "{path} 是 {kind} 的实例：到达后会丢失方法。请以普通对象发送其数据，在那边再创建实例。",
  "api.send.signal":
    "{path} 是 AbortSignal，不能发送给另一个进程。要结束进程池的调用，请把它交给 map、starmap 或 imap：pool.map(task, items, { signal })。",
  "api.send.shared":
    "{path} 是 SharedArrayBuffer：线程之间可以共享，进程之间不行。请使用 lanes 的 SharedArray 或 SharedValue。",
  "api.send.other": "{path} 不能发送给另一个进程（{reason}）。",
  "api.started": "{name} 已经启动过：一个进程只运行一次，请另建一个。",
  "api.notStarted": "{name} 尚未启动。",
  "api.lost": "{name}（pid {pid}）以 {ending} 结束，没有说明结果。",
  "api.circle": "死锁：下列每个进程都在等待下一个进程持有的锁。",
  "api.circle.wait": "{waiter} 等待 {lock}，它由 {holder} 持有",
  "api.circle.help":
    "它们会永远等下去，除非其中某个放弃等待（acquire({ timeout: 1000 })），或由它的另一个任务释放锁。所有进程按同样的顺序取锁，就不会这样。",
  "api.pool.lost": "{name}（pid {pid}）在执行 {function} 的途中以 {ending} 结束。",
  "api.pool.start": "{name}（pid {pid}）还没有接到任务就以 {ending} 结束：进程池已损坏。",
  "api.pool.closed": "{name} 已关闭：不再接受调用。",
  "api.pool.ended": "{name} 已被终止。",
  "api.pool.open": "{name} 尚未关闭，会永远等待下去：请先调用 close() 或 terminate()。",
  "api.pool.initializer": "在进程 {name} 的初始化函数里：进程池已损坏",
  "api.pool.rest": "失败的元素之后的元素没有交给 {function}：其中含有管道的一端，而它只能发送一次。",
  "api.pool.argument": "{what} 应为 {wanted}，而不是 {value}。",
  "api.remote": "{process} 中的错误",
  "api.options": "给出的是 {value}，而不是选项对象：{call}",
  "api.target": "{what} 应为函数，而不是 {value}。",
  "api.args": "args 应为由各个参数组成的数组，而不是 {value}。",
  "api.registered": "register()：{name} 既不是函数也不是类。",
  "api.register": "register() 必须从你自己的文件中调用。",
  "api.compiled":
    "由 bun build --compile 生成的程序无法用 lanes 启动进程：进程无法加载其中的文件。请运行程序的源文件：bun FILE，或 lanes exec FILE。",
  "api.pipe.ended": "{name}：已没有进程持有另一端。",
  "api.pipe.closed": "{name}：本进程已将它关闭。",
  "api.pipe.oneWay": "{name} 是单向管道的一端：{method} 只能由另一端调用。",
};
