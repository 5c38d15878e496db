/** Functions of the C library: found wherever they are, and named if they are not. */
import { expect, test } from "bun:test";
import { LibcError, libcFunctions } from "../../../src/os/libc.ts";

const signature = { args: [], returns: "i32" } as const;

test("what can be called is called; what cannot is named, also among others", () => {
  expect(libcFunctions({ getpid: signature }).getpid()).toBe(process.pid);
  try {
    libcFunctions({ getpid: signature, no_such_function: signature });
    expect.unreachable();
  } catch (error) {
    expect(error).toBeInstanceOf(LibcError);
    expect(error).toMatchObject({ reason: "function", missing: "no_such_function" });
  }
});

test("functions that no one library has all of are found one by one", () => {
  // As glibc before 2.34: pthread_kill in one library, getpid in another. Where one has them all it is the same to the caller.
  const { getpid, pthread_self } = libcFunctions({ getpid: signature, pthread_self: { args: [], returns: "u64" } });
  expect(getpid()).toBe(process.pid);
  expect(BigInt(pthread_self())).toBeGreaterThan(0n);
});
