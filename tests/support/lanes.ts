/** The executable under test, run as a script would run it. */

import { existsSync, mkdtempSync, readdirSync, rmSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { marked } from "./processes/processes.ts";
import { root } from "./root.ts";
import { until } from "./wait.ts";

/** The lanes that is tried: dist/lanes, or whichever installed one LANES_BINARY names (by an absolute path). */
const built = join(root, "dist", "lanes");
const executable = process.env.LANES_BINARY || built;

export { executable as lanes };

/** Whether the executable was built after each of the sources was written. */
export function isOfTheseSources(): boolean {
  const builtMs = statSync(executable, { throwIfNoEntry: false })?.mtimeMs ?? 0;
  const files = readdirSync(join(root, "src"), { recursive: true, encoding: "utf8" });
  return files.every((file) => statSync(join(root, "src", file)).mtimeMs < builtMs);
}

let compared = false;

/** The executable; says once what makes tests fail, or pass, that have no reason to. @throws Error if there is none. */
function tried(): string {
  if (!existsSync(executable)) throw new Error(`there is no ${executable}: npm run build, or npm test -- FILE`);
  if (!compared && executable === built && !isOfTheseSources())
    console.error("dist/lanes is older than src, and is what is tried here: npm run build");
  compared = true;
  return executable;
}

export interface Done {
  readonly stdout: string;
  readonly stderr: string;
  readonly code: number | null;
  readonly signal: string | null;
}

/** Waits until a child has ended, and reads all it wrote meanwhile. */
async function ended(child: Bun.Subprocess<"ignore", "pipe", "pipe">): Promise<Done> {
  const [stdout, stderr] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ]);
  return {
    stdout,
    stderr,
    code: child.exitCode,
    signal: child.signalCode === null ? null : String(child.signalCode),
  };
}

/**
 * A place where lanes runs: its own temporary folder (TMPDIR), and a mark in the environment by which everything it
 * starts is found again. `clean` fails if any process or file is left.
 */
export class Playground implements AsyncDisposable {
  readonly tmp = mkdtempSync(join(tmpdir(), "lanes-e2e-"));
  readonly mark = `LANES_TEST_MARK=${this.tmp}`;
  readonly env: Record<string, string> = {
    PATH: "/usr/bin:/bin",
    HOME: this.tmp,
    TMPDIR: this.tmp,
    LANG: "C.UTF-8",
    LANES_TEST_MARK: this.tmp,
  };

  /** @param lanes another executable than the one under test. */
  constructor(readonly lanes = tried()) {}

  /** Starts lanes with these arguments; stdin is empty, stdout and stderr are pipes. */
  spawn(args: readonly string[], env: Record<string, string> = {}) {
    return Bun.spawn([this.lanes, ...args], {
      env: { ...this.env, ...env },
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
      cwd: this.tmp,
    });
  }

  /** Runs lanes to its end. */
  async run(args: readonly string[], env: Record<string, string> = {}): Promise<Done> {
    return ended(this.spawn(args, env));
  }

  /** Runs a line of shell with lanes as `$LANES`. */
  async shell(line: string, env: Record<string, string> = {}): Promise<Done> {
    const options = {
      env: { ...this.env, ...env, LANES: this.lanes },
      stdin: "ignore",
      stdout: "pipe",
      stderr: "pipe",
      cwd: this.tmp,
    } as const;
    return ended(Bun.spawn(["bash", "-c", line], options));
  }

  /** The processes that were started here and still run. */
  running(): number[] {
    return marked(this.mark);
  }

  /** Kills whatever was started here and still runs. */
  killRunning(): void {
    for (const pid of this.running())
      try {
        process.kill(pid, "SIGKILL");
      } catch {
        // It has ended meanwhile.
      }
  }

  /** The temporary files left here, but for the lock's turnstile folder, which is kept on purpose. */
  leftovers(): string[] {
    return readdirSync(this.tmp).filter((name) => name.startsWith("lanes-") && !/^lanes-\d+$/.test(name));
  }

  /** Waits until nothing runs any more and removes the folder. @throws Error if something is left. */
  async clean(): Promise<void> {
    await until("every process to end", () => this.running().length === 0, 60_000);
    const left = this.leftovers();
    rmSync(this.tmp, { recursive: true, force: true });
    if (left.length > 0) throw new Error(`left behind: ${left.join(" ")}`);
  }

  /** Its end, also that of a test which has failed: whatever still runs is killed, so that nobody else meets it. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.killRunning();
    await this.clean();
  }
}
