/**
 * A process of a user's program, from inside: finds again what its parent meant, runs it, and says what came of it. It ends as
 * any program does: when nothing is left to do, timers and its own children included.
 */
import { readSync } from "node:fs";
import { ExitCode } from "../../errors.ts";
import { setLanguage } from "../../i18n/index.ts";
import { endWhenIdle, never } from "../../os/awake.ts";
import { printable } from "../../os/bytes/printable.ts";
import { writeErr } from "../../os/stdout.ts";
import { onUncaught } from "../../os/uncaught.ts";
import type { Wire } from "../../process/current.ts";
import { encodeFrame, FrameReader, type StartFrame, WIRE_FD } from "../../process/frames.ts";
import { begin } from "../../process/worker.ts";
import { writeWire } from "../../process/write.ts";
import { tell } from "../../thrown.ts";
import { load } from "../place/load.ts";
import type { Named } from "../place/place.ts";
import { processHere } from "../process.ts";
import { provide } from "../provide.ts";
import { decode, encode } from "../sending/values.ts";
import { told } from "../user-errors.ts";
import { decodeProgram, type ProcessJob } from "./program.ts";
import { becomeChild, recordProgram, runAsked } from "./self.ts";

/** Nothing is heard of the parent after its first frame: a wire that was listened to would keep this process alive. */
const wire: Wire = {
  send: (frame) => writeWire(WIRE_FD, encodeFrame(frame)),
  receive: () => Promise.reject(new Error("a process of a program gets no messages")),
};

/** Runs the part of a user's program that the parent asks for. Resolves, if at all, to this process's exit code. */
export async function runProgram(): Promise<number> {
  const frame = firstFrame();
  const engine = frame === undefined ? null : begin(frame, wire);
  if (frame === undefined || engine === null) return 1;
  const { language, identity, argv, job } = decodeProgram(frame.program ?? new Uint8Array());
  setLanguage(language);
  process.on("exit", () => engine.flush());
  if (job.is === "main") {
    const { runWatched } = await import("./watched.ts");
    return runWatched(job.file, argv);
  }
  endWhenIdle();
  becomeChild(identity);
  recordProgram();
  provide();
  process.argv.splice(1, process.argv.length, ...argv);
  // A terminal's Ctrl-C goes to all of its group; what becomes of this process is for the first one to say.
  process.on("SIGINT", () => {});
  const fail = (error: unknown) => {
    const data = tell(error);
    wire.send({ kind: "error", error: data, peakRssKb: null });
    writeErr(`${printable(identity.name)} (pid ${process.pid}):\n${told(data)}\n`);
    process.exit(ExitCode.failed);
  };
  onUncaught(fail);
  try {
    if (job.is === "pool") {
      const { runPoolWorker } = await import("../pool/inside.ts");
      process.exit(await runPoolWorker(job)); // whatever user code has open: a worker is done when its pool is
    }
    const result = await runJob(job);
    wire.send({ kind: "done", result: encode(result, "result"), peakRssKb: null });
  } catch (error) {
    fail(error);
  }
  return never;
}

/** What the parent says first, waited for without the event loop; undefined if it is gone. */
function firstFrame(): StartFrame | undefined {
  const reader = new FrameReader<StartFrame>();
  const chunk = Buffer.allocUnsafe(64 * 1024);
  for (;;) {
    const length = readSync(WIRE_FD, chunk);
    if (length === 0) return undefined;
    const [frame] = reader.push(Buffer.from(chunk.subarray(0, length)));
    if (frame !== undefined) return frame;
  }
}

async function runJob({ subclass, target, args, state }: ProcessJob): Promise<unknown> {
  const [type, call] = await load([subclass, target]);
  const given = (await decode(args)) as unknown[];
  if (type === undefined) return runAsked(() => call && (call as Call)(...given));
  const fields = state === undefined ? {} : ((await decode(state)) as object);
  const instance = processHere(type as Named, call as Call | undefined, given, fields);
  return runAsked(() => instance.run());
}

type Call = (...args: unknown[]) => unknown;
