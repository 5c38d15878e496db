/** What stands behind --on, and what the environment, the person's list and the password file add to it. */
import { expect, test } from "bun:test";
import { chmodSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { farmAddress } from "../../../src/farm/address.ts";
import { passwordIn } from "../../../src/farm/passwords.ts";

const of = (text: string, env: Record<string, string> = {}) => farmAddress(text, { PGUSER: "me", ...env });

test.each([
  ["postgres://ada:s%40c@db.example:6543/farm?sslmode=verify-full", {}, "db.example", 6543, "ada", "s@c", "farm"],
  ["postgresql://ada:a:b@c@db/", {}, "db", 5432, "ada", "a:b@c", "ada"],
  ["postgres://[::1]:1/x", {}, "::1", 1, "me", undefined, "x"],
  ["postgres://%2Fvar%2Frun/x", {}, "/var/run", 5432, "me", undefined, "x"],
  ["postgres://u@/x?host=/tmp/s&port=7", {}, "/tmp/s", 7, "u", undefined, "x"],
  ["postgres:", { PGHOST: "h", PGPORT: "8", PGDATABASE: "d", PGPASSWORD: "p" }, "h", 8, "me", "p", "d"],
  ["postgres://h", { PGPASSWORD: "p" }, "h", 5432, "me", "p", "me"],
])("%s", (text, env, host, port, user, password, database) => {
  expect(of(text, env as Record<string, string>).address).toMatchObject({ host, port, user, password, database });
});

test("an encrypted connection is preferred; the address counts more than the environment", () => {
  expect(of("postgres://h").address.tls).toEqual({ sslmode: "prefer" });
  expect(of("postgres://h", { PGSSLMODE: "require", PGSSLROOTCERT: "/ca" }).address.tls).toEqual({
    sslmode: "require",
    sslrootcert: "/ca",
  });
  expect(of("postgres://h?sslmode=disable", { PGSSLMODE: "require" }).address.tls.sslmode).toBe("disable");
});

test.each([
  ["postgres://a,b/x", /several hosts/],
  ["postgres://h:0/x", /0 is no port/],
  ["postgres://h:pg/x", /pg is no port/],
  ["postgres://h/x?sslmode=maybe", /sslmode=maybe/],
  ["postgres://h/x?nonsense=1", /nonsense/],
  ["postgres://%zz/x", /is no address/],
  ["postgres:/h", /is no address/],
  ["nowhere", /neither .* nor a farm named "nowhere"/],
])("%s is refused", (text, message) => {
  expect(() => of(text)).toThrow(message);
});

test("a password is shown in no message, and its place on the command line is told", () => {
  expect(of("postgres://u:secret@h/x")).toMatchObject({ passwordShown: true, address: { label: "h:5432/x" } });
  expect(of("postgres://u@h/x").passwordShown).toBe(false);
  for (const wrong of ["postgres://u:secret@a,b/x", "postgres://u:secret@h/x?no=1", "postgres://u:secret@h:x/y"]) {
    let message = "";
    try {
      of(wrong);
    } catch (error) {
      message = (error as Error).message;
    }
    expect(message).toContain("--on: ");
    expect(message).not.toContain("secret");
  }
});

test("names and passwords come from files that nobody else may read", () => {
  const home = mkdtempSync(join(tmpdir(), "lanes-farms-"));
  try {
    const list = join(home, ".config/lanes/farms");
    mkdirSync(join(home, ".config/lanes"), { recursive: true });
    writeFileSync(list, "# ours\nother postgres://o/o\n farm  postgres://ada@db/farm\nbad db/farm\n", { mode: 0o600 });
    writeFileSync(join(home, ".pgpass"), "db:5432:*:ada:from the file\n", { mode: 0o600 });
    const named = (name: string) => of(name, { HOME: home });
    expect(named("farm")).toMatchObject({
      passwordShown: false,
      passwordsOpen: undefined,
      address: { label: "farm", host: "db", user: "ada", password: "from the file" },
    });
    expect(() => named("bad")).toThrow("line 4");
    chmodSync(join(home, ".pgpass"), 0o640);
    expect(named("farm")).toMatchObject({ passwordsOpen: join(home, ".pgpass"), address: { password: undefined } });
    chmodSync(list, 0o604);
    expect(() => named("farm")).toThrow("chmod 600");
  } finally {
    rmSync(home, { recursive: true });
  }
});

test.each([
  ["h:5432:d:u:secret", "secret"],
  ["*:*:*:*:any", "any"],
  ["# h:5432:d:u:no\nx:*:*:*:no\nh:*:*:*:yes", "yes"],
  ["h:5432:d:u:with\\:colon\\\\", "with:colon\\"],
  ["h:5432:d:u:cut:off", "cut"],
  ["h:5432:d:someone:no", undefined],
  ["h:5432:d:u", undefined],
])("the password file %j", (text, password) => {
  expect(passwordIn(text, { host: "h", port: "5432", database: "d", user: "u" })).toBe(password);
});

test("a server on this machine's own socket is called localhost in it", () => {
  const login = { host: "/tmp", port: "5432", database: "d", user: "u" };
  expect(passwordIn("localhost:*:*:*:here", login)).toBe("here");
  expect(passwordIn("/srv/s:*:*:*:there", { ...login, host: "/srv/s" })).toBe("there");
});
