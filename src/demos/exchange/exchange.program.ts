import { Database } from "bun:sqlite";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Process, SharedArray } from "lanes";

function takeArgument(messages: Uint8Array[]) {
  return messages.reduce((sum, message) => sum + message.length, 0);
}

function readFile(path: string) {
  return readFileSync(path).length;
}

function readDatabase(path: string) {
  using database = new Database(path, { readonly: true });
  return (database.query("select sum(length(body)) as bytes from messages").get() as { bytes: number }).bytes;
}

function readMemory(memory: SharedArray<"uint8">) {
  return Uint8Array.from(memory.data).length;
}

async function measure(name: string, count: number, give: () => Pick<Process<number>, "start">) {
  const begin = performance.now();
  const received = await give().start().result;
  const seconds = (performance.now() - begin) / 1000;
  const [each, all] = [Math.round(count / seconds), Math.round(received / seconds / 1e6)];
  console.log(`${name}: ${received} bytes, ${each} messages/s, ${all} MB/s, start included`);
}

if (import.meta.main) {
  const [messages, size, megabytes] = [10000, 100, 16]; // size: bytes; megabytes: messages of 1 MiB
  const folder = mkdtempSync(join(tmpdir(), "exchange-"));
  for (const [count, bytes] of [
    [messages, size],
    [megabytes, 2 ** 20],
  ] as const) {
    const all = Array.from({ length: count }, () => new Uint8Array(bytes));
    await measure("argument", count, () => new Process({ target: takeArgument, args: [all] }));
    await measure("file", count, () => {
      const path = join(folder, "data");
      writeFileSync(path, Buffer.concat(all));
      return new Process({ target: readFile, args: [path] });
    });
    await measure("SQLite", count, () => {
      const path = join(folder, `${bytes}.sqlite`);
      using database = new Database(path);
      database.run("create table messages (body blob)");
      const insert = database.prepare("insert into messages values (?)");
      database.transaction(() => {
        for (const message of all) insert.run(message);
      })();
      return new Process({ target: readDatabase, args: [path] });
    });
    await measure("shared memory", count, () => {
      const memory = new SharedArray("uint8", count * bytes);
      for (const [i, message] of all.entries()) memory.data.set(message, i * bytes);
      return new Process({ target: readMemory, args: [memory] });
    });
  }
  rmSync(folder, { recursive: true });
}
