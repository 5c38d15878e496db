/** What macOS gave this process, as bytes: there is no /proc there, but the C library has it. */
import { type Pointer, read, toArrayBuffer } from "bun:ffi";
import { darwinFunctions } from "../darwin.ts";

const PATH_BYTES = 4096;

let opened: ReturnType<typeof open> | undefined;
const open = () =>
  darwinFunctions({
    _NSGetArgc: { args: [], returns: "ptr" },
    _NSGetArgv: { args: [], returns: "ptr" },
    _NSGetEnviron: { args: [], returns: "ptr" },
    getcwd: { args: ["buffer", "u64"], returns: "ptr" },
    strlen: { args: ["ptr"], returns: "u64" },
  });

function libc() {
  opened ??= open();
  return opened;
}

/** All arguments, this program's name first. @public Loaded by `require`, as all here. */
export function givenStrings(): Buffer[] {
  const count = read.i32(libc()._NSGetArgc() as Pointer, 0);
  return stringsAt(libc()._NSGetArgv() as Pointer).slice(0, count);
}

/** The environment, `NAME=value` each. @public */
export function environmentStrings(): Buffer[] {
  return stringsAt(libc()._NSGetEnviron() as Pointer);
}

/** The folder this process is in. @public @throws Error if it cannot be told. */
export function folderBytes(): Buffer {
  const path = Buffer.alloc(PATH_BYTES);
  if (libc().getcwd(path, path.length) === null) throw new Error("getcwd");
  return path.subarray(0, path.indexOf(0));
}

/** A `char ***`: the list it points to, up to its null. */
function stringsAt(pointer: Pointer): Buffer[] {
  const list = read.ptr(pointer, 0) as Pointer;
  const strings: Buffer[] = [];
  for (let at = 0; ; at += 8) {
    const string = read.ptr(list, at) as Pointer;
    if (!string) return strings;
    const length = Number(libc().strlen(string));
    strings.push(length === 0 ? Buffer.alloc(0) : Buffer.from(toArrayBuffer(string, 0, length).slice(0)));
  }
}
