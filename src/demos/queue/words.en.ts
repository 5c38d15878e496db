export const queueDemo = {
  "param.producers": "number of processes that put items in",
  "param.consumers": "number of processes that take items out",
  "param.capacity": "the most items in the queue",
  "param.items": "items each producer makes",
  "param.make": "how long a producer takes to make an item, ms",
  "demo.queue.title": "Makers and takers",
  "demo.queue.summary":
    "producers and consumers over a queue of limited length: whoever is faster has to wait for the others",
  "demo.queue.keywords": "Queue producer consumer buffer backpressure 队列 生产者 消费者 缓冲",
  "demo.queue.watch":
    "the queue never holds more than {capacity}; producers wait while it is full, consumers while it is empty",
  "demo.queue.why":
    "The producers made more than the consumers could use, so the queue filled up, and a full queue makes a producer wait: it works no faster than what comes after it can take, and memory stays bounded. That is back-pressure. Without a limit the queue would just grow. A put or a take is one transaction of a database, so a process that is killed leaves an item in the queue or out of it, never half.",
  "demo.queue.why.consumers":
    "The consumers were the faster ones: the queue was mostly empty, and they waited for items. A queue evens out short differences in speed, not lasting ones: in the end the slower side sets the pace. A put or a take is one transaction of a database, so a process that is killed leaves an item in the queue or out of it, never half.",
  "demo.queue.predict":
    "{producers} {producers:producer makes|producers each make} an item every {make} ms; {consumers} {consumers:consumer takes|consumers each take} {work} ms to use one. At most {capacity} are in the queue. Who waits longer in all?",
  "demo.queue.predict.producers": "the producers: the queue is full",
  "demo.queue.predict.consumers": "the consumers: the queue is empty",
  "demo.queue.part": "from the first item to the last",
  "demo.queue.put": "put",
  "demo.queue.took": "took",
  "demo.queue.fact.items": "items put → taken",
  "demo.queue.fact.most": "most in the queue / it holds",
  "demo.queue.fact.producersWaited": "producers waited because it was full, all together",
  "demo.queue.fact.consumersWaited": "consumers waited because it was empty, all together",
  "demo.queue.fact.elapsed": "from the first item to the last",
  "demo.queue.check.once": "every item was put and taken exactly once, and none is left",
  "demo.queue.check.order": "the items of each producer were taken in the order it made them",
  "demo.queue.check.capacity": "there were never more in the queue than it holds",
  "demo.queue.column.process": "process",
  "demo.queue.column.what": "it",
  "demo.queue.column.items": "items",
  "demo.queue.column.waited": "waited, ms",
  "demo.queue.column.longest": "longest wait, ms",
} as const;
