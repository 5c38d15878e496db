/** What the common options and the environment come to. */
import { currentLanguage, type Language } from "../i18n/index.ts";
import type { Look } from "./audience.ts";
import type { commonOptions, Options, stateOption } from "./table.ts";

export interface Settings extends Look {
  readonly language: Language;
  readonly quiet: boolean;
  /** What a person plays is remembered in later runs. */
  readonly state: boolean;
}

/** The settings of a line: `state` stays on where the command has no option for it. */
export function settingsOf(options: Options<typeof commonOptions> & Options<typeof stateOption>): Settings {
  return {
    language: currentLanguage(),
    noColor: options.noColor ?? false,
    ascii: options.ascii ?? false,
    quiet: options.quiet ?? false,
    state: !options.noState,
  };
}
