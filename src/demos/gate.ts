/** A child that stops until its parent lets it go on. The parent hears `here` from it, and sends it anything. */
import { currentProcess } from "../process/index.ts";

/** Tells the parent that this process is here, and waits, on the record as a wait on `on`, until the parent answers. */
export async function waitForParent(on: string): Promise<void> {
  const me = currentProcess();
  me.emit({ type: "wait", on });
  me.send("here");
  await me.receive();
  me.emit({ type: "run" });
}
