export const subclassDemo = {
  "demo.subclass.title": "A process from a class",
  "demo.subclass.summary": "extend Process, override run(), and see which way its state travels",
  "demo.subclass.keywords": "Process class inherit run override 类 继承 子类 进程",
  "demo.subclass.watch": "each child says its count twice: as it arrived, and as the child left it",
  "demo.subclass.why":
    "start() sends the child a copy of the instance. The child changes its copy; the parent still holds the original. What a child works out comes back only if it is sent: as the result of run(), or through a medium.",
  "demo.subclass.predict":
    "{procs} {procs:child gets|children get} an instance whose count the parent has set, and each adds {rounds} to this.count. After join(), what does the parent read?",
  "demo.subclass.predict.stays": "what it set itself",
  "demo.subclass.predict.returns": "what the child made of it",
  "demo.subclass.column.set": "parent set",
  "demo.subclass.column.received": "child received",
  "demo.subclass.column.left": "child left",
  "demo.subclass.column.kept": "parent reads",
  "demo.subclass.check.travelled": "what the parent set before start() arrived in every child",
  "demo.subclass.check.changed": "every child changed its count",
  "demo.subclass.check.kept": "the parent's instances are as the parent set them",
} as const;
