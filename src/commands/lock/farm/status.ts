/** `lanes lock status --on` and `lanes lock break --on`: who holds a lock in a database and who waits for it; taking it away. */
import { ExitCode } from "../../../errors.ts";
import type { FarmConnection } from "../../../farm/connection.ts";
import { farmError } from "../../../farm/failures.ts";
import { breakFarmLock, type LeaseWaiter, lockStates, type SlotState } from "../../../farm/lock/statements.ts";
import { t } from "../../../i18n/index.ts";
import { isOurs } from "../../../lock/held-locks.ts";
import { printable, printableJson } from "../../../os/bytes/printable.ts";
import { writeErr, writeOut } from "../../../os/stdout.ts";
import { reached } from "../../farm.ts";
import { lockName } from "./name.ts";

/** Shown of a long line. */
const WAITING_SHOWN = 10;

export interface StatusRequest {
  readonly farm: string;
  /** Undefined: all locks that are held. */
  readonly name: string | undefined;
  readonly slots: number | undefined;
  readonly json: boolean;
  readonly mine: boolean;
}

/** @returns the exit code: 0 held, and with slots every one is; 1 it can be had. @throws LanesError (usage): no farm to be had. */
export async function farmLockStatus(request: StatusRequest): Promise<number> {
  const { farm, slots, json, mine } = request;
  const name = request.name === undefined ? null : lockName(request.name);
  return onFarm(farm, async (connection, label) => {
    const states = await lockStates(connection, name);
    // Slots are numbered from 1: 0 is the lock without slots.
    const all = states.slots.filter(
      ({ slot }) => name === null || (slots === undefined ? slot === 0 : slot > 0 && slot <= slots),
    );
    const found = name === null ? all : [...all, ...free(name, slots, all)];
    if (mine) return found.some(({ holder }) => holder !== null && isOurs(holder)) ? ExitCode.ok : ExitCode.failed;
    const shown = found.map(({ holder: _, ...slot }) => slot);
    const document = { v: 1, farm: label, locks: shown, waiting: states.waiting };
    writeOut(json ? `${printableJson(document)}\n` : textOf(shown, states.waiting));
    const taken = shown.filter(({ state }) => state === "held" || state === "ending");
    return taken.length > 0 && taken.length === shown.length ? ExitCode.ok : ExitCode.failed;
  });
}

export interface BreakRequest {
  readonly farm: string;
  readonly name: string;
  readonly force: boolean;
  readonly quiet: boolean;
}

/** @returns the exit code. @throws LanesError (usage): no farm to be had. */
export async function farmLockBreak({ farm, name, force, quiet }: BreakRequest): Promise<number> {
  return onFarm(farm, async (connection, label) => {
    const broken = await breakFarmLock(connection, lockName(name), force);
    const key = broken === 0 ? "farm.lock.broke.free" : force ? "farm.lock.broke.forced" : "farm.lock.broke.ending";
    if (!quiet) writeErr(`lanes: ${t(key, { name, farm: label })}\n`);
    return ExitCode.ok;
  });
}

async function onFarm<T>(farm: string, ask: (connection: FarmConnection, label: string) => Promise<T>): Promise<T> {
  const { connection, address } = await reached(farm, (line) => writeErr(`lanes: ${line}\n`));
  try {
    return await ask(connection, address.label);
  } catch (error) {
    throw await farmError(error, address);
  } finally {
    connection.close();
  }
}

/** Slots nobody has ever had are not in the database. */
function free(name: string, slots: number | undefined, known: readonly SlotState[]): SlotState[] {
  const wanted = slots === undefined ? [0] : Array.from({ length: slots }, (_, at) => at + 1);
  return wanted
    .filter((slot) => !known.some((one) => one.slot === slot))
    .map((slot) => ({
      name,
      slot,
      fence: 0,
      state: "free",
      holder: null,
      owner: null,
      since: null,
      leaseLeftMs: null,
    }));
}

type Shown = Omit<SlotState, "holder">;

function textOf(slots: readonly Shown[], waiting: readonly LeaseWaiter[]): string {
  if (slots.length === 0) return `${t("farm.lock.none")}\n`;
  const lines = slots.flatMap(slotLines);
  const line = waiting.slice(0, WAITING_SHOWN).map(({ name, owner, since }) => {
    return `  ${printable(`${since}  ${name}  ${partyText(owner)}`)}`;
  });
  if (waiting.length > 0) line.unshift(t("lock.status.waiting", { n: waiting.length }));
  if (waiting.length > WAITING_SHOWN) line.push(`  ${t("lock.status.more", { n: waiting.length - WAITING_SHOWN })}`);
  return [...lines, ...line, ""].join("\n");
}

function slotLines({ name, slot, state, fence, owner, since, leaseLeftMs }: Shown): string[] {
  const title = slot === 0 ? printable(name) : `${printable(name)} ${slot}`;
  const head = `${title}: ${t(`farm.lock.state.${state}`)}`;
  if (state === "free") return [head];
  const rows = [
    [t("farm.lock.fence"), String(fence)],
    ...(owner === null
      ? []
      : [
          [t("lock.status.host"), owner.host],
          [t("lock.status.pid"), String(owner.pid)],
          [t("farm.lock.user"), owner.user],
          [t("lock.status.command"), owner.command.join(" ")],
        ]),
    [t("lock.status.since"), since ?? ""],
    [t("farm.lock.leaseLeft"), `${((leaseLeftMs ?? 0) / 1e3).toFixed(1)} s`],
  ] as const;
  const width = Math.max(...rows.map(([label = ""]) => Bun.stringWidth(label)));
  const padded = ([label = "", value = ""]: readonly string[]) =>
    `  ${label}${" ".repeat(width - Bun.stringWidth(label))}  ${printable(value)}`;
  return [head, ...rows.map(padded)];
}

const partyText = (owner: LeaseWaiter["owner"]): string =>
  owner === null ? "" : `${owner.host} ${owner.pid} (${owner.command.join(" ")})`;
