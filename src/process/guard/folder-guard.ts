/**
 * A folder of files that are of no use once this process is gone: where it could not remove them (kill -9), a shell does, which
 * sleeps on a pipe whose other end only this process has. It is in a group and session of its own, so that what is sent to
 * lanes' own does not reach it, and is gone itself within a second.
 */
import { environment } from "../../os/bytes/bytes.ts";
import { spawnable } from "../../os/exec/spawnable.ts";

/** Twice: what is still being ended may write once more. */
const WAIT = `trap '' HUP INT TERM; read -r _; rm -rf -- "$1"; sleep 0.3; exec rm -rf -- "$1"`;

export class FolderGuard {
  readonly #process: Bun.Subprocess | null;

  /** Where no shell can be started nobody stands guard. @param folder an absolute path. */
  constructor(folder: string) {
    try {
      const { cmd, env } = spawnable(["/bin/sh", "-c", WAIT, "sh", folder], { PATH: environment().PATH });
      this.#process = Bun.spawn(cmd, { env, detached: true, stdio: ["pipe", "ignore", "ignore"] });
      this.#process.unref();
    } catch {
      this.#process = null;
    }
  }

  /** The folder is gone: nobody need stand guard over it. */
  async end(): Promise<void> {
    this.#process?.kill("SIGKILL");
    await this.#process?.exited;
  }
}
