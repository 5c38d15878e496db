/**
 * A root with musl and busybox, made of Debian's packages. There is no C++ library for musl in Debian: glibc's is used, with
 * a few functions that musl does not have (musl-shim.c, which gcc compiles). So it tries musl, and not Alpine's libstdc++.
 */
import { copyFileSync, mkdirSync, rmSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { run, unpack } from "./packages.ts";

/** Makes it in a folder. @throws Error if a tool fails. */
export function makeMuslRoot(suite: string, into: string): void {
  const parts = join(into, "parts");
  unpack(["musl", "busybox-static", "libstdc++6", "libgcc-s1"], parts, suite);
  for (const name of ["bin", "lib", "proc", "tmp", "dev", "usr"]) mkdirSync(join(into, name), { recursive: true });
  symlinkSync("../bin", join(into, "usr", "bin"));
  // In Debian 12 some lie in /lib and /bin still.
  const found = (name: string) =>
    run(["find", parts, "(", "-type", "f", "-o", "-type", "l", ")", "-path", `*/${name}`]).split("\n")[0] ?? "";
  const take = (name: string, to: string) => copyFileSync(found(name), join(into, to));
  take("x86_64-linux-musl/libc.so", "lib/ld-musl-x86_64.so.1");
  symlinkSync("ld-musl-x86_64.so.1", join(into, "lib", "libc.musl-x86_64.so.1"));
  take("libstdc++.so.6", "lib/libstdc++.so.6");
  take("libgcc_s.so.1", "lib/libgcc_s.so.1");
  // musl takes every libc and libm for itself; this one it loads, because libstdc++ asks for it.
  const shim = "ld-linux-x86-64.so.2";
  const options = ["-shared", "-fPIC", "-nostdlib", `-Wl,-soname,${shim}`];
  run(["gcc", ...options, "-o", join(into, "lib", shim), join(import.meta.dir, "musl-shim.c")]);
  take("bin/busybox", "bin/busybox");
  const busybox = join(into, "bin", "busybox");
  for (const applet of run([busybox, "--list"]).trim().split("\n"))
    if (applet !== "busybox") symlinkSync("busybox", join(into, "bin", applet));
  rmSync(parts, { recursive: true });
}
