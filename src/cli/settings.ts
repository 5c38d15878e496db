/** What the common options and the environment come to. */
import { currentLanguage, type Language } from "../i18n/index.ts";
import { isTerminal, windowSize } from "../os/tty/tty.ts";
import type { Style } from "../terminal/style.ts";
import type { commonOptions, Options, stateOption } from "./table.ts";

type Environment = Readonly<Record<string, string | undefined>>;

export interface Settings {
  readonly language: Language;
  /** Escape sequences may be written to stdout: it is a terminal, and nobody asked for none. */
  readonly color: boolean;
  readonly ascii: boolean;
  readonly quiet: boolean;
  /** What a person plays is remembered in later runs. */
  readonly state: boolean;
}

/** The settings of a line: `state` stays on where the command has no option for it. */
export function settingsOf(
  options: Options<typeof commonOptions> & Options<typeof stateOption>,
  env: Environment = process.env,
): Settings {
  return {
    language: currentLanguage(),
    color: !options.noColor && !env.NO_COLOR && env.TERM !== "dumb" && isTerminal(1),
    ascii: options.ascii ?? false,
    quiet: options.quiet ?? false,
    state: !options.noState,
  };
}

/** How text for a person is to look on stdout: as wide as the terminal, or 80 columns. */
export function styleOf({ color, ascii }: Settings): Style {
  return { color, ascii, columns: windowSize(1).columns };
}

/** Whether a person sits at it: both ends are terminals, and this is no CI run. */
export function isInteractive(env: Environment = process.env): boolean {
  return isTerminal(0) && isTerminal(1) && !env.CI && env.TERM !== "dumb";
}
