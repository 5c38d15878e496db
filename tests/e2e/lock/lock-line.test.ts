/**
 * The folder of the line of those who wait has a name in /tmp that anybody can foretell: whatever he puts there, nothing of it is
 * touched, and nobody is kept from waiting. Each in a mount namespace with a /tmp of its own; skipped where there is none.
 */

import { afterEach, beforeEach, expect, test } from "bun:test";
import { realpathSync } from "node:fs";
import { lanes, Playground } from "../../support/lanes.ts";

let place: Playground;
beforeEach(() => {
  place = new Playground();
});
afterEach(() => place.clean());

const canMount = Bun.spawnSync(["unshare", "--user", "--map-root-user", "--mount", "true"]).exitCode === 0;
const isRoot = process.getuid?.() === 0;

/** A lock is waited for once, which is when the folder is used and tidied up. `meanwhile` happens while one waits. */
const contended = (meanwhile: string, options = "") => `
  "$LANES" lock ${options} w/a -- sh -c 'touch w/in; until [ -e w/go ]; do sleep .02; done' &
  until [ -e w/in ]; do sleep .02; done
  "$LANES" lock --verbose ${options} w/a -- echo second 2> w/err &
  until [ -s w/err ]; do sleep .02; done
  sleep .2
  ${meanwhile}
  touch w/go; wait; grep -v waiting w/err | sed 's/after .* ms//; s/.*acquired .*/acquired/'; rm -r w`;

/** As root (of a user namespace, where one is not) in an empty /tmp; `/tmp/victim` is a folder of old files. */
async function inTmp(prepare: string, meanwhile: string, look: string, options = "") {
  // The executable itself may lie below the /tmp that disappears.
  const line = `
    mount --bind "$(dirname "$LANES")" /mnt && LANES=/mnt/$(basename "$LANES")
    mount -t tmpfs none /tmp && cd /tmp && mkdir w victim && echo x > victim/hosts && touch victim/empty victim/a.line
    touch -d '1 hour ago' victim/*
    ${prepare}
    ${contended(meanwhile, options)}
    ${look}`;
  const namespaces = isRoot ? ["--mount"] : ["--user", "--map-root-user", "--mount"];
  const done = Bun.spawn(["unshare", ...namespaces, "bash", "-c", line], {
    env: { ...place.env, TMPDIR: "/tmp", LANES: realpathSync(lanes) },
    stdio: ["ignore", "pipe", "pipe"],
  });
  const [stdout, stderr] = await Promise.all([new Response(done.stdout).text(), new Response(done.stderr).text()]);
  return { code: await done.exited, stdout, stderr };
}

const untouched = "a.line empty hosts\n";
const list = "ls victim | tr '\\n' ' ' | sed 's/ $/\\n/'";

test.skipIf(!canMount).each([
  ["a link to a folder", "ln -s victim lanes-0", "", "--"],
  ["a link, and slots", "ln -s victim lanes-0", "", "--slots 1"],
  ["a file", "touch lanes-0", "", "--"],
  ["a link to nowhere", "ln -s nowhere lanes-0", "", "--"],
  ["a fifo", "mkfifo lanes-0", "", "--"],
  ["a link that takes its place while one waits", "", "mv lanes-0 mine; ln -s victim lanes-0", "--"],
])("%s: left alone, and waited all the same", async (_, prepare, meanwhile, options) => {
  const done = await inTmp(prepare, meanwhile, list, options === "--" ? "" : options);
  expect(done).toEqual({ code: 0, stdout: `second\nacquired\n${untouched}`, stderr: "" });
});

test.skipIf(!canMount).each([
  ["that others may enter", "chmod 777 victim; mv victim lanes-0", ""],
  ["that others may enter, put there while one waits", "", "mv lanes-0 mine; chmod 755 victim; mv victim lanes-0"],
  ...(isRoot
    ? ([
        ["of another user", "chown -R 65534 victim; chmod 700 victim; mv victim lanes-0", ""],
        [
          "of another user, while one waits",
          "",
          "mv lanes-0 mine; chown 65534 victim; chmod 700 victim; mv victim lanes-0",
        ],
      ] as const)
    : []),
])("a folder %s: left alone, and waited all the same", async (_, prepare, meanwhile) => {
  const done = await inTmp(prepare, meanwhile, list.replace("victim", "lanes-0"));
  expect(done).toEqual({ code: 0, stdout: `second\nacquired\n${untouched}`, stderr: "" });
});

test.skipIf(!canMount)("in the user's own folder only turnstiles that are free and forgotten are removed", async () => {
  const prepare = "chmod 700 victim; mkdir victim/folder.line; ln -s hosts victim/link.line; mv victim lanes-0";
  const done = await inTmp(prepare, "", list.replace("victim", "lanes-0"));
  expect(done).toEqual({ code: 0, stdout: "second\nacquired\nempty folder.line hosts link.line\n", stderr: "" });
});

test.skipIf(!canMount)("a /tmp everybody may write to, without the sticky bit", async () => {
  for (const prepare of ["chmod 777 /tmp", "chmod 777 /tmp; mkdir lanes-0; chmod 700 lanes-0"]) {
    const done = await inTmp(prepare, "", list);
    expect(done).toEqual({ code: 0, stdout: `second\nacquired\n${untouched}`, stderr: "" });
  }
});
