export const concurrency = {
  "demo.concurrency.title": "At the same time",
  "demo.concurrency.summary": "processes that each wait a different time: one after another, then together",
  "demo.concurrency.keywords": "async await parallel wait sleep 并发 异步 等待",
  "demo.concurrency.watch":
    "{procs:one process has none beside it: both parts take as long as it waits|together, all lanes wait at once, and the last one started is the first to end}",
  "demo.concurrency.why":
    "A process does not wait for the one started before it: each has its own life, and the parent only waits where it joins. One after another takes the sum of all waits; together takes the longest, and a little for starting.",
  "demo.concurrency.predict":
    "{procs} processes; the shortest waits {wait} ms, each other one {wait} ms more. Together they take about …",
  "demo.concurrency.predict.sum": "the sum of all waits",
  "demo.concurrency.predict.longest": "the longest wait",
  "demo.concurrency.part.sequential": "one after another",
  "demo.concurrency.part.concurrent": "together",
  "demo.concurrency.fact.sequential": "one after another (against the sum of the waits)",
  "demo.concurrency.fact.concurrent": "together (against the longest wait)",
  "demo.concurrency.fact.started": "together: started in this order",
  "demo.concurrency.fact.ended": "together: ended in this order",
  "demo.concurrency.check.alone": "one after another: never two at once, and at least the sum of the waits",
  "demo.concurrency.check.atOnce": "together: several waited at the same moment, and it took less time",
} as const;
