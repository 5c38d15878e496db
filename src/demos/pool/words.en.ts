export const pool = {
  "demo.pool.title": "A warm pool",
  "demo.pool.summary": "the same task as a process each, as a message each, and in chunks; then one worker is killed",
  "demo.pool.keywords": "Pool map worker parallel executor 进程池 线程池 工作进程 并行",
  "demo.pool.watch":
    "the upper lanes: a new pid for every task; the lower ones: one pid for thousands, until it is killed and replaced",
  "demo.pool.why":
    "Starting a process costs milliseconds, whatever it does. A worker that stays pays that once; then a task costs a message, and a thousand tasks in one message cost hardly more than one. The pool notes which task each worker is at: when one is killed, what it had not finished is done by another.",
  "demo.pool.predict":
    "A process each, or a message each to a worker that is already there: how much less does the message cost?",
  "demo.pool.predict.ten": "about 10 times less",
  "demo.pool.predict.hundred": "about 100 times less",
  "demo.pool.predict.more": "1000 times less, or more",
  "demo.pool.fact.process": "a task, with a process of its own",
  "demo.pool.fact.oneByOne": "a task, one to a message",
  "demo.pool.fact.chunks": "a task, in chunks",
  "demo.pool.fact.killed": "killed in the middle, and results all the same",
  "demo.pool.check.same": "warm workers gave every result, in order",
  "demo.pool.check.killed": "one worker was killed: no result lost, none doubled",
  "demo.pool.check.cheaper": "a message cost less than a process",
  "demo.pool.way.process": "a process each",
  "demo.pool.way.oneByOne": "warm, one by one",
  "demo.pool.way.chunks": "warm, in chunks",
  "demo.pool.column.way": "way",
  "demo.pool.column.tasks": "tasks",
  "demo.pool.column.messages": "messages",
  "demo.pool.column.each": "each",
  "param.tasks": "tasks that get a process each (warm workers get 500 times as many)",
} as const;
