import { readFileSync, writeFileSync } from "node:fs";
import { Lock, Process } from "lanes";

async function buy(user: number) {
  const data = JSON.parse(readFileSync("data.json", "utf8"));
  await Bun.sleep(200); // the network
  if (data.tickets > 0) {
    data.tickets -= 1;
    writeFileSync("data.json", JSON.stringify(data));
    console.log(`user ${user} has a ticket`);
  } else {
    console.log(`user ${user} has none`);
  }
}

async function run(user: number, mutex: Lock) {
  await mutex.acquire();
  await buy(user);
  mutex.release(); // or: using _ = await mutex.hold();  or: await mutex.with(() => buy(user));
}

if (import.meta.main) {
  writeFileSync("data.json", JSON.stringify({ tickets: 1 }));
  const mutex = new Lock();
  const users = [1, 2, 3, 4].map((user) => new Process({ target: run, args: [user, mutex] }).start());
  for (const user of users) await user.join();
}
