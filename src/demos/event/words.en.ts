export const eventDemo = {
  "param.delay": "how long the others wait for a signal, ms",
  "demo.event.title": "One signals, all go on",
  "demo.event.summary":
    "processes wait for an event, one of them signals: how long each takes to wake up, and who comes late",
  "demo.event.keywords": "Event signal notify condition wake 事件 通知 条件变量",
  "demo.event.watch":
    "P1 signals after {delay} ms, and all that wait go on together; the last lane comes late and does not wait",
  "demo.event.why":
    "An event is a state, set or clear, not a lock: it is used up by nobody, so one signal lets all go on, and whoever comes later finds it set and does not wait. Here it is a file that is there or not, and the kernel wakes those who watch its folder. As a state it can be missed: set and cleared at once, it may have been seen by nobody. And it says that something happened, not how often.",
  "demo.event.predict":
    "One of {procs} processes signals once; all but one of the others are waiting for it by then. Who goes on?",
  "demo.event.predict.one": "one of those that wait: the first in line",
  "demo.event.predict.all": "all of them",
  "demo.event.part": "signal by signal",
  "demo.event.atOnce": "at once",
  "demo.event.fact.signals": "signals given",
  "demo.event.fact.woken": "wake-ups, in all rounds",
  "demo.event.fact.wake": "from signal to going on: median (range)",
  "demo.event.fact.atOnce": "came when it was set, and did not wait",
  "demo.event.check.all": "every signal let every other process go on, once each",
  "demo.event.check.nobodyEarly": "nobody went on while the event was clear",
  "demo.event.check.late": "who came after the signal did not wait",
  "demo.event.column.process": "process",
  "demo.event.column.round": "signal {round}: ms",
} as const;
