/** Looking at a process that stands still: its memory, its descriptors, its folder; with names that are the same in every run. */
import { printable } from "../../os/bytes/printable.ts";
import { procPath } from "../../os/platform.ts";
import { procDescriptor, procLink } from "../../os/process/proc-of.ts";
import { isPrivileged, mayTraceAll } from "../../trace/privileges.ts";
import type { Scope, Subject } from "./calls.ts";
import type { Crowd } from "./crowd.ts";
import { Memory } from "./memory.ts";
import type { ScopeRequest } from "./messages.ts";
import { RunScope } from "./scope.ts";
import type { ControlledTask } from "./tasks.ts";

/** Of what was read or written so much is kept, characters. */
const DATA = 60;
const [MAP_SHARED, PROT_WRITE] = [1, 2];

export class Sight {
  readonly #memory = new Memory();
  readonly #crowd: Crowd;
  readonly #scope: RunScope;
  /** Files that somebody writes through memory. */
  readonly mapped = new Set<string>();
  /** Programs that get rights of their own by their file, and none while they are traced. */
  readonly unprivileged = new Set<string>();
  readonly #all = mayTraceAll();
  /** What is shared: a pid in a name stands for its process. */
  readonly scope: Scope = {
    file: (path) => this.#scope.file(path)?.replace(/\d{2,}/g, (digits) => this.#crowd.named(digits)),
    pipe: (name) => this.#scope.pipe(name),
  };

  constructor(crowd: Crowd, request: ScopeRequest) {
    this.#crowd = crowd;
    this.#scope = new RunScope(request);
  }

  get outside(): readonly string[] {
    return [...this.#scope.outside];
  }

  subject({ tid, program }: ControlledTask): Subject {
    const { pid } = program;
    return {
      text: (address) => this.#memory.text(tid, address),
      number: (address, bytes) => this.#memory.number(tid, address, bytes),
      descriptor: (fd) => procDescriptor(pid, fd),
      folder: () => {
        program.folder ??= procLink(`${pid}/cwd`);
        return program.folder;
      },
      lane: (other) => this.#crowd.programs.get(other)?.lane,
    };
  }

  /** The beginning of what was read or is written, for a person. */
  data(tid: number, address: number, length: number): string {
    const bytes = Buffer.from(this.#memory.bytes(tid, address, Math.min(length, DATA + 4)));
    const text = printable(bytes.toString());
    return text.length > DATA || length > bytes.length ? `${text.slice(0, DATA)}…` : text;
  }

  /** execve(2) has succeeded. */
  onExecute({ program: { pid } }: ControlledTask): void {
    if (!this.#all && isPrivileged(procPath(`${pid}/exe`))) this.unprivileged.add(procLink(`${pid}/exe`));
  }

  /** mmap(2): what is written to a file through memory is no step. */
  onMap({ program }: ControlledTask, [, , protection = 0, flags = 0, fd = -1]: readonly number[]): void {
    if ((flags & MAP_SHARED) === 0 || (protection & PROT_WRITE) === 0 || (fd | 0) < 0) return;
    const file = this.scope.file(procDescriptor(program.pid, fd));
    if (file !== undefined) this.mapped.add(file);
  }
}
