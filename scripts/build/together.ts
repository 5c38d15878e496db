/**
 * Modules that are loaded together are put into one file of the executable.
 *
 * The bundler makes a file for each set of entry points that a module is reached from, and every `import()` is an entry point:
 * `lanes lock` came in 20 files, `lanes map` in 41, some of them a hundred bytes long. Finding, linking and evaluating a file
 * takes 0.13 ms whatever is in it, half a percent of the start of an empty program. So here each module of a group imports the
 * others, which makes the sets the same, and the files one. What stands in a group must be wanted together nearly always, do
 * nothing when it is loaded, and be no entry point itself (it would get an empty file more).
 */
import { existsSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

const groups: readonly (readonly string[])[] = [
  // Which role this process has.
  [
    "os/awake.ts",
    "os/exec/self-command.ts",
    "os/files/own-files.ts",
    "os/platform.ts",
    "process/sentinels.ts",
    "version.ts",
  ],
  // What every role needs.
  [
    "errors.ts",
    "i18n/index.ts",
    "i18n/message.ts",
    "i18n/packed.ts",
    "os/bytes/byte-strings.ts",
    "os/bytes/bytes.ts",
    "os/bytes/paths.ts",
    "os/bytes/printable.ts",
    "os/darwin.ts",
    "os/files/descriptors.ts",
    "os/exec/find-executable.ts",
    "os/exec/interpreter.ts",
    "os/exec/spawnable.ts",
    "os/process/mac-processes.ts",
    "os/process/proc.ts",
    "os/process/users.ts",
    "os/signals.ts",
    "os/tty/tty.ts",
    "process/reexec.ts",
    "process/socket.ts",
    "process/write.ts",
    "recording/clock.ts",
  ],
  // Reading a command line.
  [
    "cli/amounts.ts",
    "cli/parse.ts",
    "cli/table.ts",
    "cli/values.ts",
    "commands/export-options.ts",
    "commands/lease-length.ts",
    "commands/lock/subcommands.ts",
  ],
  // Output, and who looks at it.
  ["cli/audience.ts", "cli/sums-up.ts", "os/exec/quoted.ts", "os/files/non-blocking.ts", "os/stdout.ts"],
  // A terminal that is drawn on.
  [
    "cli/stop.ts",
    "cli/terminal-on.ts",
    "os/tty/terminal-mode.ts",
    "process/live.ts",
    "process/supervisor.ts",
    "terminal/keyboard.ts",
    "terminal/terminal.ts",
  ],
  ["recording/results/program.ts", "show/words.ts", "terminal/ansi.ts", "terminal/layout.ts", "terminal/style.ts"],
  // The menu's first frame.
  [
    "cli/prompts-on.ts",
    "commands/menu/builders.ts",
    "commands/menu/listing.ts",
    "commands/menu/own-work.ts",
    "progress/course.ts",
    "progress/journal.ts",
    "progress/play.ts",
    "terminal/picker.ts",
    "terminal/prompts.ts",
    "terminal/scrolled.ts",
  ],
  // Starting processes that are to end with this one.
  [
    "os/cores.ts",
    "os/files/tempfile.ts",
    "os/process/proc-of.ts",
    "os/process/process-table.ts",
    "process/guard/groups.ts",
    "process/guard/guard-list.ts",
    "process/guard/job-group.ts",
    "process/guard/mark.ts",
  ],
  // A lock that is free.
  [
    "lock/file.ts",
    "lock/handle.ts",
    "lock/held-locks.ts",
    "lock/lock.ts",
    "lock/lockfile.ts",
    "lock/owner.ts",
    "lock/path.ts",
    "lock/release.ts",
    "lock/system/filesystem.ts",
    "lock/system/identity.ts",
    "lock/system/kernel.ts",
    "lock/system/libc.ts",
    "lock/system/proc.ts",
    "lock/system/sys-linux.ts",
    "lock/system/sys.ts",
    "lock/lock-errors.ts",
    "lock/wait/own-folder.ts",
    "lock/wait/ranges.ts",
    "lock/wait/turnstile.ts",
  ],
  // A lock in a database.
  [
    "commands/lock/farm/ending.ts",
    "commands/lock/farm/letting-go.ts",
    "commands/lock/farm/name.ts",
    "commands/lock/farm/waits.ts",
    "farm/address.ts",
    "farm/connection.ts",
    "farm/contact.ts",
    "farm/failures.ts",
    "farm/lock/acquire.ts",
    "farm/lock/lease.ts",
    "farm/lock/schema.ts",
    "farm/lock/statements.ts",
    "farm/names.ts",
    "farm/passwords.ts",
    "farm/schema.ts",
    "os/boot-clock.ts",
  ],
  // What runs a command under either kind of lock.
  [
    "commands/cannot-run.ts",
    "commands/lock/ending-signals.ts",
    "commands/lock/execute.ts",
    "commands/lock/group-witness.ts",
    "commands/lock/inheritance.ts",
    "commands/lock/passing-on.ts",
    "commands/lock/run-locked.ts",
  ],
  // A run of jobs.
  [
    "jobs/input/placeholder.ts",
    "jobs/input/quote.ts",
    "jobs/input/template.ts",
    "jobs/output/files.ts",
    "jobs/output/outlet.ts",
    "jobs/output/tagger.ts",
  ],
  // The pool, and its workers.
  ["pool/control.ts", "pool/environment.ts", "pool/histogram.ts", "pool/wire.ts", "thrown.ts"],
  // Processes, and their workers.
  ["process/clone.ts", "process/errors.ts"],
  [
    "process/child.ts",
    "process/current.ts",
    "process/frames.ts",
    "process/mailbox.ts",
    "process/process.ts",
    "process/registry.ts",
    "process/wire.ts",
  ],
];

/** The plugin of the bundler that does it. `root` is the checkout. @throws Error if a group names a module that is not there. */
export function together(root: string): Bun.BunPlugin {
  const file = (name: string) => join(root, "src", name);
  const others = new Map(groups.flatMap((group) => group.map((name) => [file(name), group] as const)));
  const missing = [...others.keys()].find((path) => !existsSync(path));
  if (missing !== undefined) throw new Error(`${missing} is not there: correct scripts/build/together.ts`);
  const names = [...others.keys()].map((path) => path.replaceAll(/[.\\/]/g, "\\$&"));
  return {
    name: "together",
    setup(build) {
      build.onLoad({ filter: new RegExp(`^(${names.join("|")})$`) }, ({ path }) => {
        const imports = (others.get(path) ?? [])
          .filter((name) => file(name) !== path)
          .map((name) => {
            const from = relative(dirname(path), file(name));
            return `import ${JSON.stringify(from.startsWith(".") ? from : `./${from}`)};`;
          });
        return { loader: "ts", contents: `${readFileSync(path, "utf8")}\n${imports.join("\n")}\n` };
      });
    },
  };
}
