/**
 * Demo `exchange`: the same payload from one process to another through every medium, once as many small messages and once
 * as a few large ones. Timed from just before the first is sent to when the receiver has checked the last, on the one clock.
 */

import { rmSync } from "node:fs";
import { join } from "node:path";
import type { Receiver, Sender } from "../../channel/channel.ts";
import type { MessageKey } from "../../i18n/phrase.ts";
import { phrase } from "../../i18n/phrase.ts";
import { currentProcess, defineTarget, lostError, Process } from "../../process/index.ts";
import { nowMs } from "../../recording/clock.ts";
import type { Demo } from "../define.ts";
import { codeOf } from "../source.macro.ts" with { type: "macro" };
import type { Stage } from "../stage.ts";
import { type MediumName, media, mediumNames } from "./media.ts";
import { expectedHash, type MessageLoad, messageNumber, messagesOf } from "./payload.ts";
import { exchangeWhy, isClearlyFastest, type MediumResult, type Passage, resultOf } from "./report.ts";

/** What the receiver found: how many came, whether in order, and a hash over all their bytes. */
interface Tally {
  readonly received: number;
  readonly inOrder: boolean;
  readonly hash: bigint;
  readonly doneMs: number;
}

/** Bytes of a large message. */
const LARGE = 2 ** 20;
/** A broken medium is noticed before the end of the process that broke it; by this much at most, ms. */
const NOTICE_MS = 500;
/** Messages before it counts. */
const WARM_UP = 1_000;
/** How often the large ones are sent: the best of them counts, for others may have wanted the cores. */
const SAMPLES = 3;

// show
const receive = defineTarget("exchange#receive", async () => {
  const me = currentProcess();
  for (;;) {
    me.emit({ type: "wait", on: "message" });
    const task = (await me.receive()) as { medium: MediumName; path: string } | null;
    me.emit({ type: "run" });
    if (task === null) return;
    const receiver = await media[task.medium].receive(task.path, me);
    me.send("ready");
    me.send(await take(receiver));
    await receiver.close();
  }
});

const send = defineTarget("exchange#send", async (dir: string, loads: readonly MessageLoad[]) => {
  const me = currentProcess();
  const child = new Process({ target: receive, name: `${me.name}.1` }).start();
  const passages: Passage[] = [];
  for (const load of loads) {
    const hash = expectedHash(load);
    for (const medium of mediumNames) {
      me.emit({ type: "run", text: `${medium}: ${load.messages} × ${load.bytes} bytes` });
      const path = emptyPath(dir, `${medium}-${load.bytes}`);
      const sender = await media[medium].send(path, child);
      child.send({ medium, path });
      await child.receive(); // it is ready

      const startMs = nowMs();
      await whileAlive(child, give(sender, load));
      const tally = (await child.receive()) as Tally;

      const ok = tally.received === load.messages && tally.inOrder && tally.hash === hash;
      passages.push({ medium, ...load, ok, ms: tally.doneMs - startMs });
    }
  }
  child.send(null);
  await child.join();
  return passages;
});

async function give(sender: Sender, load: MessageLoad): Promise<void> {
  for (const message of messagesOf(load)) await sender.send(message);
  await sender.end();
}

async function take(receiver: Receiver): Promise<Tally> {
  let [received, inOrder, hash] = [0, true, 0n];
  for (let message = await receiver.receive(); message !== null; message = await receiver.receive()) {
    inOrder &&= messageNumber(message) === received;
    hash = Bun.hash.wyhash(message, hash);
    received += 1;
  }
  return { received, inOrder, hash, doneMs: nowMs() };
}
// end

/** A path in the folder where nothing is: what an earlier run left there is removed. */
function emptyPath(dir: string, name: string): string {
  const path = join(dir, name);
  for (const file of [path, `${path}-wal`, `${path}-shm`]) rmSync(file, { force: true });
  return path;
}

/**
 * The promise, as long as the child lives: some media would wait for a dead one for ever, others have no word for it.
 * @throws LanesError `error.process.lost`, or what the child threw.
 */
