import type { queueDemo as english } from "./words.en.ts";

export const queueDemo: Record<keyof typeof english, string> = {
  "param.producers": "放入数据的进程数（生产者）",
  "param.consumers": "取出数据的进程数（消费者）",
  "param.capacity": "队列最多容纳的项数",
  "param.items": "每个生产者生产的项数",
  "param.make": "生产一项所需的时间（ms）",
  "demo.queue.title": "生产者与消费者",
  "demo.queue.summary": "生产者和消费者共用一个有界队列：谁快，谁就得等另一方",
  "demo.queue.keywords": "Queue producer consumer buffer backpressure 队列 生产者 消费者 缓冲",
  "demo.queue.watch": "队列从不超过 {capacity} 项；满了生产者等，空了消费者等",
  "demo.queue.why":
    "生产得比消费快，队列就满了；队列一满，生产者就得等：它的速度不会超过下游，内存占用也有上限。这就是背压。没有上限，队列只会越来越长。每次放入或取出都是数据库的一个事务，所以进程被杀死时，一项数据要么在队列里，要么不在，不会只剩一半。",
  "demo.queue.why.consumers":
    "消费者更快：队列大多是空的，它们在等数据。队列能抹平短时间的快慢差异，抹不平长期的：最终由较慢的一方决定速度。每次放入或取出都是数据库的一个事务，所以进程被杀死时，一项数据要么在队列里，要么不在，不会只剩一半。",
  "demo.queue.predict":
    "{producers} 个生产者各每 {make} ms 生产一项；{consumers} 个消费者每用掉一项需要 {work} ms。队列最多容纳 {capacity} 项。合计下来，谁等得更久？",
  "demo.queue.predict.producers": "生产者：队列是满的",
  "demo.queue.predict.consumers": "消费者：队列是空的",
  "demo.queue.part": "从第一项到最后一项",
  "demo.queue.put": "放入",
  "demo.queue.took": "取出",
  "demo.queue.fact.items": "放入 → 取出的项数",
  "demo.queue.fact.most": "队列中最多的项数 / 容量",
  "demo.queue.fact.producersWaited": "生产者因队列满而等待（合计）",
  "demo.queue.fact.consumersWaited": "消费者因队列空而等待（合计）",
  "demo.queue.fact.elapsed": "从第一项到最后一项",
  "demo.queue.check.once": "每一项恰好放入一次、取出一次，没有剩余",
  "demo.queue.check.order": "每个生产者的数据都按生产的顺序被取出",
  "demo.queue.check.capacity": "队列中的项数从未超过容量",
  "demo.queue.column.process": "进程",
  "demo.queue.column.what": "动作",
  "demo.queue.column.items": "项数",
  "demo.queue.column.waited": "等待 ms",
  "demo.queue.column.longest": "最长等待 ms",
};
