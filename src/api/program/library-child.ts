/** Where the processes begin that a program of plain Bun has started; in the executable that is main.ts. */
import { stayAwake } from "../../os/awake.ts";
import { prepareSignals } from "../../os/signals.ts";
import { PROGRAM_SENTINEL } from "../../process/sentinels.ts";
import { runProgram } from "./child.ts";

if (process.argv[2] === PROGRAM_SENTINEL) {
  stayAwake();
  prepareSignals();
  void runProgram().then((code) => process.exit(code));
}
