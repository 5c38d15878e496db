/** `lanes trace`: the command runs as it would alone, and every process it starts is seen. */

import { afterAll, describe, expect, test } from "bun:test";
import { chmodSync, copyFileSync, existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { lanes, Playground } from "../../support/lanes.ts";
import { mayTrace } from "../../support/processes/ptrace.ts";
import { root } from "../../support/root.ts";
import { until } from "../../support/wait.ts";

const play = new Playground();
afterAll(() => play.clean());

interface Document {
  readonly exitCode: number | null;
  readonly signal: string | null;
  readonly processes: number;
  readonly failures: number;
  readonly failed: readonly {
    readonly command: string;
    readonly exitCode: number | null;
    readonly signal: string | null;
  }[];
  readonly orphans: number;
  readonly zombies: number;
  readonly left: number;
  readonly sampled: boolean;
  readonly sampledBecause: string | null;
  readonly mostThreads: number;
  readonly criticalPath: readonly { readonly command: string; readonly startMs: number; readonly endMs: number }[];
  readonly waitedMs: Readonly<Record<string, number>>;
}

type Line = { readonly type: string; readonly lane: string; readonly pid: number } & Readonly<Record<string, unknown>>;

async function traced(script: string, options: readonly string[] = []) {
  const { stderr, stdout, code } = await play.run(["trace", "--json", ...options, "bash", "-c", script]);
  const told = stderr.split("\n").find((line) => line.startsWith('{"v":1'));
  return { document: JSON.parse(told ?? "null") as Document, stdout, stderr, code };
}

async function recorded(script: string): Promise<Line[]> {
  const { stderr } = await play.run(["trace", "--jsonl", "bash", "-c", script]);
  return stderr
    .split("\n")
    .filter((line) => line.startsWith('{"type"'))
    .map((line) => JSON.parse(line) as Line);
}

const linux = process.platform === "linux";
const describeTraced = describe.skipIf(!mayTrace);

describe.skipIf(!linux)("lanes trace", () => {
  test("hands on what the command writes and its exit code, and shows the lanes on stderr", async () => {
    const { stdout, stderr, code } = await play.run([
      "trace",
      "bash",
      "-c",
      "echo out; echo err >&2; (exit 4); exit 3",
    ]);
    expect(stdout).toBe("out\n");
    expect(stderr).toMatch(/^err\n/m);
    expect(stderr).toContain("P1");
    expect(stderr).toContain("why not faster");
    expect(code).toBe(3);
  });

  test("-q says nothing", async () => {
    expect(await play.run(["trace", "-q", "bash", "-c", "echo out"])).toMatchObject({
      stdout: "out\n",
      stderr: "",
      code: 0,
    });
  });

  test("a command that cannot be run: 127 not there, 126 not executable, 2 none at all", async () => {
    expect((await play.run(["trace", "no-such-command"])).code).toBe(127);
    expect((await play.run(["trace", "/etc/passwd"])).code).toBe(126);
    expect((await play.run(["trace", "/tmp"])).code).toBe(126);
    writeFileSync(join(play.tmp, "script"), "#!/no/such/interpreter\n");
    chmodSync(join(play.tmp, "script"), 0o755);
    const { code, stderr } = await play.run(["trace", "./script"]);
    expect(code).toBe(126);
    expect(stderr).toContain("/no/such/interpreter");
    expect((await play.run(["trace"])).code).toBe(2);
  });

  test("killed by a signal: 128+n", async () => {
    const { document, code } = await traced("kill -KILL $$");
    expect(code).toBe(137);
    expect(document).toMatchObject({ exitCode: null, signal: "SIGKILL" });
  });

  test("the command has the environment, descriptors, limits and signals that it has alone", async () => {
    const show =
      "env -0 | tr '\\0' '\\n' | grep -v ^SHLVL | sort; grep -E '^Sig(Ign|Blk|Cgt)' /proc/self/status; ulimit -a; umask; cat <&7";
    const line = (before: string) => `trap '' INT USR1; echo seven > seven; ${before} bash -c "$SHOW" 7<seven; echo $?`;
    const alone = await play.shell(line(""), { SHOW: show });
    const seen = await play.shell(line('"$LANES" trace -q'), { SHOW: show });
    expect(seen.stdout).toBe(alone.stdout);
    expect(alone.stdout).toContain("seven");
  });

  test("a script without #! is run by sh, and arguments are bytes", async () => {
    writeFileSync(join(play.tmp, "plain"), 'printf "%s" "$1" | od -An -tx1\n');
    chmodSync(join(play.tmp, "plain"), 0o755);
    const { stdout } = await play.shell(`"$LANES" trace -q ./plain $'a\\xe9'`);
    expect(stdout.trim()).toBe("61 e9");
  });

  test("looks into /proc only with --sample, and says so", async () => {
    const { document, code } = await traced("sleep 0.5; exit 6", ["--sample"]);
    expect(code).toBe(6);
    expect(document).toMatchObject({ sampled: true, sampledBecause: "asked", processes: 2, exitCode: 6 });
  });

  test("where ptrace is refused the processes are looked at, and that is said", async () => {
    const fixture = join(root, "tests/fixtures", "no-ptrace.ts");
    const child = Bun.spawn([process.execPath, fixture, lanes, "trace", "bash", "-c", "sleep 0.3; exit 5"], {
      env: play.env,
      stdin: "ignore",
      stdout: "ignore",
      stderr: "pipe",
    });
    const stderr = await new Response(child.stderr).text();
    expect(await child.exited).toBe(5);
    expect(stderr).toContain("does not allow tracing");
    expect(stderr).toContain("sleep 0.3");
  });
});

describeTraced("what a trace sees", () => {
  test("every process, however short, and what failed", async () => {
    const { document } = await traced("for i in {1..50}; do /bin/true; done; /bin/false; (exit 9); exit 0");
    expect(document).toMatchObject({ processes: 53, failures: 2, sampled: false });
    expect(document.failed.map(({ exitCode }) => exitCode)).toEqual([1, 9]);
  });

  test("threads are counted, and no processes", async () => {
    const script =
      "import threading as t\nb=t.Barrier(41)\nl=[t.Thread(target=b.wait) for _ in range(40)]\nfor x in l: x.start()\nb.wait()\nfor x in l: x.join()";
    const { document, code } = await traced(`exec python3 -c '${script}'`);
    expect(code).toBe(0);
    expect(document.processes).toBe(1);
    expect(document.mostThreads).toBe(41);
  });

  test("who waits for a lock, and who holds it", async () => {
    const events = await recorded(
      "flock a.lock bash -c 'touch held; while ! [ -e waits ]; do sleep 0.05; done; sleep 0.4; true' & " +
        "while ! [ -e held ]; do sleep 0.02; done; touch waits; flock a.lock true; wait",
    );
    const wait = events.find(({ type, why }) => type === "wait" && why === "lock");
    expect(wait?.on).toBe(join(play.tmp, "a.lock"));
    const holder = events.findLast(({ type, pid }) => type === "exec" && pid === wait?.by);
    expect(String(holder?.command)).toStartWith("flock a.lock bash");
  });

  test("who waits for whom: a child, data from a pipe, time", async () => {
    const events = await recorded("(sleep 0.6; echo x) | cat");
    const waits = (why: string, command: string) => {
      const lanesOf = new Set(
        events.filter((one) => one.type === "exec" && one.command === command).map((one) => one.lane),
      );
      return events.find((one) => one.type === "wait" && one.why === why && lanesOf.has(one.lane));
    };
    expect(waits("time", "sleep 0.6")).toBeDefined();
    const writers = events.filter(({ pid }) => pid === waits("pipe", "cat")?.by);
    expect(writers.length).toBeGreaterThan(0);
    expect(events.some(({ type, why, lane }) => type === "wait" && why === "child" && lane === "P1")).toBe(true);
  });

  test("a semaphore of multiprocessing, and the one that must have it", async () => {
    const script = `
import multiprocessing as m, time
def hold(lock, got):
    with lock:
        got.set(); time.sleep(1)
def want(lock):
    with lock: pass
if __name__ == "__main__":
    lock, got = m.Lock(), m.Event()
    a = m.Process(target=hold, args=(lock, got)); a.start(); got.wait()
    b = m.Process(target=want, args=(lock,)); b.start()
    b.join(); a.join()
`;
    writeFileSync(join(play.tmp, "sem.py"), script);
    const events = await recorded("exec python3 sem.py");
    const named = events.find(({ type, why, by }) => type === "wait" && why === "semaphore" && by !== undefined);
    expect(events.find(({ pid, type }) => type === "spawn" && pid === named?.by)?.lane).toBe("P2");
  });

  test("zombies, orphans, and a daemon that forks twice and goes on untraced", async () => {
    const { document } = await traced(
      "(setsid bash -c 'echo $BASHPID > daemon; while ! [ -e stop ]; do sleep 0.05; done' >/dev/null 2>&1 &) ; " +
        "while ! [ -s daemon ]; do sleep 0.02; done; " +
        "bash -c '/bin/true & exec sleep 0.5'",
    );
    expect(document.orphans).toBeGreaterThanOrEqual(1);
    expect(document.zombies).toBe(1);
    expect(document.left).toBeGreaterThanOrEqual(1);
    const pid = readFileSync(join(play.tmp, "daemon"), "utf8").trim();
    // The tracer lets go of what is left as it ends, a moment after lanes.
    const isLeftAlone = () => /^TracerPid:\s+0$/m.test(readFileSync(`/proc/${pid}/status`, "utf8"));
    await until("nobody to trace it", isLeftAlone);
    writeFileSync(join(play.tmp, "stop"), "");
    await until("the daemon to end", () => !existsSync(`/proc/${pid}`));
  });

  test("a recording is replayed, and exports what the trace itself would have", async () => {
    const file = join(play.tmp, "job.jsonl");
    const { stdout } = await play.shell(
      `"$LANES" trace --html a.html --svg a.svg --trace a.trace --jsonl bash -c 'sleep 0.2; echo mixed >&2; /bin/false' 2> job.jsonl; echo $?`,
    );
    expect(stdout).toBe("1\n");
    expect(readFileSync(file, "utf8")).toContain("mixed");
    const replay = await play.run(["replay", file, "--html", "b.html", "--svg", "b.svg"]);
    expect(replay.code).toBe(0);
    const page = (name: string) => readFileSync(join(play.tmp, name), "utf8").replace(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, "");
    expect(page("b.html")).toBe(page("a.html"));
    expect(page("b.svg")).toBe(page("a.svg"));
    const told = await play.run(["replay", file]);
    expect(told.stdout).toContain("waits for pid");
    expect(
      (JSON.parse(readFileSync(join(play.tmp, "a.trace"), "utf8")) as { traceEvents: unknown[] }).traceEvents.length,
    ).toBeGreaterThan(3);
  });

  test("lanes trace under lanes trace: the inner one looks, and says so", async () => {
    const { stderr, code } = await play.run(["trace", "-q", lanes, "trace", "bash", "-c", "exit 7"]);
    expect(code).toBe(7);
    expect(stderr).toContain("being traced itself");
  });

  test("an export that is there already: exit 2, and nothing is started", async () => {
    writeFileSync(join(play.tmp, "there.html"), "mine");
    const { code, stdout } = await play.run(["trace", "--html", "there.html", "echo", "hi"]);
    expect(code).toBe(2);
    expect(stdout).toBe("");
  });
});

/** Becomes a user without rights; null for whoever cannot. */
const asNobody = ["setpriv", "--reuid=65533", "--regid=65533", "--clear-groups", "env", `HOME=${play.tmp}`];
const canBeNobody =
  process.getuid?.() === 0 && Bun.spawnSync([...asNobody, "true"], { stderr: "ignore" }).exitCode === 0;

describe.skipIf(!mayTrace || !canBeNobody)("a program that gets rights by its file, traced by an ordinary user", () => {
  const file = join(play.tmp, "suid-id");
  /** Where anybody may start it: the project may lie in a folder that only its owner may enter. */
  const reachable = join(play.tmp, "lanes");
  const run = (...words: string[]) =>
    Bun.spawnSync([...asNobody, reachable, "trace", ...words], {
      cwd: "/",
      env: play.env,
      stderr: "pipe",
      stdout: "pipe",
    });

  test("is sampled if it is the command, and keeps them; further down it is said that it has none", () => {
    chmodSync(play.tmp, 0o755);
    copyFileSync(lanes, reachable);
    chmodSync(reachable, 0o755);
    writeFileSync(file, readFileSync("/usr/bin/id"));
    chmodSync(file, 0o4755);
    const alone = run(file);
    expect(alone.stdout.toString()).toContain("euid=0");
    expect(alone.stderr.toString()).toContain("set-user-ID");
    const below = run("bash", "-c", `${file}; true`);
    expect(below.stdout.toString()).not.toContain("euid=0");
    expect(below.stderr.toString()).toContain(`${file}: gets rights`);
  });
});
