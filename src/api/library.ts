/**
 * What `import … from "lanes"` gives a program that plain Bun runs, with the npm package: the same as `lanes exec` (provide.ts).
 * The processes it starts begin in library-child.ts, and have the same library.
 */
import { speakErrors } from "../i18n/index.ts";
import { ProcessError } from "./errors.ts";
import * as library from "./index.ts";
import { nameAsExported } from "./names.ts";
import { tellCircles } from "./program/circles.ts";
import { stopBySignals } from "./program/signals.ts";

export * from "./index.ts";

/** In a child provide.ts takes this module's place. */
export const isMainProcess = true;

speakErrors("made");
// Whatever such an executable is started with, it begins with the user's own program: it would start itself without end.
if (Bun.isStandaloneExecutable) throw new ProcessError("api.compiled", {});
nameAsExported(library);
tellCircles();
stopBySignals();
