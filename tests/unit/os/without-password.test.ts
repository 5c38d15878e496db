import { expect, test } from "bun:test";
import { withoutPassword } from "../../../src/os/bytes/without-password.ts";

test("an address is shown without its password, wherever in a text it stands; what has none stays as it is", () => {
  const shown = {
    "postgres://me:secret@host/farm": "postgres://me@host/farm",
    "--on=postgresql://me:se@cr:et@host:5432/farm?sslmode=require":
      "--on=postgresql://me@host:5432/farm?sslmode=require",
    "postgres://me@/farm?host=%2Frun&password=secret": "postgres://me@/farm?host=%2Frun",
    "postgres://me@/farm?password=secret&host=%2Frun": "postgres://me@/farm?host=%2Frun",
    "postgres:///farm?password=secret": "postgres:///farm",
    "postgres://me@host/farm": "postgres://me@host/farm",
    "http://me:secret@host/?password=x": "http://me:secret@host/?password=x",
    "--work": "--work",
  };
  expect(Object.keys(shown).map(withoutPassword)).toEqual(Object.values(shown));
});
