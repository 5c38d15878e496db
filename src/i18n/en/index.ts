import { cli } from "./cli.ts";
import { common } from "./demos/common.ts";
import { concurrency } from "./demos/concurrency.ts";
import { functionDemo } from "./demos/function.ts";
import { race } from "./demos/race.ts";
import { speedup } from "./demos/speedup.ts";
import { errors } from "./errors.ts";

export const en = { ...cli, ...errors, ...common, ...functionDemo, ...concurrency, ...speedup, ...race } as const;
