/** What there is to say of the way to a farm: what keeps a question from an answer, and for how long. */
import { expect, test } from "bun:test";
import { Contact } from "../../../src/farm/contact.ts";
import { LateError } from "../../../src/farm/failures.ts";

const full = Object.assign(new Error("No space left on device"), { errno: "53100", code: "ERR_POSTGRES_SERVER_ERROR" });

/** A contact whose clock is in the test's hands. */
function contactAt(giveUpMs?: number) {
  const clock = { ms: 1_000 };
  const told: string[] = [];
  const words = {
    lost: (ms: number, error: unknown) => told.push(`lost ${ms} ${(error as Error).message}`),
    back: (ms: number) => told.push(`back ${ms}`),
  };
  return { clock, told, contact: new Contact(words, giveUpMs, () => clock.ms) };
}

test("what is not carried out is told of, although other questions are answered; and that it is, once", () => {
  const { clock, told, contact } = contactAt();
  const [write, read] = [contact.question(), contact.question()];
  for (let s = 0; s < 8; s += 1) {
    write.failed(full);
    read.answered();
    clock.ms += 1_000;
  }
  expect(told).toEqual(["lost 5000 No space left on device"]);
  write.answered();
  read.answered();
  expect(told).toEqual(["lost 5000 No space left on device", "back 8000"]);
  write.failed(full);
  expect(told.length).toBe(2);
});

test("a loss lasts from the first question that meets it to the last that is answered; who stops asking is not waited for", () => {
  const { clock, told, contact } = contactAt();
  const [one, other, third] = [contact.question(), contact.question(), contact.question()];
  one.failed(new LateError(1_000)); // lost for a second
  third.failed(new LateError(1_000));
  clock.ms += 3_999;
  other.failed(new LateError(2));
  expect(told).toEqual([]);
  clock.ms += 1;
  one.failed(new LateError(3));
  expect(told).toEqual(["lost 5000 no answer within 3 ms"]);
  one.answered();
  third.end();
  expect(told.length).toBe(1);
  other.answered();
  expect(told.slice(1)).toEqual(["back 5000"]);
});

test("it is lost for good when nothing at all has been answered for so long", () => {
  const { clock, contact } = contactAt(3_000);
  const [write, read] = [contact.question(), contact.question()];
  for (let s = 0; s < 9; s += 1) {
    write.failed(full);
    read.answered();
    clock.ms += 1_000;
  }
  clock.ms += 2_001;
  expect(() => write.failed(full)).toThrow("No space left");
});

test("it is given up in time, although what was asked last has not been answered yet; not once there was an answer", async () => {
  const contact = new Contact({ lost: () => {}, back: () => {} }, 20);
  const { promise, resolve } = Promise.withResolvers<unknown>();
  contact.onGivenUp = resolve;
  contact.question().failed(full);
  expect(await promise).toBe(full);

  const { clock, contact: other } = contactAt(20);
  const seen: unknown[] = [];
  other.onGivenUp = (error) => seen.push(error);
  const question = other.question();
  question.failed(full);
  clock.ms += 20;
  question.answered();
  await Bun.sleep(50);
  expect(seen).toEqual([]);
});
