export const exchangeDemo = {
  "demo.exchange.title": "Data needs a medium",
  "demo.exchange.summary": "the same payload through five media, checked and timed",
  "demo.exchange.keywords": "ipc pipe message file sqlite shared memory queue 管道 消息 共享内存 通信",
  "demo.exchange.watch": "P1 sends and P1.1, its child, receives and checks; only the medium changes",
  "demo.exchange.why":
    "Memory is not shared, so data has to be copied out of one process and into another. What a medium costs is how often it copies, encodes, and asks the kernel, and what it promises in return: order, durability, one reader or many.",
  "demo.exchange.why.close":
    "Memory is not shared, so data has to be copied out of one process and into another, and of large messages that copying is nearly all the cost: so the first two are too close to call, and the next run may have another order. More data (--megabytes) tells them apart.",
  "demo.exchange.why.new":
    "Memory is not shared, so data has to be copied out of one process and into another. Shared memory copies least, and yet it was not the fastest here: its pages were new to both processes, and the kernel has to hand over each one where it is touched first, while a pipe or the cache of files uses the same ones again and again. With more data (--megabytes) that is paid once and forgotten.",
  "demo.exchange.predict":
    "{megabytes} {megabytes:message|messages} of 1 MiB go from one process to another. Through which medium do they arrive soonest?",
  "demo.exchange.predict.ipc": "IPC messages",
  "demo.exchange.predict.pipe": "a pipe",
  "demo.exchange.predict.file": "a file",
  "demo.exchange.predict.sqlite": "a SQLite database",
  "demo.exchange.predict.shared-memory": "shared memory",
  "demo.exchange.fact.small": "fastest for small messages",
  "demo.exchange.fact.large": "fastest for large messages",
  "demo.exchange.check.whole": "every message arrived through every medium, whole and in order",
  "demo.exchange.check.two": "two processes took part",
  "demo.exchange.unit.small": "small messages/s",
  "demo.exchange.column.pick": "pick it when",
  "demo.exchange.pick.ipc": "parent and child exchange values, not too many",
  "demo.exchange.pick.pipe": "bytes stream to one reader, of any language",
  "demo.exchange.pick.file": "it is to stay, or has several readers, or a late one",
  "demo.exchange.pick.sqlite": "it must survive crashes whole, be searched and changed",
  "demo.exchange.pick.shared-memory": "only speed counts, and you can take the care it needs",
} as const;
