import { api } from "../../api/words.en.ts";
import { batch } from "../../commands/batch/words.en.ts";
import { check } from "../../commands/check/words.en.ts";
import { completions } from "../../commands/completions/words.en.ts";
import { exec } from "../../commands/exec/words.en.ts";
import { explore } from "../../commands/explore/words.en.ts";
import { init } from "../../commands/init/words.en.ts";
import { lock } from "../../commands/lock/words.en.ts";
import { man } from "../../commands/man/words.en.ts";
import { map } from "../../commands/map/words.en.ts";
import { menu } from "../../commands/menu/words.en.ts";
import { progress } from "../../commands/progress/words.en.ts";
import { replay } from "../../commands/replay/words.en.ts";
import { run } from "../../commands/run/words.en.ts";
import { trace } from "../../commands/trace/words.en.ts";
import { work } from "../../commands/work/words.en.ts";
import { demos } from "../../demos/words.en.ts";
import { farm } from "../../farm/words.en.ts";
import { cli } from "./cli.ts";
import { compare } from "./compare.ts";
import { errors } from "./errors.ts";
import { exporting } from "./export.ts";
import { memory } from "./memory.ts";
import { views } from "./views.ts";

export const en = {
  ...cli,
  ...compare,
  ...demos,
  ...completions,
  ...errors,
  ...farm,
  ...api,
  ...check,
  ...init,
  ...exec,
  ...explore,
  ...exporting,
  ...memory,
  ...lock,
  ...man,
  ...map,
  ...menu,
  ...progress,
  ...replay,
  ...run,
  ...trace,
  ...work,
  ...batch,
  ...views,
} as const;

/** A whole catalog: what every other language must satisfy. */
export type MessageCatalog = Readonly<Record<keyof typeof en, string>>;
