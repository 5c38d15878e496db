/** The files jobs write to: used again only when nobody else can write to them. */
import { beforeAll, describe, expect, test } from "bun:test";
import { closeSync, fchmodSync, fstatSync, openSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type JobFile, JobFiles } from "../../../src/jobs/output/files.ts";
import { until } from "../../support/wait.ts";

const linux = process.platform === "linux";
const files = new JobFiles();
/** A file as one that was made is not: what is used again is known by it (inode numbers are used again too). */
const MARK = 0o640;
const mark = ({ fd }: JobFile) => fchmodSync(fd, MARK);
const marked = ({ fd }: JobFile) => (fstatSync(fd).mode & 0o777) === MARK;

/** The job that had it has ended, or never was. */
function done(file: JobFile): void {
  file.started();
  file.release();
}

/** Asks about the next file there is, and gives it back. */
function next<T>(ask: (file: JobFile) => T): T {
  const file = files.take();
  const answer = ask(file);
  done(file);
  return answer;
}

describe.if(linux)("files of jobs", () => {
  // A file for the job alone, beside lanes' own: that is how one is handed out from then on.
  beforeAll(() => until("files to be used again", () => next(({ fd, writeFd }) => fd !== writeFd)));

  test("one that nobody has open and nobody has written to is used again", () => {
    const file = files.take();
    mark(file);
    done(file);
    expect(next((again) => [marked(again), fstatSync(again.fd).size])).toEqual([true, 0]);
  });

  test("one that was written to is not", () => {
    const file = files.take();
    writeSync(file.writeFd, "written");
    mark(file);
    done(file);
    expect(next((again) => [marked(again), fstatSync(again.fd).size])).toEqual([false, 0]);
  });

  test("a stream that is written to is not made ready to be used again, one that is not is", () => {
    const file = files.take();
    writeSync(file.writeFd, "written");
    expect(file.size()).toBe(7);
    done(file);
    expect(next(({ fd, writeFd, size }) => [fd === writeFd, size()])).toEqual([true, 0]);
    expect(next(({ fd, writeFd, size }) => [fd === writeFd, size()])).toEqual([false, 0]);
  });

  test("one that a process still has open is not", async () => {
    const file = files.take();
    mark(file);
    const job = Bun.spawn(["sh", "-c", "sleep 60 2>/dev/null & echo $! >&2"], {
      stdio: ["ignore", file.writeFd, "pipe"],
    });
    file.started();
    const left = Number(await new Response(job.stderr).text());
    await job.exited;
    file.release();
    expect(next(marked)).toBe(false);
    process.kill(left, "SIGKILL");
  });

  test("one that is open for reading only is not", () => {
    const file = files.take();
    mark(file);
    const reader = openSync(`/proc/self/fd/${file.fd}`, "r");
    done(file);
    expect(next(marked)).toBe(false);
    closeSync(reader);
  });

  test("one that can be opened no more is left alone", () => {
    const file = files.take();
    fchmodSync(file.fd, 0);
    done(file);
    expect(next(({ fd, writeFd }) => [writeSync(writeFd, "x"), fstatSync(fd).size])).toEqual([1, 1]);
  });

  test("none can be given a name", async () => {
    const file = files.take();
    const link = Bun.spawn(["ln", "-L", "/proc/self/fd/1", join(tmpdir(), `lanes-named-${process.pid}`)], {
      stdio: ["ignore", file.writeFd, "ignore"],
    });
    expect(await link.exited).not.toBe(0);
    done(file);
  });
});
