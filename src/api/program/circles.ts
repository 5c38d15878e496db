/** Says on stderr which processes of a program wait for one another: the program stands still, and nobody else would say why. */
import { t } from "../../i18n/index.ts";
import { nameOfOwn, watchCircles } from "../../memory/index.ts";
import { printable } from "../../os/bytes/printable.ts";
import { writeErr } from "../../os/stdout.ts";
import { activeChildren } from "../process.ts";
import { self } from "./self.ts";

/** From now on it is said of locks that this process has made. */
export function tellCircles(): void {
  watchCircles((circle) => {
    const names = new Map(activeChildren().map(({ pid, name }) => [pid, name]));
    names.set(process.pid, self().name);
    const who = (pid: number) => `${printable(names.get(pid) ?? "?")} (pid ${pid})`;
    const waits = circle.map(({ lock, waiterPid, holderPid }) =>
      t("api.circle.wait", { waiter: who(waiterPid), lock: nameOfOwn(lock), holder: who(holderPid) }),
    );
    writeErr(`lanes: ${t("api.circle")}\n${waits.map((line) => `  ${line}\n`).join("")}  ${t("api.circle.help")}\n`);
  });
}
