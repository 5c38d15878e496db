import type { Catalog } from "../index.ts";
import { cli } from "./cli.ts";
import { errors } from "./errors.ts";

export const zh: Catalog = { ...cli, ...errors };
