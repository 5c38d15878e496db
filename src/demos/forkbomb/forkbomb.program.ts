import { Process } from "lanes";

function greet(name: string) {
  console.log(`hello ${name}`);
}

const children = 2;
console.log(`process ${process.pid} runs the file from its first line`);
// No `if (import.meta.main)` before this. A child loads this file, and gets here too.
for (let number = 0; number < children; number++) {
  const child = new Process({ target: greet, args: ["Ada"] });
  child.start(); // in the child: GuardMissing, and greet never runs
  await child.join();
  console.log(`process ${process.pid}: its child ended with exit code ${child.exitCode}`);
}
