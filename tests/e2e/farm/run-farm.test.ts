/** `lanes run --on`, `lanes work`, `lanes batch`: several machines, each a process with a name and a folder of its own, and a real PostgreSQL. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, readdirSync, readFileSync, rmdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { farmAddress } from "../../../src/farm/address.ts";
import { FarmConnection } from "../../../src/farm/connection.ts";
import {
  batchProgress,
  closeBatch,
  type NewBatch,
  openBatch,
  putJobs,
  stopBatch,
} from "../../../src/farm/jobs/batch-statements.ts";
import { endedJobs, takeJobs } from "../../../src/farm/jobs/collect-statements.ts";
import type { Spec } from "../../../src/farm/jobs/payload.ts";
import {
  claimJobs,
  completeJobs,
  giveBackJobs,
  giveUpOthers,
  registerWorker,
  renewWorker,
  type TryResult,
} from "../../../src/farm/jobs/worker-statements.ts";
import { prepare } from "../../../src/farm/schema.ts";
import { Cuttable } from "../../support/cut.ts";
import { type Done, Playground } from "../../support/lanes.ts";
import { hasPostgres, type Postgres, startFarm } from "../../support/postgres.ts";
import { isRunning, signalProcess } from "../../support/processes/processes.ts";
import { Pty } from "../../support/pty.ts";
import { until } from "../../support/wait.ts";

/** For what takes two leases, and more where renewals are late because the machine is busy, ms. */
const LONG_MS = 90_000;

type Child = ReturnType<Playground["spawn"]>;

