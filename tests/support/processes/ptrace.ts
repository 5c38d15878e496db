/** Whether processes may be traced here: not in every container, and nobody twice. */
import { tmpdir } from "node:os";
import { lanes } from "../lanes.ts";

const tried = () =>
  Bun.spawnSync([lanes, "trace", "--json", "true"], {
    env: { PATH: "/usr/bin:/bin", HOME: tmpdir(), LANG: "C.UTF-8" },
    stdout: "ignore",
    stderr: "pipe",
  });

/** Tests that need it skip by name where it is refused. */
export const mayTrace = process.platform === "linux" && !/"sampled":true/.test(tried().stderr.toString());