async function whileAlive<T>(child: Process, promise: Promise<T>): Promise<T> {
  const lost = () => child.error ?? lostError(child);
  const ended = child.join().then(() => Promise.reject(lost()));
  try {
    return await Promise.race([promise, ended]);
  } catch (error) {
    throw (await child.join({ timeout: NOTICE_MS })) ? lost() : error;
  }
}

async function play(stage: Stage): Promise<MediumResult[]> {
  const small = { messages: stage.number("messages"), bytes: stage.number("size") };
  const large = { messages: stage.number("megabytes"), bytes: LARGE };
  // The first two are not counted: whichever medium comes first would pay for code that has not been compiled yet.
  const loads: MessageLoad[] = [
    { ...small, messages: Math.min(small.messages, WARM_UP) },
    { ...large, messages: 1 },
    small,
    ...Array.from({ length: SAMPLES }, () => large),
  ];
  const sender = stage.process(send, [stage.dir, loads]).start();
  await stage.join([sender]);
  if (sender.result === undefined) throw lostError(sender);
  const passages = (sender.result as Passage[]).slice(2 * mediumNames.length);
  return mediumNames.map((name) => resultOf(name, passages));
}

export const demo: Demo<{ media: MediumResult[] }> = {
  name: "exchange",
  params: [
    { kind: "number", name: "messages", min: 1, max: 100_000, default: 10_000 },
    { kind: "number", name: "size", min: 4, max: 16_384, default: 100, unit: "bytes" },
    { kind: "number", name: "megabytes", min: 1, max: 256, default: 16 },
  ],
  prediction: { choices: mediumNames },
  code: codeOf("exchange"),
  command: "seq 100 | lanes run echo {} > all.txt",
  measures: ({ media }) =>
    Object.fromEntries(
      media.flatMap(({ name, messagesPerSecond, mbPerSecond }) => [
        [`${name}.messagesPerSecond`, messagesPerSecond],
        [`${name}.mbPerSecond`, mbPerSecond],
      ]),
    ),
  async play(stage) {
    const results = await play(stage);
    const fastest = (rate: (result: MediumResult) => number) =>
      results.reduce((best, result) => (rate(result) > rate(best) ? result : best)).name;
    const [bestSmall, bestLarge] = [fastest((one) => one.messagesPerSecond), fastest((one) => one.mbPerSecond)];
    const exits = stage.recording.of("exit");
    return {
      result: { media: results },
      facts: [
        { label: "demo.exchange.fact.small", value: bestSmall },
        { label: "demo.exchange.fact.large", value: bestLarge },
      ],
      checks: [
        { label: "demo.exchange.check.whole", ok: results.every(({ ok }) => ok) },
        { label: "demo.exchange.check.two", ok: new Set(exits.map(({ pid }) => pid)).size === 2 },
        { label: "demo.check.exit", ok: exits.every(({ code }) => code === 0) },
      ],
      pictures: [
        {
          kind: "bars",
          unit: phrase("demo.exchange.unit.small"),
          rows: results.map(({ name, messagesPerSecond }) => ({ label: name, value: Math.round(messagesPerSecond) })),
        },
        {
          kind: "bars",
          unit: "MB/s",
          rows: results.map(({ name, mbPerSecond }) => ({ label: name, value: Math.round(mbPerSecond) })),
        },
        {
          kind: "table",
          columns: ["", phrase("demo.exchange.column.pick")],
          rows: results.map(({ name }) => [name, phrase(pickWhen[name])]),
        },
      ],
      ...(isClearlyFastest(results.map(({ mbPerSecond }) => mbPerSecond)) ? { answer: bestLarge } : {}),
      ...exchangeWhy(results),
      suggestion:
        bestLarge === "shared-memory"
          ? { size: Math.min(stage.number("size") * 10, 16_384) }
          : { megabytes: Math.min(stage.number("megabytes") * 4, 256) },
    };
  },
};

const pickWhen = {
  ipc: "demo.exchange.pick.ipc",
  pipe: "demo.exchange.pick.pipe",
  file: "demo.exchange.pick.file",
  sqlite: "demo.exchange.pick.sqlite",
  "shared-memory": "demo.exchange.pick.shared-memory",
} as const satisfies Record<MediumName, MessageKey>;
