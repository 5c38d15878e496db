/** Playing a demo in a test: real processes from source, its folder and its processes looked for afterwards. */
import { expect } from "bun:test";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type DemoName, loadDemo } from "../../../src/demos/catalog.ts";
import { defaultParams, type Params } from "../../../src/demos/define.ts";
import { type Played, playDemo } from "../../../src/demos/play.ts";
import { currentLanguage, setLanguage } from "../../../src/i18n/index.ts";
import { Recording } from "../../../src/recording/recording.ts";
import { demoText } from "../../../src/show/text.ts";

/** The parameters a demo is played with when nobody sets any, and those that a test sets. */
export async function paramsOf(name: DemoName, params: Params = {}): Promise<Params> {
  const demo = await loadDemo(name);
  return { ...defaultParams(demo), ...params };
}

/** Plays a demo to its end. What came of it can be read in both languages, however it ended. */
export async function played(name: DemoName, params: Params = {}, recording = new Recording()): Promise<Played> {
  const options = { params: await paramsOf(name, params), recording, signal: new AbortController().signal };
  const play = await playDemo(await loadDemo(name), options);
  expectReadable(play);
  return play;
}

/** Its text is whole, in both languages, and steers no terminal. */
export function expectReadable(play: Played): void {
  const spoken = currentLanguage();
  try {
    for (const language of ["en", "zh"] as const) {
      setLanguage(language);
      const text = demoText(play, { columns: 80, ascii: false, color: false });
      expect(text).not.toContain("\x1b");
      expect(text).not.toMatch(/undefined|NaN|\[object/);
      if (language === "zh") expect(text).toMatch(/\p{Script=Han}/u);
    }
  } finally {
    setLanguage(spoken);
  }
}

/**
 * Plays a demo and leaves it as soon as `when` says so of its recording; resolves to that recording, and to the names of
 * what the demo left in the temporary folder.
 */
export async function abandoned(
  name: DemoName,
  params: Params,
  when: (recording: Recording) => boolean,
): Promise<{ recording: Recording; left: string[] }> {
  const recording = new Recording();
  const leaving = new AbortController();
  const reason = new Error("left");
  recording.subscribe(() => {
    if (when(recording)) leaving.abort(reason);
  });
  const { TMPDIR } = process.env;
  const folder = mkdtempSync(join(tmpdir(), "test-"));
  process.env.TMPDIR = folder;
  try {
    const demo = await loadDemo(name);
    await playDemo(demo, { params: await paramsOf(name, params), recording, signal: leaving.signal });
    throw new Error(`demo ${name} ended before it could be left`);
  } catch (error) {
    if (error !== reason) throw error;
    return { recording, left: readdirSync(folder) };
  } finally {
    if (TMPDIR === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = TMPDIR;
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The pids a recording names, this process's left out. */
export function pidsOf(recording: Recording): number[] {
  return [...new Set(recording.events().map((event) => event.pid))].filter((pid) => pid !== process.pid && pid > 0);
}
