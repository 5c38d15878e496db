/** The first line of a script: why a file that is there and may be executed is "not found" all the same. */
import { decodeText } from "../bytes/byte-strings.ts";
import { systemPath } from "../bytes/paths.ts";

/** No system reads more of it, bytes. */
const LIMIT = 256;

/** The program that a script names as its interpreter (`#!/bin/sh`); null if the file is no script, or cannot be read. */
export function interpreterOf(path: string): string | null {
  const { closeSync, openSync, readSync } = process.getBuiltinModule("node:fs");
  const head = Buffer.alloc(LIMIT);
  try {
    const fd = openSync(systemPath(path), "r");
    try {
      const text = decodeText(head.subarray(0, readSync(fd, head, 0, LIMIT, 0)));
      return /^#![ \t]*([^ \t\n]+)/.exec(text)?.[1] ?? null;
    } finally {
      closeSync(fd);
    }
  } catch {
    return null;
  }
}
