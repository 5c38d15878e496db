/** What a lane does, in as few words as a column has room for: while it is played and in a replay the same. */
import { t } from "../i18n/index.ts";
import type { LaneActivity, WaitsFor } from "../recording/fold.ts";
import { holdsText } from "./events.ts";

/** What a lane's activity does not say by itself; who asks may know more or less of it. */
export interface Surroundings {
  /** The number of the lease that the lane believes to hold. */
  readonly fence: number | undefined;
  /** What it waits for, or whoever has that: as it is to be called. */
  readonly waitedFor: (waitsFor: WaitsFor) => string;
  /** That it has read something: with the value, where there is room for it. */
  readonly hasRead: () => string;
}

/** `waits P2`, `HOLDS`, `join P3`, `exited 0`, `killed KILL`. */
export function activityText(activity: LaneActivity, { fence, waitedFor, hasRead }: Surroundings): string {
  switch (activity.state) {
    case "exited":
    case "killed": {
      const { code, signal } = activity;
      if (signal !== null) return t("view.now.killed", { signal: signal.replace(/^SIG/, "") });
      return code === null ? t("view.now.ended") : t("view.now.exited", { code });
    }
    case "waits":
    case "holdsWaiting":
    case "reads": {
      const { waitsFor, refused, state } = activity;
      if (refused) return t("view.now.refused");
      if (waitsFor?.kind === "join") return t("view.now.join", { on: waitsFor.on });
      if (waitsFor !== undefined) return t("view.now.waits", { on: waitedFor(waitsFor) });
      return state === "reads" ? hasRead() : t("view.state.waits");
    }
    case "holds":
      return holdsText(fence);
    default:
      return t(`view.now.${activity.state}`);
  }
}
