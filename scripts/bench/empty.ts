/** The yardstick: a compiled Bun program that does nothing; `empty rss` says what that took, as a worker of lanes does. */
export {};

if (process.argv[2] === "rss") {
  const status = await Bun.file("/proc/self/status").text();
  await Bun.write(Bun.file(1), /^VmHWM:\s+(\d+) kB/m.exec(status)?.[1] ?? "");
}
