import { cli } from "./cli.ts";
import { common } from "./demos/common.ts";
import { functionDemo } from "./demos/function.ts";
import { identityDemo } from "./demos/identity.ts";
import { isolationDemo } from "./demos/isolation.ts";
import { subclassDemo } from "./demos/subclass.ts";
import { errors } from "./errors.ts";
import { lock } from "./lock.ts";

export const en = {
  ...cli,
  ...errors,
  ...common,
  ...functionDemo,
  ...identityDemo,
  ...isolationDemo,
  ...subclassDemo,
  ...lock,
} as const;
