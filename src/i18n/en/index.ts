import { cli } from "./cli.ts";
import { compare } from "./compare.ts";
import { completions } from "./completions.ts";
import { barrier } from "./demos/barrier.ts";
import { common } from "./demos/common.ts";
import { concurrency } from "./demos/concurrency.ts";
import { crash } from "./demos/crash.ts";
import { deadlock } from "./demos/deadlock.ts";
import { eventDemo } from "./demos/event.ts";
import { exchangeDemo } from "./demos/exchange.ts";
import { forkbomb } from "./demos/forkbomb.ts";
import { functionDemo } from "./demos/function.ts";
import { identityDemo } from "./demos/identity.ts";
import { isolationDemo } from "./demos/isolation.ts";
import { mutex } from "./demos/mutex.ts";
import { oversubscribe } from "./demos/oversubscribe.ts";
import { pool } from "./demos/pool.ts";
import { queueDemo } from "./demos/queue.ts";
import { race } from "./demos/race.ts";
import { semaphore } from "./demos/semaphore.ts";
import { speedup } from "./demos/speedup.ts";
import { subclassDemo } from "./demos/subclass.ts";
import { zombie } from "./demos/zombie.ts";
import { errors } from "./errors.ts";
import { exporting } from "./export.ts";
import { lock } from "./lock.ts";
import { man } from "./man.ts";
import { map } from "./map.ts";
import { menu } from "./menu.ts";
import { progress } from "./progress.ts";
import { replay } from "./replay.ts";
import { run } from "./run.ts";
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
  ...lock,
  ...man,
  ...map,
  ...menu,
  ...progress,
  ...replay,
  ...run,
  ...views,
} as const;
