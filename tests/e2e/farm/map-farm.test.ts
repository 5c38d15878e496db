/** `lanes map --on`: items through a real PostgreSQL, on machines that see nothing of each other but that. */
import { afterAll, beforeAll, describe, expect, test } from "bun:test";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { Cuttable } from "../../support/cut.ts";
import { Playground } from "../../support/lanes.ts";
import { hasPostgres, type Postgres, startFarm } from "../../support/postgres.ts";
import { isRunning, signalProcess } from "../../support/processes/processes.ts";
import { until } from "../../support/wait.ts";

describe.skipIf(!hasPostgres)("lanes map --on", () => {
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
  const module = (name: string, text: string) => {
    writeFileSync(file(name), text);
    return name;
  };
  const numbers = (n: number) => Array.from({ length: n }, (_, at) => `${at + 1}\n`).join("");
  const nothingLeft = async () => {
    const text =
      "select (select count(*) from lanes.batch)::int as batches, (select count(*) from lanes.job)::int as jobs";
    expect(await server.ask(farm, text)).toEqual([{ batches: 0, jobs: 0 }] as never);
  };

  test("the results are those of a map without a farm, in order, failures in their place", async () => {
    mkdirSync(file("lib"), { recursive: true });
    module("lib/twice.ts", "export const twice = (n: number) => 2 * n;");
    const name = module(
      "own.ts",
      `import { twice } from "./lib/twice.ts";
       export default (item: string, { index }: { index: number }) => {
         if (Number(item) % 100 === 7) throw new Error("seven " + item);
         return [index, twice(Number(item))];
       };`,
    );
    const here = await place.shell(`seq 1000 | $LANES map --on-error record ${name}`);
    const there = await place.shell(`seq 1000 | $LANES map --on-error record --on '${url}' ${name}`);
    const stacks = (text: string) => text.replace(/"stack":"(?:[^"\\]|\\.)*"/g, "");
    expect(stacks(there.stdout)).toBe(stacks(here.stdout));
    expect(there.stdout).toContain("own.ts:3"); // by its source map
    expect([here.code, there.code]).toEqual([1, 1]);
    await nothingLeft();
  });

  test("another machine does them, a module with all it imports; what it prints is told", async () => {
    const name = module(
      "far.ts",
      `import { writeFileSync } from "node:fs";
      export default (item: string) => { console.log("at " + item); writeFileSync(process.env.MARK_DIR + "/" + item, ""); return process.env.MACHINE; };`,
    );
    mkdirSync(file("marks"));
    const worker = place.spawn(["work", url, "-j2", "--name", "far"], { MARK_DIR: file("marks"), MACHINE: "far" });
    const done = await place.run(["map", "--on", url, "--no-work", name, "a", "b", "c"]);
    expect(done.stdout).toBe('"far"\n"far"\n"far"\n');
    expect(done.stderr).toContain("| at b");
    worker.kill("SIGTERM");
    expect(await worker.exited).toBe(0);
    await nothingLeft();
  });

  test("a machine that is killed in the midst of a row: the row is done again, its results are there once", async () => {
    const name = module(
      "slow.ts",
      `import { appendFileSync } from "node:fs";
       export default async (item: string) => {
         appendFileSync(process.env.BEGUN ?? "begun", item + "\\n");
         await Bun.sleep(item === "3" && process.env.MACHINE === "doomed" ? 1e6 : 1);
         return item;
       };`,
    );
    const doomed = place.spawn(["work", url, "-j1", "--lease", "5s"], { MACHINE: "doomed", BEGUN: file("begun") });
    const map = place.shell(`seq 20 | $LANES map --on '${url}' --no-work --chunk 5 ${name}`);
    await until(
      "the third to be begun",
      () => Bun.file(file("begun")).size > 0 && readFileSync(file("begun"), "utf8").includes("3\n"),
    );
    const [pid] = [doomed.pid];
    signalProcess(pid, "SIGKILL");
    const other = place.spawn(["work", url, "-j1", "--lease", "5s"], { BEGUN: file("begun") });
    const done = await map;
    expect({ code: done.code, stdout: done.stdout }).toEqual({ code: 0, stdout: numbers(20).replace(/\d+/g, '"$&"') });
    other.kill("SIGTERM");
    await other.exited;
    await until("nothing of it to be left", () => !isRunning(pid));
  }, 120_000);

  test("its submitter is killed: what it has brought is done, and --attach has the results, in order", async () => {
    const name = module(
      "waits.ts",
      `import { existsSync } from "node:fs";
      export default async (item: string) => { while (!existsSync("go")) await Bun.sleep(20); return Number(item); };`,
    );
    const submitter = place.spawn([
      "map",
      "--on",
      url,
      "--no-work",
      name,
      ...Array.from({ length: 30 }, (_, at) => `${at}`),
    ]);
    let batch = "";
    await until("all items to be there", async () => {
      const text = "select name, (select count(*) from lanes.job)::int as n from lanes.batch where total is not null";
      const [found] = await server.ask<{ name: string; n: number }>(farm, text);
      batch = found?.name ?? "";
      return found?.n === 30;
    });
    signalProcess(submitter.pid, "SIGKILL");
    await submitter.exited;
    await server.ask(farm, "update lanes.batch set seen = lanes.clock()"); // half a minute later
    const worker = place.spawn(["work", url, "-j2"]);
    writeFileSync(file("go"), "");
    const attached = await place.run(["batch", url, batch, "--attach"]);
    expect({ code: attached.code, stdout: attached.stdout }).toEqual({
      code: 0,
      stdout: Array.from({ length: 30 }, (_, at) => `${at}\n`).join(""),
    });
    worker.kill("SIGTERM");
    await worker.exited;
    await nothingLeft();
  });

  test("what cannot be sent is refused before anything is begun", async () => {
    writeFileSync(file("beside.txt"), "x");
    const beside = module(
      "beside.ts",
      `import { readFileSync } from "node:fs";
       const text = readFileSync(new URL("./beside.txt", import.meta.url), "utf8");
       export default () => text;`,
    );
    const refused = await place.run(["map", "--on", url, beside, "a"]);
    expect({ code: refused.code, stdout: refused.stdout }).toEqual({ code: 2, stdout: "" });
    expect(refused.stderr).toContain("needs files beside it");
    expect(refused.stderr).toContain("--module-here");
    expect((await place.run(["map", "--on", url, "--module-here", beside, "a"])).stdout).toBe('"x"\n');
    const broken = await place.run(["map", "--on", url, module("broken.ts", "export default (\n"), "a"]);
    expect(broken.code).toBe(2);
    expect(broken.stderr).toContain("broken.ts:");
    const absent = await place.run([
      "map",
      "--on",
      url,
      module("absent.ts", 'import "./none.ts";\nexport default 1'),
      "a",
    ]);
    expect(absent.code).toBe(2);
    expect(absent.stderr).toContain("none.ts");
    for (const option of ["--no-work", "--module-here"]) {
      const alone = await place.run(["map", option, beside, "a"]);
      expect({ code: alone.code, told: alone.stderr.includes(`${option} is for items on a farm`) }).toEqual({
        code: 2,
        told: true,
      });
    }
    await nothingLeft();
  });

  test("--on-error stop: in order, what is before the failure and nothing after it; Ctrl-C: 130", async () => {
    const name = module(
      "stops.ts",
      `export default (item: string) => { if (item === "5") throw new Error("five"); return Number(item); };`,
    );
    const stopped = await place.shell(`seq 200 | $LANES map --on '${url}' --on-error stop ${name}`);
    expect({ code: stopped.code, stdout: stopped.stdout }).toEqual({ code: 1, stdout: "1\n2\n3\n4\n" });
    const endless = module(
      "endless.ts",
      `export default async (item: string) => { await Bun.write("began", ""); await Bun.sleep(1e6); };`,
    );
    const map = place.spawn(["map", "--on", url, endless, "a"]);
    await until("it to begin", () => Bun.file(file("began")).exists());
    map.kill("SIGINT");
    expect(await map.exited).toBe(130);
    await nothingLeft();
  });

  test("Ctrl-C while the database does not answer: 130, and no error of lanes' own", async () => {
    const folder = join(server.folder, "map");
    mkdirSync(folder);
    using way = new Cuttable(join(folder, ".s.PGSQL.5432"), join(server.folder, ".s.PGSQL.5432"));
    const args = ["--no-work", module("same.ts", "export default (item: string) => item;"), "a"];
    const map = place.spawn(["map", "--on", server.url(farm, folder), ...args]);
    const items = () => server.ask(farm, "select from lanes.job where state = 0").catch(() => []); // no tables yet
    await until("its item to be there", async () => (await items()).length === 1);
    way.cut();
    map.kill("SIGINT");
    expect(await map.exited).toBe(130);
    const told = await new Response(map.stderr).text();
    expect(told).not.toContain("bug");
    await server.ask(farm, "delete from lanes.batch");
  });
});
