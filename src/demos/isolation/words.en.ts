export const isolationDemo = {
  "demo.isolation.title": "Memory is not shared",
  "demo.isolation.summary": "parent and children hold the same variable, and each changes only its own",
  "demo.isolation.keywords": "memory global variable copy share 内存 全局变量 共享 隔离",
  "demo.isolation.watch": "every child counts up in its own steps, undisturbed by the others",
  "demo.isolation.why":
    "Every process has an address space of its own. The same line of source makes a variable in each of them, and no process can reach another's unless both ask for memory to share. That is why one process's crash or bug leaves the others' data alone, and why data has to be sent.",
  "demo.isolation.predict":
    "counter is 0. {procs} {procs:child adds|children add} to counter {rounds} times, each in steps of its own. What does the parent read afterwards?",
  "demo.isolation.predict.unchanged": "0",
  "demo.isolation.predict.sum": "what the children added",
  "demo.isolation.fact.parent": "counter in the parent",
  "demo.isolation.fact.sum": "what it would be if memory were shared",
  "demo.isolation.unit": "counter",
  "demo.isolation.check.own": "every child's counter holds its own changes, all of them and no other's",
  "demo.isolation.check.parent": "the parent's counter is as it was",
} as const;
