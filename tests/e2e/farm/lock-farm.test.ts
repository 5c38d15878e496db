/** `lanes lock --on`: a lock in a real PostgreSQL, for commands that see nothing of each other but that. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { farmAddress } from "../../../src/farm/address.ts";
import { FarmConnection } from "../../../src/farm/connection.ts";
import { jobs } from "../../../src/farm/jobs/schema.ts";
import { locks } from "../../../src/farm/lock/schema.ts";
import { prepare } from "../../../src/farm/schema.ts";
import { Cuttable } from "../../support/cut.ts";
import { Playground } from "../../support/lanes.ts";
import { hasPostgres, type Postgres, startFarm } from "../../support/postgres.ts";
import { isRunning, signalProcess } from "../../support/processes/processes.ts";
import { until } from "../../support/wait.ts";

describe.skipIf(!hasPostgres)("lanes lock --on", () => {
  const place = new Playground();
  let server: Postgres;
  let farm: string;
  let url: string;

  beforeAll(async () => {
    ({ server, farm, url } = await startFarm());
  });
  afterAll(async () => {
    await server[Symbol.asyncDispose]();
    await place.clean();
  });

  const file = (name: string) => join(place.tmp, name);
  const read = (name: string) => (existsSync(file(name)) ? readFileSync(file(name), "utf8") : "");
  const words = (name: string) => read(name).split("\n").filter(Boolean);

  /** A command that writes its number and its pid to `tag.in`, and ends when there is a file `tag.go`. */
  const holding = (tag: string) => [
    "sh",
    "-c",
    `echo "$LANES_FENCE $$" >${tag}.part; mv ${tag}.part ${tag}.in; while [ ! -e ${tag}.go ]; do sleep 0.02; done`,
  ];
  const hold = (lock: string, tag: string, options: readonly string[] = [], at = url) =>
    place.spawn(["lock", "--on", at, ...options, lock, ...holding(tag)]);
  const inside = (tag: string) => until(`${tag} to have the lock`, () => read(`${tag}.in`) !== "");
  const go = (tag: string) => writeFileSync(file(`${tag}.go`), "");
  const fenceOf = (tag: string) => Number(read(`${tag}.in`).split(" ")[0]);
  const pidOf = (tag: string) => Number(read(`${tag}.in`).split(" ")[1]);
  const status = async (lock: string, ...options: string[]) => {
    const done = await place.run(["lock", "status", "--on", url, ...options, "--json", lock]);
    return { code: done.code, ...JSON.parse(done.stdout) };
  };
  const inLine = (lock: string, n: number) =>
    until(`${n} to wait for ${lock}`, async () => {
      const text = `select count(*)::int as n from lanes.wait where name = '${lock}'`;
      return (await server.ask<{ n: number }>(farm, text))[0]?.n === n;
    });

  test("one at a time, in the order of asking; the number grows", async () => {
    const first = hold("order", "order-0");
    await inside("order-0");
    const others = [];
    for (const n of [1, 2, 3]) {
      const command = ["sh", "-c", `echo ${n} $LANES_FENCE $LANES_LOCK >>order`];
      others.push(place.spawn(["lock", "--on", url, "order", "--", ...command]));
      await inLine("order", n);
    }
    const { code, locks, waiting } = await status("order");
    expect({ code, state: locks[0].state, pid: locks[0].owner.pid, waiting: waiting.length }).toEqual({
      code: 0,
      state: "held",
      pid: first.pid,
      waiting: 3,
    });
    go("order-0");
    expect(await Promise.all([first, ...others].map((each) => each.exited))).toEqual([0, 0, 0, 0]);
    expect(words("order")).toEqual(["1 2 order", "2 3 order", "3 4 order"]);
    expect((await status("order")).code).toBe(1);
  });

  test("-n and -w say who has it; nobody may wait for himself; the command's exit code is the exit code", async () => {
    const first = hold("busy", "busy");
    await inside("busy");
    const [now, soon, own] = await Promise.all([
      place.run(["lock", "-n", "--on", url, "busy", "true"]),
      place.run(["lock", "-w", "0.2", "-E", "9", "--on", url, "busy", "true"]),
      place.run(["lock", "--on", url, "mine", place.lanes, "lock", "--on", url, "mine", "true"]),
    ]);
    expect(now.code).toBe(75);
    expect(now.stderr).toContain(`is held by pid ${first.pid} on `);
    expect(soon.code).toBe(9);
    expect(soon.stderr).toContain("not acquired after 0.2 s");
    expect(own.code).toBe(2);
    expect(own.stderr).toContain("is held already by the command this is part of");
    await inLine("busy", 0);
    go("busy");
    expect(await first.exited).toBe(0);
    expect((await place.run(["lock", "--on", url, "busy", "--", "sh", "-c", "exit 7"])).code).toBe(7);
  });

  test("as many as there are slots, each with its own", async () => {
    const two = [hold("slots", "slot-a", ["--slots", "2"]), hold("slots", "slot-b", ["--slots", "2"])];
    await Promise.all([inside("slot-a"), inside("slot-b")]);
    const third = place.spawn(["lock", "--slots", "2", "--on", url, "slots", "sh", "-c", "echo $LANES_SLOT >slot-c"]);
    await inLine("slots", 1);
    const { locks } = await status("slots", "--slots", "2");
    const free = locks.find(({ owner }: { owner: { pid: number } }) => owner.pid === two[0]?.pid).slot;
    expect(locks.map(({ slot }: { slot: number }) => slot)).toEqual([1, 2]);
    go("slot-a");
    expect(await third.exited).toBe(0);
    expect(words("slot-c")).toEqual([String(free)]);
    go("slot-b");
    expect(await Promise.all(two.map((each) => each.exited))).toEqual([0, 0]);
  });

  test("signals: who waits leaves the line; who runs hands them on", async () => {
    const first = place.spawn([
      "lock",
      "--on",
      url,
      "sig",
      "sh",
      "-c",
      "trap 'exit 3' TERM; echo >sig.in; while :; do sleep 0.02; done",
    ]);
    await inside("sig");
    const waiter = place.spawn(["lock", "--on", url, "sig", "true"]);
    await inLine("sig", 1);
    signalProcess(waiter.pid, "SIGTERM");
    await waiter.exited;
    expect(waiter.signalCode).toBe("SIGTERM");
    await inLine("sig", 0);
    signalProcess(first.pid, "SIGTERM");
    expect(await first.exited).toBe(3);
  });

  test("kill -9 of lanes: its command is gone, with all it started, before the next one begins", async () => {
    const alive = "sh -c 'while :; do date +%s%N >k.alive; sleep 0.02; done' & wait";
    const first = place.spawn(["lock", "--on", url, "kill", "sh", "-c", `echo 1 $$ >k.in; ${alive}`]);
    await until("a sign of life", () => read("k.in") !== "" && read("k.alive") !== "");
    const next = place.spawn(["lock", "--on", url, "kill", "sh", "-c", "date +%s%N >k.next; cat k.alive >>k.next"]);
    await inLine("kill", 1);
    signalProcess(first.pid, "SIGKILL");
    expect(await next.exited).toBe(0);
    const [began = "", last = ""] = words("k.next");
    expect(BigInt(began) > BigInt(last)).toBe(true);
    expect(read("k.alive").trim()).toBe(last);
  });

  test("break: the command is ended, 76, and only then comes the next; --when-lost continue lets it run", async () => {
    const short = ["--lease", "5s"];
    const first = hold("broken", "broken", short);
    const other = hold("goes-on", "goes-on", [...short, "--when-lost", "continue"]);
    await Promise.all([inside("broken"), inside("goes-on")]);
    const running = pidOf("broken");
    const next = place.spawn(["lock", "--on", url, "broken", "sh", "-c", "echo $LANES_FENCE >break.next"]);
    await inLine("broken", 1);
    const [broken, forced] = await Promise.all([
      place.run(["lock", "break", "--on", url, "broken"]),
      place.run(["lock", "break", "--force", "--on", url, "goes-on"]),
    ]);
    expect([broken.code, forced.code]).toEqual([0, 0]);
    expect(await first.exited).toBe(76);
    expect(await new Response(first.stderr).text()).toContain("its command is ended");
    expect(isRunning(running)).toBe(false);
    expect(await next.exited).toBe(0);
    // The break counts, too.
    expect(words("break.next")).toEqual(["3"]);
    // By force it is free at once, and two can be in.
    const beside = await place.run(["lock", "--on", url, "goes-on", "--", "sh", "-c", "echo $LANES_FENCE"]);
    expect(beside.stdout).toBe("3\n");
    await until("it to say so", async () => (await status("goes-on")).locks[0].state === "free");
    go("goes-on");
    expect(await other.exited).toBe(0);
    expect(await new Response(other.stderr).text()).toContain("its command ");
  });

  test("stopped past its lease: two run, and the number tells the old one from the new; cut off: the command is ended", async () => {
    const folder = join(server.folder, "cut");
    mkdirSync(folder);
    using way = new Cuttable(join(folder, ".s.PGSQL.5432"), join(server.folder, ".s.PGSQL.5432"));
    const short = ["--lease", "5s"];
    const stopped = hold("stop", "stopped", short);
    const cut = hold("cut", "cut", short, server.url(farm, folder));
    await Promise.all([inside("stopped"), inside("cut")]);
    const old = { stopped: pidOf("stopped"), cut: pidOf("cut") };
    signalProcess(stopped.pid, "SIGSTOP");
    way.cut();
    const next = ["a", "b"].map((tag, at) => hold(["stop", "cut"][at] ?? "", tag));
    await Promise.all([inside("a"), inside("b")]);
    expect([fenceOf("stopped"), fenceOf("a"), fenceOf("cut"), fenceOf("b")]).toEqual([1, 2, 1, 2]);
    expect(isRunning(old.stopped)).toBe(true);
    await server.ask(farm, "select lanes.fence('stop', 2)");
    const late = server.ask(farm, "select lanes.fence('stop', 1)");
    expect(await late.catch((error: Error) => error.message)).toContain("1 is not its number any more, 2 is");
    expect(await cut.exited).toBe(76);
    expect(isRunning(old.cut)).toBe(false);
    expect(await new Response(cut.stderr).text()).toContain("no contact with");
    signalProcess(stopped.pid, "SIGCONT");
    expect(await stopped.exited).toBe(76);
    expect(isRunning(old.stopped)).toBe(false);
    go("a");
    go("b");
    expect(await Promise.all(next.map((each) => each.exited))).toEqual([0, 0]);
  });

  test("who relies on a number in a transaction holds up the next one until it has ended", async () => {
    await place.run(["lock", "--on", url, "tx", "true"]);
    await using sql = server.client(farm);
    let next: Bun.Subprocess | undefined;
    await sql.begin(async (transaction) => {
      await transaction`select lanes.fence('tx', 1)`;
      next = place.spawn(["lock", "--on", url, "tx", "sh", "-c", "echo next >>tx"]);
      await inLine("tx", 1);
      writeFileSync(file("tx"), "transaction\n");
    });
    expect(await next?.exited).toBe(0);
    expect(words("tx")).toEqual(["transaction", "next"]);
  });

  test.each([
    [["--on", "nowhere", "x", "true"], /neither postgres:\/\/… nor a farm named "nowhere" in .*\.config\/lanes\/farms/],
    [["--on", "postgres://u@localhost:1/x", "x", "true"], /cannot reach localhost:1 \(connection refused\)/],
    [["--on", "postgres://a,b/x", "x", "true"], /several hosts/],
    [["--on", "x", "--keep", "x", "true"], /--keep is for a lock file/],
    [["--lease", "9s", "x", "true"], /--lease is for a lock on a farm/],
    [["--on", "x", "--lease", "1s", "x", "true"], /--lease/],
  ])("%j is refused, and nothing is started", async (line, message) => {
    const done = await place.run(["lock", ...line]);
    expect({ code: done.code, stdout: done.stdout }).toEqual({ code: 2, stdout: "" });
    expect(done.stderr).toMatch(message);
  });

  test("the tables are made by whoever comes first, brought up to date, and left alone where they are newer", async () => {
    const fresh = await server.database();
    const { address } = farmAddress(server.url(fresh));
    const connections = [1, 2, 3].map(() => new FarmConnection(address));
    await Promise.all(connections.map((connection) => prepare(connection)));
    await Promise.all(
      connections.map((connection) => prepare(connection, [locks, jobs, "create table lanes.more ();"])),
    );
    const [row] = await server.ask(fresh, "select version, to_regclass('lanes.more')::text as more from lanes.meta");
    expect(row).toEqual({ version: 3, more: "lanes.more" });
    const late = connections[0]?.query("select pg_sleep(600)", [], 50);
    expect(await late?.catch((error: Error) => error.name)).toBe("LateError");
    expect(await connections[0]?.query<{ one: number }>("select 1 as one").then(([one]) => one)).toEqual({ one: 1 });
    for (const connection of connections) connection.close();
    const newer = await place.run(["lock", "--on", server.url(fresh), "x", "true"]);
    expect({ code: newer.code, stdout: newer.stdout }).toEqual({ code: 2, stdout: "" });
    expect(newer.stderr).toContain("have version 3: update lanes here");
    const bare = await server.database();
    await server.ask("postgres", "create role weak login");
    const weak = await place.run(["lock", "--on", server.url(bare).replace("postgres@", "weak@"), "x", "true"]);
    expect(weak.code).toBe(2);
    expect(weak.stderr).toContain(`role "weak" may not create a schema in database "${bare}" (42501): GRANT CREATE`);
    const none = await place.run(["lock", "--on", server.url("none"), "x", "true"]);
    expect(none.code).toBe(2);
    expect(none.stderr).toContain('database "none" does not exist (3D000)');
  });

  test("the database crashes: the command goes on to its end, who waits waits on, and no number comes twice", async () => {
    const first = hold("crash", "crash");
    await inside("crash");
    const next = place.spawn(["lock", "--on", url, "crash", "sh", "-c", "echo $LANES_FENCE >crash.next"]);
    await inLine("crash", 1);
    await server.crash();
    await server.up();
    go("crash");
    expect(await first.exited).toBe(0);
    expect(await next.exited).toBe(0);
    expect(words("crash.next")).toEqual(["2"]);
  });
});
