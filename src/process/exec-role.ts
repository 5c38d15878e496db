/** The process that becomes a command (os/spawnable.ts): what main.ts runs when it finds the sentinel. */
import { become } from "../os/exec/exec.ts";
import { readExecWords } from "../os/exec/exec-words.ts";

/** Becomes the command. Returns only if that cannot be executed, with the exit code for it. */
export async function runExec(words: readonly string[]): Promise<number> {
  const exec = readExecWords(words);
  return exec === undefined ? 2 : refused(exec.argv[0] ?? "", become(exec));
}

/** Loads only now what says so: each command that can be executed would have to wait for it. */
async function refused(name: string, error: number): Promise<number> {
  const { ExitCode } = await import("../errors.ts");
  const { errnoName } = await import("../os/errno.ts");
  const { languageFrom, setLanguage, t } = await import("../i18n/index.ts");
  setLanguage(languageFrom(undefined, process.env));
  const line = `lanes: ${t("error.command.notExecutable", { name, code: errnoName(error) })}\n`;
  process.getBuiltinModule("node:fs").writeSync(2, line);
  return ExitCode.notExecutable;
}
