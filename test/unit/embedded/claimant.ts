// A process that claims every lock of a folder as fast as it can, says how many it got, and keeps them.
import { join } from "node:path";
import { claim } from "../../../src/embedded/claim.ts";

const [directory = "", count = "0"] = process.argv.slice(2);
process.stdout.write("here\n");
process.stdin.once("data", () => {
  let won = 0;
  for (let index = 0; index < Number(count); index += 1) {
    if ("release" in claim(join(directory, `lock-${index}`))) won += 1;
  }
  process.stdout.write(`${won}\n`);
});
