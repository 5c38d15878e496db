/** `lanes exec`: a program of the user's own. */
import { settingsOf } from "../../cli/settings.ts";
import { command } from "../../cli/table.ts";
import { execOptions } from "./request.ts";

export const exec = command({
  name: "exec",
  usage: "[options] FILE [ARG...]",
  about: "exec.description",
  examples: [
    ["lanes exec hello.ts Ada", "exec.example.run"],
    ["lanes exec --live mutex.ts", "exec.example.live"],
    ["lanes exec --html mutex.html mutex.ts", "exec.example.html"],
    ["lanes exec --jsonl mutex.ts 2> mutex.jsonl; lanes replay mutex.jsonl", "exec.example.jsonl"],
    ["#!/usr/bin/env -S lanes exec", "exec.example.shebang"],
  ],
  operands: [
    { name: "FILE", about: "exec.argument.file" },
    { name: "ARG", about: "exec.argument.args", optional: true, many: true },
  ],
  optionsUntil: 0,
  options: execOptions,
  async run({ options, words: [file = "", ...args], common }) {
    const { runExec } = await import("./wire.ts");
    return runExec({ file, args, options, settings: settingsOf(common) });
  },
});
