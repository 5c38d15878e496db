/** What a server, or whoever answers in its place, says at the door: what comes of a connection, and how it is told. */
import { expect, test } from "bun:test";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { FarmAddress } from "../../../src/farm/address.ts";
import { FarmConnection } from "../../../src/farm/connection.ts";
import { farmError } from "../../../src/farm/failures.ts";
import { prepare } from "../../../src/farm/schema.ts";

/** PostgreSQL's ErrorResponse (its documentation, "Message Formats"). */
function refusal(state: string, message: string): Buffer {
  const fields = Buffer.from(`SFATAL\0C${state}\0M${message}\0\0`);
  const head = Buffer.from("E    ");
  head.writeInt32BE(4 + fields.length, 1);
  return Buffer.concat([head, fields]);
}

/** Asks a server that answers like this to what a connection begins with. @returns what is told of it, and all it was sent. */
async function knock(answer: (startup: string) => Buffer, more: Partial<FarmAddress> = {}) {
  const folder = mkdtempSync(join(tmpdir(), "lanes-door-"));
  const heard: string[] = [];
  const socket = {
    data(near: Bun.Socket, data: Buffer) {
      heard.push(data.toString("latin1"));
      near.end(answer(data.toString("latin1")));
    },
  };
  const server = Bun.listen({ unix: join(folder, ".s.PGSQL.5432"), socket });
  const address: FarmAddress = {
    ...{ label: "farm", host: folder, port: 5432, user: "me", password: "secret", database: "d", tls: {} },
    ...more,
  };
  const connection = new FarmConnection(address);
  try {
    const error = await connection.query("select 1").catch((each) => each);
    const { message, exitCode } = (await farmError(error, address)) as { message: string; exitCode: number };
    return { message: message.replaceAll(folder, "FOLDER"), exitCode, heard };
  } finally {
    connection.close();
    server.stop(true);
    rmSync(folder, { recursive: true });
  }
}

test("a pooler that takes no settings is asked without them", async () => {
  const { heard, message } = await knock((startup) =>
    startup.includes("synchronous_commit")
      ? refusal("08P01", "unsupported startup parameter: synchronous_commit")
      : refusal("3D000", 'database "d" does not exist'),
  );
  expect(heard.map((startup) => startup.includes("synchronous_commit"))).toEqual([true, false]);
  expect(message).toBe('farm: database "d" does not exist (3D000)');
});

const wrong = 'password authentication failed for user "me"';
test.each([
  ["a wrong password", refusal("28P01", wrong), {}, `farm: ${wrong} (28P01)`],
  [
    "no password",
    refusal("28P01", wrong),
    { password: undefined },
    `farm wants a password, and there is none for me: put it into ~/.pgpass or PGPASSWORD; ${wrong} (28P01)`,
  ],
  ["no encryption", refusal("28000", "no encryption"), {}, "farm: no encryption (28000)"],
  ["too many clients", refusal("53300", "too many"), {}, "farm: too many (53300)"],
])("%s: what the person is told", async (_, answer, more, message) => {
  expect(await knock(() => answer, more)).toMatchObject({ message, exitCode: 2 });
});

test.each([
  [{ server: 120_017 }, "farm is PostgreSQL 12; 13 or later is needed"],
  [{ standby: true }, "farm is a standby, which cannot be written to: name the primary"],
  [
    { version: 99 },
    /^lanes .* knows a farm's tables up to version \d, those of farm have version 99: update lanes here$/,
  ],
])("a farm that cannot be used is named: %j", async (found, message) => {
  const settings = { server: 180_000, standby: false, durable: true, there: true, ...found };
  const query = async (text: string) => [text.includes("server_version_num") ? settings : { version: 99 }];
  const connection = { address: { label: "farm" }, query } as unknown as FarmConnection;
  const error = await prepare(connection).catch((each) => each);
  expect(error.exitCode).toBe(2);
  expect(error.message).toMatch(message);
});

test("who is no server is told apart from a server that is not there", async () => {
  const error = Object.assign(new Error("Failed to read data"), { code: "ERR_POSTGRES_UNEXPECTED_MESSAGE" });
  const { message } = (await farmError(error, { label: "farm", host: "h", port: 80 } as FarmAddress)) as Error;
  expect(message).toBe("cannot reach h:80 (what answers there is not PostgreSQL)");
});

test("what this machine lacks is not the farm's fault", async () => {
  const full = Object.assign(new Error("ENOSPC: no space left on device"), { code: "ENOSPC", syscall: "write" });
  expect(await farmError(full, { label: "farm", host: "h" } as FarmAddress)).toBe(full);
});
