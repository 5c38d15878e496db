export const race = {
  "demo.race.title": "Who overwrote my update?",
  "demo.race.summary": "processes add to one count in data.json without a lock, and updates get lost",
  "demo.race.keywords": "race condition lost update counter 竞态 竞争 丢失更新 计数",
  "demo.race.watch": "does the count in data.json climb with every write of a lane?",
  "demo.race.why":
    "Adding one is three steps: read, add, write. Between its read and its write, a process does not see what others write; then it writes over it. Each step is right, their mixing is not.",
  "demo.race.why.lucky":
    "Nothing was lost, by luck and not by design: no process happened to write between another's read and its write. Nothing prevents it; with more rounds, or with --mode staged, it happens.",
  "demo.race.why.alone":
    "One process alone loses nothing: nobody writes between its read and its write. It takes a second one to overwrite what the first has not seen.",
  "demo.race.why.locked":
    "Whoever holds the lock is alone between its read and its write: what it writes is made from what is there. The others wait for their turn, and that is the price. Without the lock the same work loses updates.",
  "demo.race.predict":
    "{procs} {procs:process adds|processes each add} 1, {rounds} {rounds:time|times}, to one count in a file. Lock: {lock}. The count ends at …",
  "demo.race.predict.all": "processes × rounds: nothing is lost",
  "demo.race.predict.less": "less: updates are lost",
  "demo.race.fact.count": "count at the end / updates made",
  "demo.race.fact.lost": "updates lost",
  "demo.race.fact.unreadable": "times the file was found unreadable",
  "demo.race.check.all": "every process made every one of its updates",
  "demo.race.check.example": "the record shows a lost update exactly if the count says so",
  "demo.race.check.staged": "of every round, one update survived",
  "demo.race.bar.expected": "made",
  "demo.race.bar.actual": "survived",
  "demo.race.column.time": "ms",
  "demo.race.column.process": "process",
  "demo.race.column.access": "one lost update",
  "demo.race.column.value": "value",
  "demo.race.access.read": "reads",
  "demo.race.access.write": "writes",
  "demo.race.access.overwrite": "overwrites",
} as const;
