/** `lanes exec start.ts N`: starts and joins a process N times, and prints the median as JSON, in µs. */
import { Process } from "lanes";

function nothing() {}

if (import.meta.main) {
  const us: number[] = [];
  for (let i = 0; i < Number(process.argv[2]); i++) {
    const began = performance.now();
    await new Process({ target: nothing }).start().join();
    us.push((performance.now() - began) * 1e3);
  }
  us.sort((a, b) => a - b);
  console.log(JSON.stringify({ "a process: start + join": us[us.length >> 1] }));
}
