/**
 * Children of what a test plays from source that are the executable: it starts in a third of the time that a child from source
 * takes, and there are hundreds of them. For tests whose targets are lanes' own (demos); fixtures need children from source.
 */

import { afterAll, beforeAll, mock } from "bun:test";
import { join } from "node:path";
import * as selfCommands from "../../../src/os/exec/self-command.ts";
import * as versions from "../../../src/version.ts";
import { isOfTheseSources, lanes } from "../lanes.ts";
import { root } from "../root.ts";

const src = join(root, "src");
const [commands, version] = [{ ...selfCommands }, { ...versions }];

/** From here to the end of the test file; where there is no executable of these sources, children are from source as always. */
export function withExecutableChildren(): void {
  beforeAll(() => {
    if (!isOfTheseSources()) return;
    const said = Bun.spawnSync([lanes, "--version"]).stdout.toString();
    const [, commit] = /^commit (\S+)$/m.exec(said) ?? []; // `bb74bf25591a-dirty` of a tree with changes
    if (commit === undefined) throw new Error(`${lanes} --version names no commit: ${said}`);
    mock.module(join(src, "version.ts"), () => ({ ...version, buildId: `${version.version}-${commit}` }));
    const selfCommand = (...words: string[]) => [lanes, ...words];
    mock.module(join(src, "os/exec/self-command.ts"), () => ({ ...commands, selfCommand }));
  });
  afterAll(() => {
    mock.module(join(src, "version.ts"), () => version);
    mock.module(join(src, "os/exec/self-command.ts"), () => commands);
  });
}
