/** The lock: why it could not be taken, and what `lanes lock` says. */
export const lock = {
  "lock.noKernel":
    "cannot lock: no access to flock() of the C library on {platform}, and without it nobody can tell whether a holder lives",
  "lock.flock": "cannot lock: flock() failed with error {errno}: this file system or kernel does not support it",
  "lock.noThread": "cannot wait for the lock: no thread to wait on ({reason})",
  "lock.fileSystem":
    "cannot lock {path}: on the file system {name} nobody can vouch that a holder is alive. Put the lock file on a local disk of this machine, /tmp for instance.",
  "lock.isFolder": "cannot lock {path}: it is a folder. Name a file, which will be created.",
  "lock.isSymlink": "cannot lock {path}: it is a symbolic link. Name the file itself.",
  "lock.notAFile": "cannot lock {path}: it is not a regular file",
  "lock.noFolder": "cannot lock {path}: there is no folder {folder}",
  "lock.notAFolder": "cannot lock {path}: {folder} is not a folder",
  "lock.denied": "cannot lock {path}: no permission to create or write it ({code})",
  "lock.readOnly": "cannot lock {path}: the file system is read-only",
  "lock.full": "cannot lock {path}: the disk is full ({code}), the owner's record cannot be written",
  "lock.nameTooLong": "cannot lock {path}: the name is too long",
  "lock.noDescriptor": "cannot lock {path}: no file descriptor left ({code}). Raise the limit (ulimit -n).",
  "lock.cannot": "cannot lock {path}: {code}",
  "lock.twice":
    "{path} is held already by this very command (pid {pid} took it): waiting for it would never end. Take it once, outside.",
  "lock.timeout": "{path} is held by pid {pid} on {host} ({command}); not acquired after {seconds} s",
  "lock.timeoutUnknown": "{path} is held, by whom is not known; not acquired after {seconds} s",
  "lock.breakHeld":
    "{path} is held by pid {pid} on {host} ({command}). To remove it all the same: --force. Then two can be in.",
  "lock.breakUnknown": "{path} is held, by whom is not known. To remove it all the same: --force. Then two can be in.",
} as const;
