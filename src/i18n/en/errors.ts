/** Errors of the process layer, which every command can meet. */
export const errors = {
  "error.depth":
    "refusing to start another process: this one is already {depth} generations deep (limit {limit}). A program that starts itself would never stop; look for a worker that starts lanes again.",
  "error.command.notFound": "cannot run {name}: command not found",
  "error.command.notExecutable": "cannot run {name}: it cannot be executed ({code})",
  "error.command.interpreter": "cannot run {name}: its first line names {interpreter}, which is not there{hint}",
  "error.command.carriageReturn": " (the file has line ends of Windows)",
  "error.libc.function": "the C library on {platform} has no {name}(), which this needs",
  "error.libc.memory":
    "{name}() of the C library cannot be called, for this process gets no memory that may be written and executed. It is forbidden (systemd's MemoryDenyWriteExecute=, a security module), switched off (BUN_JSC_useJIT=0), or the limit of address space is too low (ulimit -v, a batch system's h_vmem: allow 4 GB).",
  "error.spawn.again":
    "cannot start {name}: the system refuses more processes (EAGAIN). Raise the limit (ulimit -u) or start fewer.",
  "error.spawn.files":
    "cannot start {name}: no file descriptor left ({code}). Raise the limit (ulimit -n) or start fewer.",
  "error.spawn.gone":
    "cannot start {name}: the lanes executable {path} is no longer there. Put it back, or start the new one.",
  "error.spawn.other": "cannot start {name}: {reason}",
  "error.spawn.replaced":
    "cannot start {name}: the executable {path} was replaced while lanes was running (this is {mine}, that is {other}). Start lanes again.",
  "error.process": "{reason}\nWhat was started is stopped.",
  "error.spawn.killed":
    "{name} (pid {pid}) was ended by {signal} before it ran anything: the system may be out of memory, threads or processes (ulimit -u, ulimit -v).",
  "error.system": "{reason}",
  "error.folderGone":
    "the current folder is gone (removed, or replaced by another of the same name): go to one that is there",
  "error.temp":
    "no temporary file can be made in {folder} ({reason}). Set TMPDIR to a folder that is there and can be written.",
  "error.output": "cannot write the output: {reason}",
  "error.spawn.silent":
    "{name} (pid {pid}) ended with {ending} before it ran anything. Is {path} still the lanes executable?",
  "error.clone":
    "cannot start {name}: {path} cannot be sent to another process ({reason}). Processes share no memory: send plain data.",
  "error.process.lost": "{name} (pid {pid}) ended with {ending} before its work was done.",
  "error.pipe.make":
    "cannot make a pipe at {path} ({reason}). Name a folder on a file system that can hold one, or leave --dir out.",
  "error.target.unknown": "no such function to run in a process: {target}",
} as const;
