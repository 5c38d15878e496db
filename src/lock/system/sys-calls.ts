/**
 * The system calls the lock is made of, each with what it must never do: none follows a symbolic link at the end of the path,
 * none leaves a descriptor open across an exec, none sleeps. A call that fails throws an error whose `code` is the system's
 * (ENOSPC …), except for the two outcomes that belong to the protocol.
 *
 * Two implementations, beside this file: libc itself on Linux, node:fs elsewhere. Loading node:fs takes a millisecond, a
 * quarter of the start of the whole program, and `lanes lock FILE -- COMMAND` is started often.
 */

/**
 * What names a file for good, as long as somebody has it open. All 64 bits of the inode number, in halves: as one Number two
 * of them may look alike, and a BigInt takes longer to make than the system call that asks for it.
 */
export interface Inode {
  readonly dev: number;
  readonly inoHigh: number;
  readonly inoLow: number;
}

/** Whether both are the same file. */
export function isSame(a: Inode, b: Inode): boolean {
  return a.inoLow === b.inoLow && a.inoHigh === b.inoHigh && a.dev === b.dev;
}

/** An inode and what the lock wants to know about it. */
export interface Stat extends Inode {
  readonly isFile: boolean;
  readonly isFolder: boolean;
  /** How many names it has. */
  readonly links: number;
  /** No path names it any more. */
  readonly isUnlinked: boolean;
  readonly uid: number;
  /** In bytes. */
  readonly size: number;
  /** The permission bits. */
  readonly mode: number;
  /** Ms since 1970. */
  readonly mtimeMs: number;
  /** When anything of it last changed, in whole ms since 1970; unlike mtime nobody can set it to what he likes. */
  readonly ctimeMs: number;
}

/** Where `at` is given it is an open folder ({@link Sys.openFolder}), and the path a name in it. Linux only. */
export interface Sys {
  /** Creates a file, which must not exist, and opens it for reading and writing. Undefined: it exists. */
  create(path: string, mode: number, at?: number): number | undefined;
  /** Opens a file for reading and writing. Undefined: it does not exist. Does not block on a fifo. */
  open(path: string, at?: number): number | undefined;
  /** Opens a file for reading. Undefined: it does not exist. Does not block on a fifo. */
  openToRead(path: string, at?: number): number | undefined;
  /** Opens a folder. Undefined: it does not exist. A link to one, or anything else, is an error. */
  openFolder(path: string): number | undefined;
  close(fd: number): void;
  statOf(fd: number): Stat;
  /** Undefined: nothing is there. */
  statAt(path: string, at?: number): Stat | undefined;
  /** Reads from the start of the file. @returns the number of bytes. */
  read(fd: number, into: Uint8Array): number;
  /** Writes at a position. @returns the number of bytes. */
  write(fd: number, bytes: Uint8Array, position: number): number;
  unlink(path: string, at?: number): void;
  makeFolder(path: string, mode: number): void;
  /** The target of a symbolic link; empty if there is none. */
  readLink(path: string): string;
  /** The file system a folder is on, by its statfs(2) magic number. */
  fileSystemOf(folder: string): number;
  userId(): number;
}
