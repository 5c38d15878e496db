/** The time until the menu can be read: from spawning lanes in a pty until its last line is on the screen. */

/** Starts the menu, waits for its first frame, and leaves it again; resolves when the frame was there. */
export async function firstFrame(lanes: string): Promise<void> {
  const seen = Promise.withResolvers<void>();
  let screen = "";
  const env: Record<string, string | undefined> = {
    ...process.env,
    TERM: "xterm-256color",
    LANG: "C.UTF-8",
    LANES_LANG: "en",
  };
  delete env.CI;
  const child = Bun.spawn([lanes], {
    env,
    terminal: {
      cols: 80,
      rows: 24,
      data(_, chunk) {
        screen += Buffer.from(chunk).toString();
        if (screen.includes("Pick a demo") && screen.includes("└")) seen.resolve();
      },
    },
  });
  await seen.promise;
  child.kill("SIGKILL");
  await child.exited;
  child.terminal?.close();
}
