/** Pipe in one process; named as queue.test.ts says. Between processes: tests/e2e/exec/exec-queue.test.ts. */
import { expect, test } from "bun:test";
import { ConnectionClosed, LanesError, Pipe, QueueEmpty } from "../../../src/api/index.ts";

test("_TestConnection.test_connection: values of all kinds, both ways, whole and in order", async () => {
  const [one, other] = Pipe<unknown>();
  const values = [
    [1, 2.5, null],
    "text",
    new Uint8Array([0, 255]),
    new Map([["a", new Date(0)]]),
    new Uint8Array(5e6).fill(3),
  ];
  for (const value of values) {
    await one.send(value);
    await other.send([value]);
  }
  for (const value of values) {
    expect(await other.receive()).toEqual(value);
    expect(await one.receive()).toEqual([value]);
  }
  expect(one.send({ f: () => {} })).rejects.toThrow("value.f is a function");
  expect(Bun.inspect(one)).toMatch(/^<Connection-\d+: 0 to receive>$/);
});

test("_TestConnection.test_duplex_false: the first end receives, the second sends", async () => {
  const [reader, writer] = Pipe<number>({ duplex: false, name: "numbers" });
  await writer.send(1);
  expect(await reader.receive()).toBe(1);
  expect(reader.send(2)).rejects.toThrow("numbers is an end of a pipe in one direction: send() is for the other end.");
  expect(writer.receive()).rejects.toThrow(LanesError);
});

test("_TestPoll: messages stay messages, empty ones too, and are waited for without being taken", async () => {
  const [one, other] = Pipe<string>();
  expect([other.hasMessage, await other.poll({ timeout: 0 }), await other.poll({ timeout: 5 })]).toEqual([
    false,
    false,
    false,
  ]);
  const polled = other.poll();
  await one.send("");
  await one.send("two");
  expect([await polled, other.hasMessage, await other.poll({ timeout: 0 })]).toEqual([true, true, true]);
  expect(await other.receive()).toBe("");
  expect(await other.receive()).toBe("two");
  expect(other.receive({ timeout: 5 })).rejects.toThrow(QueueEmpty);
});

test("_TestConnection.test_spawn_close, test_context: what was sent comes, then the end; to send is an error", async () => {
  const [one, other] = Pipe<number>();
  const waiting = other.receive();
  {
    using end = one;
    await end.send(1);
    await end.send(2);
  }
  expect(await waiting).toBe(1);
  expect(await Array.fromAsync(other)).toEqual([2]);
  expect(other.receive()).rejects.toThrow(ConnectionClosed);
  expect(await other.poll()).toBe(true);
  expect(other.send(3)).rejects.toThrow("nobody has the other end any more");
  expect([one.isClosed, other.isClosed, Bun.inspect(one).includes("closed")]).toEqual([true, false, true]);
  expect(one.send(3)).rejects.toThrow("this process has closed it");
  expect(() => one.$lanes).toThrow(ConnectionClosed);
  one.close();
});
