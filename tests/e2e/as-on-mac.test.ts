/**
 * An executable for this Linux that does everything as on a Mac (tests/support/mac/as-on-mac.ts): what only macOS goes through is
 * gone through here. And that no such executable is ever shipped.
 */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { refuseTestBuild } from "../../scripts/build/compile.ts";
import { lanes, Playground } from "../support/lanes.ts";
import { buildAsOnMac, canBeAsOnMac } from "../support/mac/as-on-mac.ts";
import { signalProcess } from "../support/processes/processes.ts";
import { until } from "../support/wait.ts";

test("what is built for people is no such executable", async () => {
  refuseTestBuild(await Bun.file(lanes).bytes());
});

describe.if(canBeAsOnMac)("as on a Mac", () => {
  let folder: string;
  let play: Playground;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), "lanes-mac-"));
    const made = await buildAsOnMac(folder);
    play = new Playground(made);
  });
  afterAll(async () => {
    await play.clean();
    rmSync(folder, { recursive: true });
  });

  test("it says so, and is refused where something is released", async () => {
    expect((await play.run(["--version"])).stdout).toContain("commit 0123456789ab-for-tests-only");
    const bytes = await Bun.file(play.lanes).bytes();
    expect(() => refuseTestBuild(bytes)).toThrow("made for tests");
  });

  test("lock: whoever comes second waits, and what lanes was given the command gets", async () => {
    const done = await play.shell(`
      exec 7>seven # and jobs in the background begin with INT and QUIT ignored
      $LANES lock a.lock -- sh -c 'echo first >&7; : >in; while [ ! -e go ]; do sleep 0.05; done' &
      while [ ! -e in ]; do sleep 0.05; done
      $LANES lock -n a.lock true; echo $?
      $LANES lock status a.lock >/dev/null; echo $?
      $LANES lock --verbose a.lock -- sh -c 'echo second >&7; grep SigIgn /proc/self/status' 2>said &
      while ! grep -q waiting said; do sleep 0.05; done
      : >go; wait; cat seven; grep -c 'held by pid' said`);
    expect(done.stdout.replace(/SigIgn:\s+0+/, "SigIgn ")).toBe("75\n0\nSigIgn 6\nfirst\nsecond\n1\n");
  });

  test("lock: whoever is killed leaves it; an owner from before a reboot, of another host name, is gone", async () => {
    const holder = play.spawn(["lock", "-o", "b.lock", "--", "sleep", "60"]);
    const record = () => JSON.parse(readFileSync(join(play.tmp, "b.lock"), "utf8"));
    await until("it is held", async () => (await play.run(["lock", "status", "b.lock"])).code === 0 && record().child);
    const owner = record();
    expect([owner.ns, typeof owner.started, typeof owner.childStarted]).toEqual(["", "number", "number"]);
    holder.kill("SIGKILL");
    await holder.exited;
    expect((await play.run(["lock", "status", "b.lock"])).stdout).toContain("stale");
    signalProcess(owner.child, "SIGKILL");
    const before = { ...owner, boot: "00000000-0000-0000-0000-000000000000", host: "oldname" };
    writeFileSync(join(play.tmp, "b.lock"), `${JSON.stringify(before)}\n`);
    expect(await play.run(["lock", "status", "b.lock"])).toMatchObject({ code: 1 });
    expect(await play.run(["lock", "-n", "b.lock", "echo", "in"])).toMatchObject({ code: 0, stdout: "in\n" });
  });

  test("run: all of the output, in order, through a pipe that is read slowly", async () => {
    const jobs = "$LANES run -k --shell 'yes {} | head -c 300000' ::: a b c";
    const done = await play.shell(
      `${jobs} | { sleep 0.3; uniq -c | tr -s ' \\n' '  '; }; $LANES run -q --memfree 1M true ::: 1`,
    );
    expect(done).toMatchObject({ stdout: " 150000 a 150000 b 150000 c ", stderr: "", code: 0 });
  });

  test("run: what is left of it when it is killed is ended by the guard", async () => {
    const run = play.spawn(["run", "--shell", "echo >{}; sleep 60 & wait", ":::", "1", "2"]);
    // Between a job's start and the note of its group nothing finds it there (guard.ts): then lanes is busy.
    const waits = () => readFileSync(`/proc/${run.pid}/stat`, "latin1").includes(") S ");
    const begun = () => ["1", "2"].every((file) => existsSync(join(play.tmp, file)));
    await until("both to run, and lanes to wait", () => begun() && play.running().length >= 6 && waits());
    run.kill("SIGKILL");
    await until("all have ended", () => play.running().length === 0);
  });

  test("map: its workers share a page, and one that grows too large is killed", async () => {
    writeFileSync(
      join(play.tmp, "m.ts"),
      "const kept: Buffer[] = [];\n" +
        "export default async (item: string) => {\n" +
        '  while (item === "large") { kept.push(Buffer.alloc(16 << 20, 1)); await Bun.sleep(5); if (kept.length > 60) break; }\n' +
        "  return item.length;\n};\n",
    );
    writeFileSync(join(play.tmp, "items"), "a\nbb\nccc\n");
    const done = await play.shell("$LANES map m.ts <items");
    expect(done).toMatchObject({ stdout: "1\n2\n3\n", code: 0 });
    const large = await play.shell("printf 'a\\nlarge\\nbb\\n' | $LANES map --retries 0 --max-rss 200M m.ts");
    expect(large).toMatchObject({ code: 1 });
    expect(large.stderr).toContain("grew beyond");
  });

  test("demo zombie: its checks pass", async () => {
    expect(await play.run(["demo", "zombie", "--no-state"])).toMatchObject({ code: 0 });
  });

  test("bytes: arguments, values, variables and the folder come out as they went in", async () => {
    const done = await play.shell(`
      B=$'a\\xff\\xe9'; mkdir "$B" && cd "$B" || exit
      same() { [ "$1" = "$2" ] && printf 'same '; }
      same "$B" "$($LANES run -q printf %s ::: "$B")"
      same "$B" "$($LANES run -q sh -c 'printf %s "$1"' _ "$B" {} ::: 1)"
      same "$B" "$(V=$B $LANES run -q --shell ': {}; printf %s "$V"' ::: 1)"
      same "$PWD" "$($LANES run -q --shell 'pwd' ::: 1)"
      same "$B" "$($LANES lock "$B.lock" printf %s "$B")"`);
    expect(done.stdout).toBe("same same same same same ");
  });
});