describe.skipIf(!hasPostgres)("lanes run --on", () => {
  const place = new Playground();
  let server: Postgres;
  /** Two machines work on it: a and b. */
  let farm: string;
  let url: string;

  beforeAll(async () => {
    ({ server, farm, url } = await startFarm());
    expect((await place.run(["work", "--setup", url])).code).toBe(0);
    for (const name of ["a", "b"]) work(name);
  });
  afterAll(async () => {
    for (const worker of workers) worker.kill("SIGHUP");
    expect(await Promise.all(workers.map((worker) => worker.exited))).toEqual(workers.map(() => 0));
    const left = await server.ask(
      farm,
      "select 'batch' as x from lanes.batch union all select 'worker' from lanes.worker",
    );
    expect(left).toEqual([]);
    await server[Symbol.asyncDispose]();
    await place.clean();
  });

  /** Those that work as long as there are tests. */
  const workers: Child[] = [];
  const folderOf = (name: string) => {
    mkdirSync(join(place.tmp, name), { recursive: true });
    return join(place.tmp, name);
  };
  const worker = (name: string, at: string, ...options: string[]) =>
    place.spawn(["work", at, "--name", name, "-j2", "--wd", folderOf(name), ...options]);
  const work = (name: string) => workers.push(worker(name, url));

  const file = (name: string) => join(place.tmp, name);
  const read = (name: string) => (existsSync(file(name)) ? readFileSync(file(name), "utf8") : "");
  const words = (name: string) => read(name).split(/\s+/).filter(Boolean);
  const run = (...args: string[]) => place.run(["run", "--on", url, ...args]);
  /** Done by others only. */
  const ask = (...args: string[]) => run("--no-work", ...args);
  const batch = (...args: string[]) => place.run(["batch", url, ...args]);
  const lines = ({ stdout }: Done) => stdout.split("\n").slice(0, -1);
  const joblog = (name: string) =>
    read(name)
      .split("\n")
      .slice(1, -1)
      .map((line) => line.split("\t"));
  const listed = async (name: string, at = url) => {
    const done = await place.run(["batch", at, name, "--json"]);
    return JSON.parse(done.stdout).batches[0];
  };
  const text = (child: Child) => new Response(child.stderr).text();
  /** Waits until it has said so. */
  async function said(child: Child, wanted: string): Promise<void> {
    const reader = child.stderr.getReader();
    for (let all = ""; !all.includes(wanted); ) {
      const { value, done } = await reader.read();
      if (done) throw new Error(`it ended, and said only: ${all}`);
      all += Buffer.from(value).toString();
    }
    reader.releaseLock();
  }
  const count = async (what: string, database = farm) =>
    (await server.ask<{ n: number }>(database, `select count(*)::int as n from ${what}`))[0]?.n;

  /** Those whose question, so worded, waits for a lock. */
  const waitingFor = (database: string, question: string, what = "pid") =>
    server.ask(
      database,
      `select ${what} from pg_stat_activity where wait_event_type = 'Lock' and query like '${question}'`,
    );

  /** Cuts off whoever waits for an answer to a question, as soon as somebody does. */
  const cutOff = (database: string, question: string) =>
    until("it to be asked", async () => {
      return (await waitingFor(database, question, "pg_terminate_backend(pid)")).length > 0;
    });

  /** Writes its pid to `tag.N.M` as it begins, of the M-th try, and waits for the file `tag.go`. */
  const waiting = (tag: string) =>
    `echo $$ $LANES_HOST >${place.tmp}/${tag}.{}.$LANES_ATTEMPT; until [ -e ${place.tmp}/${tag}.go ]; do sleep 0.2; done; echo $LANES_HOST {} $LANES_ATTEMPT`;
  const go = (tag: string) => writeFileSync(file(`${tag}.go`), "");
  const begun = (tag: string, ...tries: string[]) =>
    until(`${tag} to run`, () => tries.every((one) => read(`${tag}.${one}`).endsWith("\n")), LONG_MS);
  /** The pids of those that have begun, whichever they are. */
  const begunOf = (tag: string) =>
    readdirSync(place.tmp)
      .filter((name) => name.startsWith(`${tag}.`) && read(name).endsWith("\n"))
      .map((name) => Number.parseInt(read(name), 10));
  const someBegun = (tag: string, n: number) => until(`${n} of ${tag} to run`, () => begunOf(tag).length === n);
  const pidOf = (tag: string, one: string) => Number.parseInt(read(`${tag}.${one}`), 10);

  test("what comes out is what comes out of a run of one's own", async () => {
    const script =
      "echo $LANES_HOST $LANES_ATTEMPT $LANES_BATCH $PARALLEL_SEQ {#} {%} ${PWD##*/} >&2; echo out {}; exit {}";
    const [own, theirs, plain] = await Promise.all([
      place.run(["run", "-k", "--tag", "sh", "-c", "echo out {}; exit {}", ":::", "0", "3", "0"]),
      ask(
        "-k",
        "--tag",
        "--name",
        "plain",
        "--joblog",
        "log",
        "--results",
        "res",
        "sh",
        "-c",
        script,
        ":::",
        "0",
        "3",
        "0",
      ),
      run("-k", "--shell", "echo {1} {2} | tr a-z A-Z", ":::", "a", "it's", ":::+", "x", "y z"),
    ]);
    expect({ code: theirs.code, stdout: theirs.stdout }).toEqual({ code: own.code, stdout: own.stdout });
    expect(theirs.stderr).toMatch(/^3\t([ab]) 1 plain 2 2 [12] \1$/m);
    expect(theirs.stderr).toContain("job 2 failed (exit code 3)");
    expect(
      joblog("log").map(([seq, host, , , , received, code]) => [seq, /^[ab]$/.test(host ?? ""), received, code]),
    ).toEqual([
      ["1", true, "6", "0"],
      ["2", true, "6", "3"],
      ["3", true, "6", "0"],
    ]);
    expect(read("res/1/3/stdout")).toBe("out 3\n");
    expect(read("res/1/3/stderr")).toMatch(/^[ab] 1 plain 2/);
    expect(plain.stdout).toBe("A X\nIT'S Y Z\n");
    // What failed, and only that.
    const again = await ask("--joblog", "log", "--resume-failed", "sh", "-c", script, ":::", "0", "3", "0");
    expect([again.code, again.stdout]).toEqual([1, "out 3\n"]);
    const rest = await ask("--joblog", "log", "--resume", "sh", "-c", script, ":::", "0", "3", "0", "0");
    expect([rest.code, rest.stdout]).toEqual([0, "out 0\n"]);
    expect(joblog("log").map(([seq]) => seq)).toEqual(["1", "2", "3", "2", "4"]);
  });

  test("bytes that are no UTF-8: values, command, folder, variables; -0, -n", async () => {
    const script = `dir=$(printf 'f\\377'); mkdir "$dir"; cd "$dir"; export V="$(printf 'v\\376')"
      printf 'a\\377 b\\0c\\nd\\0e\\0' | $LANES run --on '${url}' -j1 -0 -k --env V --env NONE sh -c "$(printf 'printf "\\375|%%s|%%s|%%s|" "$V" "\${PWD##*/}" "$@"')" x`;
    const done = Bun.spawn(["bash", "-c", script], { env: { ...place.env, LANES: place.lanes }, cwd: place.tmp });
    const out = Buffer.from(await new Response(done.stdout).arrayBuffer()).toString("latin1");
    // Done here, where the folder is, or by those who have one of their own.
    const value = (bytes: string) => `\\xfd\\|v\\xfe\\|(f\\xff|a|b)\\|${bytes}\\|`;
    expect(out).toMatch(new RegExp(`^${["a\\xff b", "c\\nd", "e"].map(value).join("")}$`, "s"));
    expect(await done.exited).toBe(0);
    expect((await ask("-k", "-n2", "echo", ":::", "1", "2", "3")).stdout).toBe("1 2\n3\n");
    expect((await place.shell(`printf 'echo x; echo y\\n' | $LANES run --on '${url}'`)).stdout).toBe("x\ny\n");
  });

  test("--retries, --timeout, --exit-code, --max-output", async () => {
    const [retried, late, counted, much] = await Promise.all([
      ask(
        "--retries",
        "3",
        "--joblog",
        "tries",
        "sh",
        "-c",
        "echo $LANES_ATTEMPT; exit $((3 - LANES_ATTEMPT))",
        "x",
        ":::",
        "1",
      ),
      ask("--timeout", "0.3s", "--joblog", "late", "--json", "sleep", ":::", "0", "600"),
      ask("--exit-code", "count", "sh", "-c", "exit {}", ":::", "0", "7", "8"),
      ask("--max-output", "10", "sh", "-c", "echo 123456789; echo 1; echo err >&2; exit {}", ":::", "0"),
    ]);
    expect([retried.code, retried.stdout, joblog("tries").length]).toEqual([0, "3\n", 1]);
    expect(retried.stderr).toBe("");
    expect(late.code).toBe(1);
    expect(JSON.parse(late.stderr)).toMatchObject({ ok: 1, failed: 1, timedOut: 1, stopped: 0 });
    expect(joblog("late").at(-1)?.slice(6, 8)).toEqual(["-1", "15"]);
    expect(counted.code).toBe(2);
    expect([much.code, much.stdout]).toEqual([1, "123456789\n"]);
    expect(much.stderr).toContain("job 1 wrote more than 10 bytes (--max-output): the rest is cut off\nerr\n");
  });

  test("--halt: now ends what runs everywhere, soon lets it end; what was taken ahead goes back", async () => {
    const now = ask(
      "--halt",
      "now,fail=1",
      "--exit-code",
      "halt",
      "--json",
      "sh",
      "-c",
      "[ {} = 0 ] || exec sleep 600; until [ -e halt.2 ] && [ -e ../b/halt.2 ] || [ -e ../a/halt.2 ]; do sleep 0.02; done; exit 7",
      ":::",
      "0",
      "1",
      "2",
      "3",
      "4",
      "5",
      "6",
      "7",
      "8",
    );
    for (const name of ["a", "b"]) writeFileSync(join(folderOf(name), "halt.2"), "");
    const done = await now;
    expect(done.code).toBe(7);
    const { jobs, failed, stopped } = JSON.parse(done.stderr);
    expect({ jobs, failed }).toEqual({ jobs: 1, failed: 1 });
    expect(stopped).toBeGreaterThanOrEqual(1); // at least the other slot's
    expect(stopped).toBeLessThanOrEqual(3);
    const soon = await ask(
      "--halt",
      "soon,fail=1",
      "--json",
      "sh",
      "-c",
      "sleep 0.{}; exit {}",
      ":::",
      ..."52222222222222222222222222222222",
    );
    const sum = JSON.parse(soon.stderr);
    expect(soon.code).toBe(1);
    expect(sum.stopped).toBe(0);
    expect(sum.jobs).toBeLessThan(32);
    const well = await ask("--halt", "now,success=1", "sh", "-c", "exit {}", ":::", "0");
    expect(well.code).toBe(0);
  });

  test("--json, --jsonl, and the page is that of the replayed stream; nothing holds a password", async () => {
    const at = url.replace("postgres@", "postgres:s3cret@");
    const done = await place.shell(
      `$LANES run --on '${at}' -j1 --jsonl --html live.html sh -c 'exit {}' ::: 0 0 1 0 0 0 2>events.jsonl; $LANES replay events.jsonl --html replayed.html`,
    );
    expect(done.code).toBe(0);
    const [head = "", warning, ...rest] = read("events.jsonl").split("\n").filter(Boolean);
    expect(warning).toContain("a password on the command line");
    const events = [head, ...rest.filter((line) => line.startsWith("{"))];
    const times = events.map((line) => JSON.parse(line));
    expect(times.slice(0, -1).map(({ t }) => t)).toEqual(
      times
        .slice(0, -1)
        .map(({ t }) => t)
        .sort((x, y) => x - y),
    );
    expect(times.filter(({ type }) => type === "exit").map(({ lane }) => /^.+:[12]$/.test(lane))).toEqual(
      Array(6).fill(true),
    );
    const page = (name: string) =>
      read(name).replaceAll(/(live|replayed)\.html|\d{4}-\d\d-\d\d.{0,20}|"madeMs":\d+/g, "");
    expect(page("replayed.html")).toBe(page("live.html"));
    expect(read("events.jsonl") + read("live.html")).not.toContain("s3cret");
  });

  test("what cannot be reached, or is not there: exit code 2, and nothing is started", async () => {
    const nowhere = "postgres://u@localhost:1/x";
    for (const [line, message] of [
      [["run", "--on", nowhere, "touch", ":::", "begun"], "cannot reach localhost:1 (connection refused)"],
      [["batch", url, "x"], "there is no batch x on"],
    ] as const) {
      const done = await place.run(line);
      expect({ code: done.code, stdout: done.stdout }).toEqual({ code: 2, stdout: "" });
      expect(done.stderr).toContain(message);
    }
    expect(existsSync(file("begun"))).toBe(false);
  });

  test("--detach, the list, --attach, --cancel, --remove", async () => {
    const names = [
      await run("--detach", "--name", "kept", "-k", "--tag", "sh", "-c", "echo {}; exit {}", ":::", "1", "0"),
      await run("--detach", "true", ":::", "1"),
    ];
    // Those that never end take all there is to work.
    await until("both to be done", async () => (await count("lanes.batch where state = 'done'")) === 2);
    names.push(
      await run("--detach", "--name", "never", "sh", "-c", waiting("never"), ":::", "1", "2", "3", "4", "5", "6"),
    );
    expect(names.map(({ code }) => code)).toEqual([0, 0, 0]);
    expect([names[0]?.stdout, names[2]?.stdout]).toEqual(["kept\n", "never\n"]);
    await batch(names[1]?.stdout.trim() ?? "", "--remove");
    expect(await run("--detach", "--name", "kept", "true", ":::", "1")).toMatchObject({ code: 2, stdout: "" });
    await someBegun("never", 4);
    expect(await listed("never")).toMatchObject({ state: "open", running: 4, waiting: 2 });
    expect(await listed("kept")).toMatchObject({
      done: 1,
      failed: 1,
      running: 0,
      waiting: 0,
      untaken: 2,
      attended: false,
    });
    expect((await batch()).stdout).toMatch(
      /never: open, 0 done, 0 failed, 4 running, 2 waiting, 0 not collected\n.*nobody collects; on 2 machines/,
    );
    const kept = await batch("kept", "--attach", "--joblog", "kept.log");
    expect([kept.code, kept.stdout]).toEqual([1, "1\t1\n0\t0\n"]);
    expect(joblog("kept.log").length).toBe(2);
    const one = place.spawn(["batch", url, "never", "--attach"]);
    await until("somebody to collect", async () => (await count("lanes.batch where collector is not null")) === 1);
    const other = await batch("never", "--attach");
    expect([other.code, other.stderr]).toEqual([2, expect.stringContaining("are being taken by another")]);
    expect((await batch("never", "--cancel")).stderr).toContain("cancelled never");
    expect(await one.exited).toBe(1);
    expect(await text(one)).toMatch(/batch never on .* was cancelled\nlanes: 0 jobs, 0 ok, 4 stopped/);
    expect(begunOf("never").filter(isRunning)).toEqual([]);
    expect([await count("lanes.batch"), await count("lanes.job"), await count("lanes.output")]).toEqual([0, 0, 0]);
  });

  test("Ctrl-C: all ends everywhere; a reader that leaves: the same; SIGUSR2: what runs ends, no more is begun", async () => {
    const jobs = ["1", "2", "3", "4", "5", "6", "7", "8", "9"];
    const child = place.spawn(["run", "--on", url, "-j1", "--summary", "sh", "-c", waiting("int"), ":::", ...jobs]);
    await someBegun("int", 5);
    signalProcess(child.pid, "SIGINT");
    expect(await child.exited).toBe(130);
    expect(begunOf("int").filter(isRunning)).toEqual([]);
    expect(await text(child)).toMatch(/0 jobs, 0 ok, 5 stopped, .*SIGINT/);
    const piped = await place.shell(`seq 100000 | $LANES run --on '${url}' echo | head -1; echo \${PIPESTATUS[1]}`);
    expect(lines(piped)[1]).toBe("141");
    const drained = place.spawn([
      "run",
      "--on",
      url,
      "--no-work",
      "--json",
      "sh",
      "-c",
      waiting("usr2"),
      ":::",
      ...jobs,
    ]);
    await someBegun("usr2", 4);
    signalProcess(drained.pid, "SIGUSR2");
    await until(
      "it to be halted",
      async () => (await server.ask(farm, "select 1 from lanes.batch where state = 'halted'")).length === 1,
    );
    go("usr2");
    expect(await drained.exited).toBe(0);
    // A machine may begin what it has taken ahead until it has heard of it.
    const { jobs: ended, ok, stopped, notStarted } = JSON.parse(await text(drained));
    expect([ok - ended, ended + notStarted, stopped]).toEqual([0, 9, 0]);
    expect(notStarted).toBeGreaterThan(0);
    expect([await count("lanes.batch"), await count("lanes.output")]).toEqual([0, 0]);
  });

  test("at a terminal the lanes are slots of machines", async () => {
    const pty = new Pty(["run", "--on", url, "--no-work", "sh", "-c", waiting("pty"), ":::", "1", "2", "3", "4"], {
      columns: 120,
    });
    try {
      await until("the lanes", () =>
        ["a:1", "a:2", "b:1", "b:2", "0/4 done"].every((word) => pty.screen().includes(word)),
      );
      pty.type("\x03");
      expect(await pty.child.exited).toBe(130);
    } finally {
      await pty.close();
    }
  });

  test("lanes work: --until-empty, --max-jobs, --only, a folder that is not there, TERM once and twice", async () => {
    const other = await server.database();
    const at = server.url(other);
    const put = async (name: string, ...args: string[]) => {
      const folder = folderOf(`from-${name}`);
      const child = Bun.spawn([place.lanes, "run", "--on", at, "--detach", "--name", name, ...args], {
        cwd: folder,
        env: place.env,
        stdout: "pipe",
      });
      expect(await new Response(child.stdout).text()).toBe(`${name}\n`);
      return folder;
    };
    await put("few", "true", ":::", "1", "2", "3");
    expect((await place.run(["work", at, "-q", "--json", "--name", "n", "--max-jobs", "2"])).stdout).toBe(
      `{"v":1,"farm":"${server.folder}/${other}","host":"n","done":2,"failed":0}\n`,
    );
    expect((await place.run(["work", at, "--only", "map", "--until-empty"])).stderr).toContain("0 jobs done");
    for (const empty of [["--until-empty"], ["--until-empty", "0.1s"], ["--until-empty=0.1s"]]) {
      expect((await place.run(["work", at, ...empty])).code).toBe(0);
    }
    expect(await listed("few", at)).toMatchObject({ state: "done", done: 3 });
    rmdirSync(await put("gone", "true", ":::", "1"));
    const first = place.spawn(["work", at, "--name", "bare"]);
    await until("it to say so", async () => (await count("lanes.worker where cannot <> '{}'", other)) === 1);
    expect((await place.run(["batch", at, "gone"])).stdout).toContain(
      `1 machine does not take these jobs: no folder ${place.tmp}/from-gone`,
    );
    await put("held", "sh", "-c", waiting("held"), ":::", "1", "2");
    await until("one to be at it", () => begunOf("held").length > 0);
    signalProcess(first.pid, "SIGTERM");
    await said(first, "taking no more jobs");
    go("held");
    expect(await first.exited).toBe(0);
    const second = worker("second", at, "-j1");
    await put("twice", "sh", "-c", waiting("twice"), ":::", "1");
    await begun("twice", "1.1");
    signalProcess(second.pid, "SIGTERM");
    await said(second, "1 is still running (once more to stop them)");
    signalProcess(second.pid, "SIGTERM");
    expect(await second.exited).toBe(0);
    expect(isRunning(pidOf("twice", "1.1"))).toBe(false);
    expect(
      await server.ask(
        other,
        "select state, attempt from lanes.job where batch = (select id from lanes.batch where name = 'twice')",
      ),
    ).toEqual([{ state: 0, attempt: 1 }]);
    await server.ask(other, "update lanes.meta set version = 99");
    for (const line of [
      ["work", at],
      ["run", "--on", at, "true", ":::", "1"],
      ["batch", at],
    ]) {
      expect(await place.run(line)).toMatchObject({
        code: 2,
        stderr: expect.stringContaining("have version 99: update lanes here"),
      });
    }
  });

  test("kill -9 of the submitter: whoever attaches gets the rest, in order, each once", async () => {
    const other = await server.database();
    const at = server.url(other);
    expect((await place.run(["work", "--setup", at])).code).toBe(0);
    const helper = worker("helper", at);
    const command = ["run", "--on", at, "-j1", "-k", "--name", "rest", "--joblog", "rest.log"];
    const job = `until [ {} -lt 3 ] || [ -e ${place.tmp}/rest.go ]; do sleep 0.2; done; echo {}; exit $(({} % 2))`;
    const child = place.spawn([...command, "sh", "-c", job, ":::", ..."123456789"]);
    await until(
      "two to be taken",
      async () =>
        (await count("lanes.job where seq < 3 and batch = 1", other)) === 0 && joblog("rest.log").length === 2,
    );
    signalProcess(child.pid, "SIGKILL");
    expect(await new Response(child.stdout).text()).toBe("1\n2\n");
    go("rest");
    const early = await place.run(["batch", at, "rest", "--attach"]);
    expect([early.code, early.stderr]).toEqual([2, expect.stringContaining("try again in half a minute")]);
    // Half a minute later.
    await server.ask(other, "update lanes.batch set seen = seen - interval '1 minute'");
    // What was this machine's is others' after its lease.
    await server.ask(
      other,
      `update lanes.worker set lease = lease - interval '10 minutes', ttl_ms = 1 where owner->>'host' <> 'helper'`,
    );
    await server.ask(other, `select lanes.worker_give_up(id) from lanes.worker where owner->>'host' = 'helper'`);
    // Twice its connection is cut while it waits for an answer to one of its first questions. Each lock is asked for by one who has
    // none: whoever has one and asks for another can be in a circle with the helper.
    const [listing, collecting] = [server.client(other), server.client(other)];
    const began = await listing.begin(async (hold) => {
      await hold.unsafe("lock table lanes.batch");
      const attached = place.run(["batch", at, "rest", "--attach", "--joblog", "rest.log"]);
      const collected = collecting.begin(async (next) => {
        await next.unsafe("lock table lanes.batch in exclusive mode"); // it can be read, and not changed
        await cutOff(other, "%batch_collect%");
      });
      await until(
        "the next one to be in the line",
        async () => (await waitingFor(other, "%exclusive mode%")).length > 0,
      );
      await cutOff(other, "%taken_ok%");
      return { attached, collected };
    });
    await began.collected;
    await Promise.all([listing.close(), collecting.close()]);
    const attached = await began.attached;
    expect([attached.code, attached.stdout]).toEqual([1, "3\n4\n5\n6\n7\n8\n9\n"]);
    expect(
      joblog("rest.log")
        .map(([seq]) => Number(seq))
        .sort((a, b) => a - b),
    ).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9]);
    expect(await count("lanes.batch", other)).toBe(0);
    helper.kill("SIGTERM");
    expect(await helper.exited).toBe(0);
  });

  test("killed, stopped, cut off: others do the jobs, late results are refused, each result comes once", async () => {
    const other = await server.database();
    const at = server.url(other);
    const folder = join(server.folder, "way");
    mkdirSync(folder);
    using way = new Cuttable(join(folder, ".s.PGSQL.5432"), join(server.folder, ".s.PGSQL.5432"));
    const short = ["-j1"];
    const asks = (name: string, ...args: string[]) =>
      place.spawn(["run", "--on", at, "--no-work", "-k", "--joblog", name, ...args]);
    const killed = worker("killed", at, ...short);
    const asked = asks("faults", "sh", "-c", waiting("faults"), ":::", "1", "2", "3");
    await someBegun("faults", 1);
    const stopped = worker("stopped", at, ...short);
    await someBegun("faults", 2);
    const cut = worker("cut", server.url(other, folder), "--lease", "5s", "-j2");
    await someBegun("faults", 3);
    const alone = asks("alone", "--no-overlap", "sh", "-c", waiting("alone"), ":::", "1");
    await begun("alone", "1.1");
    const jobs = ["1.1", "2.1", "3.1"].map((one) => words(`faults.${one}`));
    const jobOf = (host: string) => Number(jobs.find(([, where]) => where === host)?.[0]);
    signalProcess(killed.pid, "SIGKILL");
    signalProcess(stopped.pid, "SIGSTOP");
    way.cut();
    const well = worker("well", at, "-j4");
    const its = "lanes.worker where owner->>'host' = 'well'";
    await until("another one to be there", async () => (await count(its, other)) === 1);
    // As if two leases had passed.
    await server.ask(
      other,
      "update lanes.worker set lease = lease - interval '1 hour', ttl_ms = 1 where owner->>'host' <> 'well'",
    );
    await server.ask(other, `select lanes.worker_give_up(id) from ${its}`);
    await begun("faults", "1.2", "2.2", "3.2");
    await begun("alone", "1.2");
    await until("what may not overlap to have ended", () => !isRunning(pidOf("alone", "1.1")));
    expect(isRunning(jobOf("killed"))).toBe(false); // with its worker
    expect(isRunning(jobOf("cut"))).toBe(true); // as long as nobody can tell it to end
    go("faults");
    go("alone");
    expect(await asked.exited).toBe(0);
    expect(await new Response(asked.stdout).text()).toBe("well 1 2\nwell 2 2\nwell 3 2\n");
    expect(await alone.exited).toBe(0);
    expect(joblog("faults").map(([seq, host]) => [seq, host])).toEqual(["1", "2", "3"].map((seq) => [seq, "well"]));
    signalProcess(stopped.pid, "SIGCONT");
    await until(
      "it to have come again",
      async () => (await count("lanes.worker where owner->>'host' = 'stopped' and not lost", other)) === 1,
    );
    for (const one of [stopped, well, cut]) one.kill("SIGTERM");
    expect(await stopped.exited).toBe(0);
    expect(await text(stopped)).toContain("has given this machine up");
    expect(await well.exited).toBe(0);
    expect(isRunning(cut.pid)).toBe(true); // what ended there has not been told
    cut.kill("SIGTERM");
    expect(await cut.exited).toBe(0);
  });

  test("in the database: --delay, --halt, who is lost three times, late results, what nobody comes for; its clock in the test's hands", async () => {
    const other = await server.database();
    const connection = new FarmConnection(farmAddress(server.url(other)).address);
    await prepare(connection);
    await server.ask(other, "create table public.late (by interval); insert into public.late values ('0')");
    await server.ask(
      other,
      "create or replace function lanes.clock() returns timestamptz language sql as 'select clock_timestamp() + by from public.late'",
    );
    const later = (by: string) => server.ask(other, `update public.late set by = by + '${by}'`);
    const owner = { host: "h", pid: 1, user: "u", command: [], version: "1" };
    const open = async (name: string, options: Partial<NewBatch>, n = 1) => {
      const spec = { kind: "run" } as Spec;
      const rules = { name, token: name, spec, owner, tries: 1, delayMs: 0, halt: null, ...options };
      const id = (await openBatch(connection, rules))?.id ?? 0;
      expect((await openBatch(connection, rules))?.id).toBe(id); // asked again, for the answer was lost
      const jobs = Array.from({ length: n }, (_, i) => ({ seq: i + 1, payload: Buffer.from(`${name}${i + 1}`) }));
      await putJobs(connection, id, jobs);
      await putJobs(connection, id, jobs);
      await closeBatch(connection, id, n);
      return id;
    };
    const register = (token: string) => registerWorker(connection, { token, owner, slots: 2, ttlMs: 60_000 });
    const [me, you] = [await register("me"), await register("you")];
    let claims = 0;
    const claim = async (batch: number, who = me, n = ++claims) =>
      (await claimJobs(connection, { worker: who, claim: n, batches: [batch], low: [0], most: 9 }))?.map(
        ({ seq }) => seq,
      );
    const done = (batch: number, seq: number, attempt: number, failed: boolean, who = me) =>
      completeJobs(
        connection,
        who,
        [
          {
            ...{ of: { batch, seq, attempt }, failed, agoMs: 0, out: Buffer.from(`${who === me ? "me" : "you"}`) },
            ...{ err: Buffer.alloc(0), result: { exit: Number(failed) * 5, out: 2 } as TryResult },
          },
        ],
        60_000,
      );
    const delayed = await open("delayed", { delayMs: 60_000 }, 3);
    expect([await claim(delayed), await claim(delayed, you)]).toEqual([[1], []]);
    await later("60 s");
    expect([await claim(delayed), await claim(delayed)]).toEqual([[2], []]);
    expect(await claim(delayed, me, claims - 1)).toEqual([]); // a claim that is carried out after a later one takes nothing

    const halting = await open("halting", { halt: { when: "soon", what: "fail", limit: { share: 0.5 } } }, 4);
    expect([await claim(halting), await claim(halting, me, claims)]).toEqual([
      [1, 2, 3, 4],
      [1, 2, 3, 4],
    ]);
    expect(await done(halting, 1, 1, true)).toEqual(["accepted"]);
    expect((await batchProgress(connection, halting))?.state).toBe("open");
    expect([await done(halting, 2, 1, true), await done(halting, 2, 1, true)]).toEqual([["accepted"], ["accepted"]]);
    expect(await batchProgress(connection, halting)).toMatchObject({ state: "halted", haltCode: 5, held: 2, ended: 2 });
    await giveBackJobs(connection, me, [{ batch: halting, seq: 3, attempt: 1, claim: claims, begun: false }]);
    expect(await batchProgress(connection, halting)).toMatchObject({ held: 1, waits: true });
    await stopBatch(connection, halting, "cancelled", null);
    expect(await batchProgress(connection, halting)).toMatchObject({ state: "cancelled", held: 1, stopped: 1 });

    const retried = await open("retried", { tries: 2 });
    await claim(retried);
    expect(await done(retried, 1, 1, true)).toEqual(["again"]);
    expect(await claim(retried, you)).toEqual([1]);
    expect([await done(retried, 1, 1, false), await done(retried, 1, 2, true, you)]).toEqual([
      ["refused"],
      ["accepted"],
    ]);
    expect(await count(`lanes.output where batch = ${retried} and data = 'you'`, other)).toBe(1);
    expect(await takeJobs(connection, retried, "somebody", [1])).toBe(false);
    expect(await takeJobs(connection, retried, "retried", [1])).toBe(true);
    expect([
      await count(`lanes.job where batch = ${retried}`, other),
      await count(`lanes.output where batch = ${retried}`, other),
    ]).toEqual([0, 0]);

    // One after the other takes the job and is lost with it; you stay.
    const deadly = await open("deadly", {});
    for (const n of [1, 2, 3]) {
      const victim = await register(`victim ${n}`);
      expect(await claim(deadly, victim)).toEqual([1]);
      for (let i = 0; i < 5; i += 1) {
        await later("25 s");
        await renewWorker(connection, you, [], {}, 60_000);
      }
      expect(await giveUpOthers(connection, you, 60_000)).toBe(n === 1 ? 2 : 1); // at first me, too
      expect(await renewWorker(connection, victim, [], {}, 60_000)).toBeNull();
      expect(await claim(deadly, victim)).toBeUndefined();
      expect(await done(deadly, 1, n, false, victim)).toEqual(["refused"]);
    }
    const [lost] = await endedJobs(connection, deadly, { above: 0, upTo: 9, but: [], most: 9 });
    expect(lost).toMatchObject({ failed: true, attempt: 3, result: { lost: 3, owner: { host: "h" } } });
    await later("8 days");
    await renewWorker(connection, you, [], {}, 60_000);
    expect(await count("lanes.batch where finished is not null", other)).toBeGreaterThan(0);
    await giveUpOthers(connection, you, 60_000);
    expect(await count("lanes.batch where finished is not null", other)).toBe(0);
    connection.close();
  });

  test("without notifications, as through a pooler: it is looked for what there is", async () => {
    const other = await server.database();
    const folder = join(server.folder, "deaf");
    mkdirSync(folder);
    using _ = new Cuttable(join(folder, ".s.PGSQL.5432"), join(server.folder, ".s.PGSQL.5432"), (data) =>
      data.includes("LISTEN") ? Buffer.from(data.toString("latin1").replace(/(LISTEN "?)l/i, "$1x"), "latin1") : data,
    );
    const at = server.url(other, folder);
    const deaf = worker("deaf", at, "--until-empty", "1m");
    const done = await place.run(["run", "--on", at, "--no-work", "-k", "echo", ":::", "1", "2"]);
    expect([done.code, done.stdout]).toEqual([0, "1\n2\n"]);
    deaf.kill("SIGTERM");
    expect(await deaf.exited).toBe(0);
  });

  test("the database crashes in the middle: nothing is lost, nothing ends for it", async () => {
    const child = place.spawn([
      "run",
      "--on",
      url,
      "-j1",
      "-k",
      "sh",
      "-c",
      waiting("crash"),
      ":::",
      "1",
      "2",
      "3",
      "4",
      "5",
      "6",
      "7",
    ]);
    await someBegun("crash", 5);
    await server.crash();
    go("crash");
    await server.up();
    const out = await new Response(child.stdout).text();
    expect(await child.exited).toBe(0);
    expect(out.replace(/^\S+ /gm, "")).toBe([1, 2, 3, 4, 5, 6, 7].map((n) => `${n} 1\n`).join(""));
  });
});
