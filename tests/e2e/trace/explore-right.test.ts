/** What `lanes explore` takes for right: never a run that fails; and programs of every kind: C, `lanes exec`, `lanes lock`. */
import { afterAll, describe, expect, test } from "bun:test";
import { lanes, Playground } from "../../support/lanes.ts";
import { mayTrace } from "../../support/processes/ptrace.ts";
import { counter, explored, folderOf, plain } from "../../support/recordings/explore.ts";

const play = new Playground();
afterAll(() => play.clean());
const run = (files: Readonly<Record<string, string>>, args: readonly string[]) =>
  explored(play, folderOf(play, files), args);

describe.skipIf(!mayTrace)("lanes explore", () => {
  test("an order given again is right or wrong beside the standard one, and says so by its exit code", async () => {
    const folder = folderOf(play, { "job.sh": counter(plain) });
    const { document } = await explored(play, folder, ["--runs", "3", "sh", "job.sh"]);
    const wrong = await explored(play, folder, ["--replay", document.smallest?.order ?? "", "sh", "job.sh"]);
    expect([wrong.code, wrong.document.runs]).toEqual([1, 1]);
    expect(wrong.document.outcomes).toMatchObject([{ right: false, stdout: "1" }]);
    const standard = await explored(play, folder, ["--replay", "0", "sh", "job.sh"]);
    expect(standard.code).toBe(0);
    expect(standard.document.outcomes).toMatchObject([{ right: true, stdout: "2" }]);
    const text = await play.shell(
      `cd ${folder} && $LANES explore --replay ${document.smallest?.order ?? ""} sh job.sh; exit 0`,
    );
    expect(text.stdout).toMatch(/1 × {2}✗/);
  }, 120_000);

  test("what fails in every order is one outcome, and none that is right", async () => {
    const { document, code } = await run({ "job.sh": `${counter(plain)}exit 3\n`.replace("cat n", "echo") }, [
      ...["--ignore", ".*", "--runs", "4", "sh", "job.sh"],
    ]);
    expect([code, document.smallest]).toEqual([0, null]);
    expect(document.outcomes).toMatchObject([{ right: false, exitCode: 3, count: 4 }]);
  }, 120_000);

  test("where the standard order fails, what others end in is right", async () => {
    const { document, code } = await run({ "job.sh": `sh -c 'echo x > ready' & read x < ready || exit 3; wait\n` }, [
      ...["--runs", "20", "sh", "job.sh"],
    ]);
    expect(code).toBe(1);
    expect(document.outcomes.find(({ exitCode }) => exitCode === 3)?.right).toBe(false);
    expect(document.outcomes.find(({ exitCode }) => exitCode === 0)?.right).toBe(true);
  }, 120_000);

  // A step of such a program is many system calls of many threads: two processes, for three take three times as long.
  const program = `
    import { readFileSync, writeFileSync } from "node:fs";
    import { Process } from "lanes";
    const add = () => writeFileSync("n", String(Number(readFileSync("n", "utf8")) + 1));
    async function work() { add(); }
    if (import.meta.main) {
      writeFileSync("n", "0");
      const other = new Process({ target: work }).start();
      add();
      await other.join();
      console.log(readFileSync("n", "utf8"));
    }
  `;

  // With its lock it is right: that is asked of a program in C, and of lanes lock, whose steps take less time.
  test("a program of lanes exec", async () => {
    const found = await run({ "job.ts": program }, ["--share", "n", "--runs", "4", lanes, "exec", "job.ts"]);
    expect([found.code, found.document.outcomes.map(({ stdout }) => stdout).sort()]).toEqual([1, ["1", "2"]]);
  }, 240_000);

  test("lanes lock", async () => {
    const add = `${lanes} lock n.lock sh -c '${plain}'`;
    const found = await run({ "job.sh": counter(add) }, ["--share", "n", "--runs", "3", "sh", "job.sh"]);
    expect([found.code, found.document.outcomes.map(({ stdout }) => stdout)]).toEqual([0, ["2"]]);
  }, 240_000);

  test.skipIf(Bun.which("cc") === null)(
    "a program in C",
    async () => {
      const source = `
      #include <fcntl.h>
      #include <stdio.h>
      #include <stdlib.h>
      #include <sys/file.h>
      #include <sys/wait.h>
      #include <unistd.h>
      static void add(int locked) {
        int lock = open("lock", O_CREAT | O_RDWR, 0600);
        if (locked) flock(lock, LOCK_EX);
        char text[16] = {0};
        int fd = open("n", O_RDONLY);
        if (read(fd, text, 15) < 0) exit(1);
        close(fd);
        fd = open("n", O_WRONLY | O_TRUNC);
        dprintf(fd, "%d", atoi(text) + 1);
        close(fd);
        close(lock);
      }
      int main(int argc, char **argv) {
        FILE *file = fopen("n", "w");
        fputs("0", file);
        fclose(file);
        for (int i = 0; i < 2; i++) if (fork() == 0) { add(argc > 1); _exit(0); }
        while (wait(0) > 0);
        char text[16] = {0};
        file = fopen("n", "r");
        puts(fgets(text, 16, file));
        return argv[0] == 0;
      }`;
      const folder = folderOf(play, { "job.c": source });
      expect(Bun.spawnSync(["cc", "-O1", "-o", "job", "job.c"], { cwd: folder }).exitCode).toBe(0);
      const plainly = await explored(play, folder, ["--share", "n", "--runs", "8", "./job"]);
      expect([plainly.code, plainly.document.outcomes.map(({ stdout }) => stdout).sort()]).toEqual([1, ["1", "2"]]);
      const locked = await explored(play, folder, ["--runs", "8", "./job", "locked"]);
      expect([locked.code, locked.document.outcomes.map(({ stdout }) => stdout)]).toEqual([0, ["2"]]);
    },
    240_000,
  );
});
