/**
 * Loaded before the tests (bunfig.toml). A process that ends tells its `exit` handlers, and `bun test` does not: what the code
 * under test leaves to its own process's end, the hub's folder in /dev/shm for one, would stay.
 */
import { afterAll } from "bun:test";

afterAll(() => {
  process.emit("exit", 0);
});
