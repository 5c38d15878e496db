/** `lanes demo fence`: what is left when it is ended in the middle; and played in a farm, a real PostgreSQL. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { Playground } from "../../support/lanes.ts";
import { hasPostgres, type Postgres, startFarm } from "../../support/postgres.ts";
import { signalProcess } from "../../support/processes/processes.ts";
import { until } from "../../support/wait.ts";

const place = new Playground();
afterAll(() => place.clean());

/** A play that takes some 20 s, in which a process stands still: for as long as its lease lasts, and more. */
async function stopped(...args: string[]) {
  const child = place.spawn(["demo", "fence", "--lease", "5000", "--work", "1000", "--jsonl", ...args]);
  // Not closed at the end: lanes would notice that nobody reads any more.
  const reader = child.stdout.getReader();
  let seen = "";
  for (let end = false; !end && !seen.includes('"type":"stopped"'); ) {
    const { done, value } = await reader.read();
    seen += Buffer.from(value ?? []).toString();
    end = done;
  }
  expect(seen).toContain('"type":"stopped"');
  expect(place.running().length).toBeGreaterThan(2);
  return child;
}

const nothingIsLeft = () =>
  until("no process and no file to be left", () => place.running().length === 0 && place.leftovers().length === 0);

test("kill -9 of lanes while one is stopped: that one does not stay behind, nor does its folder", async () => {
  const child = await stopped();
  child.kill("SIGKILL");
  await nothingIsLeft();
});

describe.skipIf(!hasPostgres)("in a farm", () => {
  let server: Postgres;
  let farm: string;
  let url: string;
  beforeAll(async () => {
    ({ server, farm, url } = await startFarm());
  });
  afterAll(() => server[Symbol.asyncDispose]());

  /** What of a play is still in the database. */
  async function left(): Promise<unknown[]> {
    const rows = await server.ask(
      farm,
      `select name from lanes.lock union all select name from lanes.fence union all select name from lanes.wait
       union all select relname from pg_class where relname like 'demo%'`,
    );
    return rows.map((row) => ({ ...row }));
  }

  test("its own rows and its own check; a password is not on the record; nothing is left in it", async () => {
    const shown = url.replace("postgres@", "postgres:geheim@");
    const options = ["--lease", "100", "--work", "10"];
    const { code, stdout, stderr } = await place.run(["demo", "fence", "--on", shown, "--jsonl", ...options]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: expect.stringContaining("a password on the command line") });
    expect(stdout).not.toContain("geheim");
    const lines = stdout.trimEnd().split("\n");
    expect(JSON.parse(lines[0] ?? "").argv).toEqual(["lanes", "demo", "fence", "--on", url, "--jsonl", ...options]);
    expect(JSON.parse(lines.at(-2) ?? "")).toMatchObject({ type: "outcome", on: url });
    expect(JSON.parse(lines.at(-1) ?? "")).toMatchObject({
      ok: true,
      result: {
        farm: `${server.folder}/${farm}`,
        alone: { numbers: [1, 2], late: "written", actual: 1 },
        fenced: { numbers: [1, 2, 3], late: "rejected", actual: 2 },
        refusal: expect.stringContaining("1 is not its number any more, 2 is"),
      },
    });
    expect(await left()).toEqual([]);
  });

  test("Ctrl-C and kill -9 while one is stopped: nothing is left, here or there", async () => {
    const interrupted = await stopped("--on", url);
    expect((await left()).length).toBeGreaterThan(0);
    signalProcess(interrupted.pid, "SIGINT");
    expect(await interrupted.exited).toBe(130);
    expect(await left()).toEqual([]);
    const killed = await stopped("--on", url);
    killed.kill("SIGKILL");
    await nothingIsLeft(); // nor the process that removes what the killed one had in the farm
    expect(await left()).toEqual([]);
  });

  test("what is no farm, and what does not go with one", async () => {
    const wrong = [
      [["--on", "nowhere"], "nor a farm named"],
      [["--on", "postgres://me@127.0.0.1:1/x"], "cannot reach 127.0.0.1:1"],
      [["--on", url, "--dir", "x"], "--dir"],
      [["--on", url, "--python"], "--on"],
    ] as const;
    for (const [args, words] of wrong) {
      const { code, stdout, stderr } = await place.run(["demo", "fence", ...args]);
      expect({ code, stdout, stderr }).toEqual({ code: 2, stdout: "", stderr: expect.stringContaining(words) });
    }
    expect((await place.run(["demo", "race", "--on", url])).code).toBe(2);
  });
});
