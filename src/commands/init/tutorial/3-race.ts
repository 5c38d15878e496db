import { readFileSync, writeFileSync } from "node:fs";
import { Process } from "lanes";

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

if (import.meta.main) {
  writeFileSync("data.json", JSON.stringify({ tickets: 1 }));
  const users = [1, 2, 3, 4].map((user) => new Process({ target: buy, args: [user] }).start());
  for (const user of users) await user.join();
}
