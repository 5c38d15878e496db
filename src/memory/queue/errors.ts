/** What a queue and a pipe say to whoever wants what is not there. */
import { LanesError } from "../../errors.ts";

/** Nobody puts any more: to put is too late, and there is nothing left to take. */
export class QueueClosed extends LanesError<"memory.queue.closed"> {
  override readonly name = "QueueClosed";

  constructor(name: string) {
    super("memory.queue.closed", { name });
  }
}

/** There was no room in time. */
export class QueueFull extends LanesError<"memory.queue.full"> {
  override readonly name = "QueueFull";

  constructor(name: string, ms: number) {
    super("memory.queue.full", { name, ms });
  }
}

/** There was nothing in time. */
export class QueueEmpty extends LanesError<"memory.queue.empty"> {
  override readonly name = "QueueEmpty";

  constructor(name: string, ms: number) {
    super("memory.queue.empty", { name, ms });
  }
}
