import { api } from "../../api/words.zh.ts";
import { batch } from "../../commands/batch/words.zh.ts";
import { check } from "../../commands/check/words.zh.ts";
import { completions } from "../../commands/completions/words.zh.ts";
import { exec } from "../../commands/exec/words.zh.ts";
import { explore } from "../../commands/explore/words.zh.ts";
import { init } from "../../commands/init/words.zh.ts";
import { lock } from "../../commands/lock/words.zh.ts";
import { man } from "../../commands/man/words.zh.ts";
import { map } from "../../commands/map/words.zh.ts";
import { menu } from "../../commands/menu/words.zh.ts";
import { progress } from "../../commands/progress/words.zh.ts";
import { replay } from "../../commands/replay/words.zh.ts";
import { run } from "../../commands/run/words.zh.ts";
import { trace } from "../../commands/trace/words.zh.ts";
import { work } from "../../commands/work/words.zh.ts";
import { demos } from "../../demos/words.zh.ts";
import { farm } from "../../farm/words.zh.ts";
import type { MessageCatalog } from "../en/index.ts";
import { cli } from "./cli.ts";
import { compare } from "./compare.ts";
import { errors } from "./errors.ts";
import { exporting } from "./export.ts";
import { memory } from "./memory.ts";
import { views } from "./views.ts";

export const zh: MessageCatalog = {
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
};
