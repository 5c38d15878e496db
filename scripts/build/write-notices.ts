#!/usr/bin/env bun
/** Writes THIRD-PARTY-NOTICES anew, after a dependency or Bun was changed: `scripts/build/write-notices.ts`. */
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { bundledPackages } from "./compile.ts";
import { noticesOf } from "./notices.ts";

const root = join(import.meta.dir, "..", "..");
const packages = await bundledPackages(root);
const text = noticesOf(packages, root);
writeFileSync(join(root, "THIRD-PARTY-NOTICES"), text);
console.log(`THIRD-PARTY-NOTICES: ${packages.length} npm packages, ${text.length} characters`);
