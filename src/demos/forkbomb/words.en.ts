export const forkbomb = {
  "param.children": "children each process starts",
  "param.generations": "generations the depth guard lets through, the first process included",
  "demo.forkbomb.title": "The missing main guard",
  "demo.forkbomb.summary":
    "every process that a program starts runs the program again: how fast that grows, and what stops it",
  "demo.forkbomb.keywords": "fork main guard spawn recursion 递归 无限 主模块",
  "demo.forkbomb.watch":
    "P1 starts {children}, each of those starts {children}, and so on; the last generation is refused, and when P1 is killed all are gone",
  "demo.forkbomb.why":
    "A child begins by loading the program. What starts processes there, outside a main guard, runs in the child too, and in its children: each generation has as many times more processes as each one starts. No step looks wrong, and the tenth fills any machine. So Python refuses to start a process while a child is still loading the program, and lanes hands every child a depth and refuses beyond a limit.",
  "demo.forkbomb.predict":
    "A program starts {children} children; they load the same program, which has no main guard. {generations} generations are let through. How many processes does each generation have?",
  "demo.forkbomb.predict.first": "there is no second one: only the first process starts any",
  "demo.forkbomb.predict.add": "each has {children}",
  "demo.forkbomb.predict.multiply": "each has {children} times as many as the one before",
  "demo.forkbomb.error.total":
    "refusing to start another process: there may be no more than {limit} of this program in all.",
  "demo.forkbomb.unguarded": "{count} with {n} generations",
  "demo.forkbomb.generation": "generation {n}",
  "demo.forkbomb.end": "{time} after the kill of P1 ({pid}); {left} left",
  "demo.forkbomb.fact.processes": "processes by generation",
  "demo.forkbomb.fact.alive": "alive at once, by the kernel",
  "demo.forkbomb.fact.grow": "from first line to last refusal",
  "demo.forkbomb.fact.refused": "refused × children each wanted",
  "demo.forkbomb.fact.error": "what they were told",
  "demo.forkbomb.fact.unguarded": "without a guard (calculated)",
  "demo.forkbomb.fact.end": "all ended",
  "demo.forkbomb.check.grown": "every process of every generation but the last started as many children",
  "demo.forkbomb.check.refused": "everyone in the last generation, and nobody else, was refused",
  "demo.forkbomb.check.kernel": "the kernel had all of them at once, each with the parent it named",
  "demo.forkbomb.check.most": "there were never more than 40",
  "demo.forkbomb.check.gone": "P1 was killed, and the kernel has none of them any more",
  "demo.forkbomb.column.parent": "its parent, it says",
  "demo.forkbomb.column.kernel": "the kernel says",
  "demo.forkbomb.column.started": "started",
} as const;
