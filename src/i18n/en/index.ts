import { completions } from "../../commands/completions/words.en.ts";
import { lock } from "../../commands/lock/words.en.ts";
import { man } from "../../commands/man/words.en.ts";
import { map } from "../../commands/map/words.en.ts";
import { menu } from "../../commands/menu/words.en.ts";
import { progress } from "../../commands/progress/words.en.ts";
import { replay } from "../../commands/replay/words.en.ts";
import { run } from "../../commands/run/words.en.ts";
import { barrier } from "../../demos/barrier/words.en.ts";
import { concurrency } from "../../demos/concurrency/words.en.ts";
import { crash } from "../../demos/crash/words.en.ts";
import { deadlock } from "../../demos/deadlock/words.en.ts";
import { eventDemo } from "../../demos/event/words.en.ts";
import { exchangeDemo } from "../../demos/exchange/words.en.ts";
import { forkbomb } from "../../demos/forkbomb/words.en.ts";
import { functionDemo } from "../../demos/function/words.en.ts";
import { identityDemo } from "../../demos/identity/words.en.ts";
import { isolationDemo } from "../../demos/isolation/words.en.ts";
import { mutex } from "../../demos/mutex/words.en.ts";
import { oversubscribe } from "../../demos/oversubscribe/words.en.ts";
import { pool } from "../../demos/pool/words.en.ts";
import { queueDemo } from "../../demos/queue/words.en.ts";
import { race } from "../../demos/race/words.en.ts";
import { semaphore } from "../../demos/semaphore/words.en.ts";
import { speedup } from "../../demos/speedup/words.en.ts";
import { subclassDemo } from "../../demos/subclass/words.en.ts";
import { common } from "../../demos/words.en.ts";
import { zombie } from "../../demos/zombie/words.en.ts";
import { cli } from "./cli.ts";
import { compare } from "./compare.ts";
import { errors } from "./errors.ts";
import { exporting } from "./export.ts";
import { memory } from "./memory.ts";
import { views } from "./views.ts";

export const en = {
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
} as const;
