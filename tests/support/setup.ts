/** Loaded before every test file. Tests wait for conditions, never for time; this limit only ends a hung one. */
import { setDefaultTimeout } from "bun:test";

setDefaultTimeout(60_000);
