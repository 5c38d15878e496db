import { completions } from "../../commands/completions/words.zh.ts";
import { lock } from "../../commands/lock/words.zh.ts";
import { man } from "../../commands/man/words.zh.ts";
import { map } from "../../commands/map/words.zh.ts";
import { menu } from "../../commands/menu/words.zh.ts";
import { progress } from "../../commands/progress/words.zh.ts";
import { replay } from "../../commands/replay/words.zh.ts";
import { run } from "../../commands/run/words.zh.ts";
import { barrier } from "../../demos/barrier/words.zh.ts";
import { concurrency } from "../../demos/concurrency/words.zh.ts";
import { crash } from "../../demos/crash/words.zh.ts";
import { deadlock } from "../../demos/deadlock/words.zh.ts";
import { eventDemo } from "../../demos/event/words.zh.ts";
import { exchangeDemo } from "../../demos/exchange/words.zh.ts";
import { forkbomb } from "../../demos/forkbomb/words.zh.ts";
import { functionDemo } from "../../demos/function/words.zh.ts";
import { identityDemo } from "../../demos/identity/words.zh.ts";
import { isolationDemo } from "../../demos/isolation/words.zh.ts";
import { mutex } from "../../demos/mutex/words.zh.ts";
import { oversubscribe } from "../../demos/oversubscribe/words.zh.ts";
import { pool } from "../../demos/pool/words.zh.ts";
import { queueDemo } from "../../demos/queue/words.zh.ts";
import { race } from "../../demos/race/words.zh.ts";
import { semaphore } from "../../demos/semaphore/words.zh.ts";
import { speedup } from "../../demos/speedup/words.zh.ts";
import { subclassDemo } from "../../demos/subclass/words.zh.ts";
import { common } from "../../demos/words.zh.ts";
import { zombie } from "../../demos/zombie/words.zh.ts";
import type { Catalog } from "../index.ts";
import { cli } from "./cli.ts";
import { compare } from "./compare.ts";
import { errors } from "./errors.ts";
import { exporting } from "./export.ts";
import { memory } from "./memory.ts";
import { views } from "./views.ts";

export const zh: Catalog = {
  ...cli,
  ...compare,
  ...barrier,
  ...common,
  ...completions,
  ...concurrency,
  ...crash,
  ...deadlock,
  ...eventDemo,
  ...exchangeDemo,
  ...forkbomb,
  ...functionDemo,
  ...identityDemo,
  ...isolationDemo,
  ...mutex,
  ...oversubscribe,
  ...pool,
  ...queueDemo,
  ...race,
  ...semaphore,
  ...speedup,
  ...subclassDemo,
  ...zombie,
  ...errors,
  ...exporting,
  ...memory,
  ...lock,
  ...man,
  ...map,
  ...menu,
  ...progress,
  ...replay,
  ...run,
  ...views,
};
