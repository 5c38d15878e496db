/** Why a lock in a database is not to be had, in words. */
import { ExitCode, LanesError } from "../../../errors.ts";
import type { LeaseClaim, LeaseRefusal } from "../../../farm/lock/statements.ts";
import { t } from "../../../i18n/index.ts";

/** What is being waited for. */
export function waits({ name }: Pick<LeaseClaim, "name">, farm: string, { owner, ahead }: LeaseRefusal): string {
  if (owner === undefined) return t("farm.lock.line", { name, farm, ahead });
  const { host, pid, command } = owner;
  return t("farm.lock.waits", { name, farm, host, pid, command: command.join(" ") });
}

/** It was not to be had in time. @param waitMs how long was waited. */
export function missed(
  { name }: Pick<LeaseClaim, "name">,
  farm: string,
  waitMs: number,
  refusal: LeaseRefusal | undefined,
): LanesError {
  const because = { exitCode: ExitCode.notAcquired };
  const seconds = waitMs / 1e3;
  if (refusal?.owner === undefined) return new LanesError("farm.lock.missed", { name, farm, seconds }, because);
  const { host, pid, command } = refusal.owner;
  const said = { name, farm, host, pid, command: command.join(" ") };
  if (waitMs === 0) return new LanesError("farm.lock.busy", said, because);
  return new LanesError("farm.lock.timeout", { ...said, seconds }, because);
}
