/** Errors of locks and values in shared memory: what programs that use them see. */
export const memory = {
  "memory.argument": "{what} has to be {wanted}, and is {value}.",
  "memory.barrier.aborted": "{name} is broken: abort() was called.",
  "memory.barrier.died": "{name} is broken: process {pid}, which takes part, has ended.",
  "memory.barrier.reset": "{name}: reset() was called while this process waited.",
  "memory.barrier.timeout": "{name} is broken: somebody has waited for longer than the timeout.",
  "memory.connect":
    "the process that shares this does not answer for {seconds} s. Is it stopped, or out of file descriptors (ulimit -n)?",
  "memory.ended": "the process that shares this has ended: what it shared is gone.",
  "memory.folder": "no shared memory can be made in {folder}: {reason}. Make it a folder that can be written.",
  "memory.full":
    "no room for shared memory in {folder} ({reason}); {bytes} bytes more were wanted. Remove what nobody needs (ls -la {folder}), or give it more room (in a container: docker run --shm-size=1g).",
  "memory.hub": "the thread that serves what is shared cannot be started: {reason}",
  "memory.large": "{name}: an item of {bytes} bytes is too large, the most is {most}.",
  "memory.ms": "timeout has to be a number of ms, and is {value}.",
  "memory.many": "too many shared objects: one process can make {most} of them.",
  "memory.notHeldYet":
    "{name}: {method} is for the process that holds it, and this one still waits for it. Was it awaited? await lock.acquire()",
  "memory.notHeld": "{name}: {method} is for the process that holds it, and this one does not.",
  "memory.over": "{name} was released more often than acquired.",
  "memory.queue.closed": "{name} is closed: nobody puts any more, and nothing is left in it.",
  "memory.queue.done": "{name}: taskDone() was called more often than items were put.",
  "memory.queue.empty": "{name}: nothing came within {ms} ms.",
  "memory.queue.full": "{name}: there was no room within {ms} ms.",
  "memory.timeout": "{name} could not be had within {ms} ms.",
} as const;
