/**
 * A command under a lock in a database: wait for the lock, run the command, keep the lock meanwhile, let go, and be the command's
 * exit code. If the lock cannot be kept the command is ended while nobody else can have it yet.
 *
 * If this process is killed another one, which it has started before the command, ends the command and lets go of the lock.
 */
import { ExitCode, LanesError } from "../../../errors.ts";
import type { FarmAddress } from "../../../farm/address.ts";
import type { FarmConnection } from "../../../farm/connection.ts";
import type { Contact } from "../../../farm/contact.ts";
import { farmError } from "../../../farm/failures.ts";
import { acquire } from "../../../farm/lock/acquire.ts";
import { farmGuard } from "../../../farm/lock/guard.ts";
import { Lease } from "../../../farm/lock/lease.ts";
import type { Acquired, FarmOwner, LeaseClaim } from "../../../farm/lock/statements.ts";
import { ourselves } from "../../../farm/owner.ts";
import { t } from "../../../i18n/index.ts";
import { isOurs, tokensForChild, tokensVariable } from "../../../lock/held-locks.ts";
import { printable } from "../../../os/bytes/printable.ts";
import { givenDescriptors } from "../../../os/files/descriptors.ts";
import { prepareSignals } from "../../../os/signals.ts";
import { isTerminal } from "../../../os/tty/tty.ts";
import { JobGroup } from "../../../process/guard/job-group.ts";
import { MARK_VARIABLE, outerMarks } from "../../../process/guard/mark.ts";
import { contactWith, reached } from "../../farm.ts";
import { EndingSignals } from "../ending-signals.ts";
import { execute } from "../execute.ts";
import { lockProc } from "../inheritance.ts";
import type { LockedCommand, OnFarm, Tell } from "../locked-command.ts";
import { PassingOn } from "../passing-on.ts";
import { childExitCode } from "../run-locked.ts";
import { CommandEnding } from "./ending.ts";
import { letGoOfLease } from "./letting-go.ts";
import { lockName } from "./name.ts";
import { missed, waits } from "./waits.ts";

/** From here on a wait is long, ms. */
const LONG_MS = 1_000;

type FarmLockRequest = LockedCommand & { readonly on: OnFarm };

/**
 * Runs it. `tell` gets what there is to say, a line at a time. @returns the exit code: the command's; 76 if it was ended because the
 * lock was lost; 128+n if signal n ended the wait.
 * @throws LanesError: not acquired (exit code 75), cannot be executed (126, 127), no farm to be had (2).
 */
export async function runLockedOnFarm(request: FarmLockRequest, tell: Tell): Promise<number> {
  givenDescriptors(lockProc);
  prepareSignals(lockProc);
  const name = lockName(request.file);
  const { connection, address } = await reached(request.on.farm, request.quiet ? () => {} : tell);
  const contact = contactWith(address, tell);
  const claim: LeaseClaim = {
    name,
    slots: request.slots ?? 0,
    holder: crypto.randomUUID(),
    owner: ownerOf(request.command),
    leaseMs: request.on.leaseMs,
  };
  const got = await acquired(connection, claim, request, contact, tell).catch(async (error: unknown) => {
    throw await farmError(error, address);
  });
  if (request.verbose) tell(t("farm.lock.acquired", { name, ms: Math.round(got.waitedMs), fence: got.fence }));
  return run({ connection, address, claim, got, contact }, request, tell);
}

async function acquired(
  connection: FarmConnection,
  claim: LeaseClaim,
  { wait, verbose, quiet }: FarmLockRequest,
  contact: Contact,
  tell: Tell,
): Promise<Acquired> {
  const farm = connection.address.label;
  using signals = new EndingSignals();
  let last: string | undefined;
  let said: string | undefined;
  const long = setTimeout(() => {
    // Whoever sits before it wants to know why nothing happens.
    if (!quiet && !verbose && isTerminal(2) && last !== undefined) tell(last);
  }, LONG_MS).unref();
  try {
    const found = await acquire(
      connection,
      claim,
      {
        waitMs: wait,
        signal: signals.came,
        onWait(refusal) {
          const ours = refusal.holders.find(isOurs);
          if (ours !== undefined)
            throw new LanesError("farm.lock.twice", { name: claim.name, farm }, { exitCode: ExitCode.usage });
          last = waits(claim, farm, refusal);
          if (verbose && last !== said) tell(last);
          said = last;
        },
      },
      contact,
    );
    if ("fence" in found) {
      if (!signals.came.aborted) return found;
    }
    signals.obey();
    throw missed(claim, farm, wait ?? 0, "missed" in found ? found.missed : undefined);
  } catch (error) {
    signals.obey();
    throw error;
  } finally {
    clearTimeout(long);
  }
}

interface TakenLease {
  readonly connection: FarmConnection;
  readonly address: FarmAddress;
  readonly claim: LeaseClaim;
  readonly got: Acquired;
  readonly contact: Contact;
}

async function run(
  { connection, address, claim, got, contact }: TakenLease,
  request: FarmLockRequest,
  tell: Tell,
): Promise<number> {
  const { name } = claim;
  const mark = `lock-${claim.holder}`;
  const held = { name, holder: claim.holder, slot: got.slot };
  const signals = new PassingOn();
  const guard = farmGuard(address, held, claim.leaseMs);
  let ending: CommandEnding | undefined;
  let lease: Lease | undefined;
  try {
    const group = new JobGroup(guard, mark);
    const child = execute(request.command, undefined, {
      LANES_FENCE: String(got.fence),
      LANES_LOCK: name,
      ...(got.slot > 0 ? { LANES_SLOT: String(got.slot) } : {}),
      [tokensVariable]: [tokensForChild(), claim.holder].filter(Boolean).join(" "),
      [MARK_VARIABLE]: outerMarks() + mark,
    });
    group.started(child.pid, false);
    signals.to(child);
    lease = new Lease(connection, claim, got, contact, ({ why, sinceMs, killMs }) => {
      const key = `farm.lock.lost.${why}.${request.on.whenLost}` as const;
      tell(t(key, { name, farm: address.label, seconds: Math.round(sinceMs / 1e3) }));
      if (request.on.whenLost === "stop") ending = new CommandEnding(mark, child, killMs, tell);
    });
    const code = await childExitCode(child);
    if (ending === undefined) return code;
    await ending.complete;
    return ExitCode.lockLost;
  } finally {
    lease?.end();
    await letGoOfLease(
      connection,
      held,
      { farm: address.label, leaseMs: claim.leaseMs, known: lease?.loss !== undefined },
      tell,
    );
    connection.close();
    await guard.close();
    guard.forget();
    await signals.end();
  }
}

/** Who we are, and what we do. */
const ownerOf = (command: readonly string[]): FarmOwner => ({ ...ourselves(), command: command.map(printable) });
