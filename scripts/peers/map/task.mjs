// The function under test, for piscina, tinypool and workerpool: the same as the module lanes maps.
import { pathToFileURL } from "node:url";

const double = (line) => Number(line) * 2;
export default double;

if (process.argv[1] && import.meta.url === pathToFileURL(process.argv[1]).href) {
  const { default: workerpool } = await import("workerpool");
  workerpool.worker({ double });
}
