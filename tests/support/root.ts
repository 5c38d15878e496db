/** The checkout that is tried. */
import { join } from "node:path";

export const root = join(import.meta.dir, "..", "..");
