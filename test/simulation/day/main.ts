// `npm run sim:day -- --requests 24000` lives through one day and says what it met.
import { parseArgs } from "node:util";
import { liveThroughDay } from "./day.ts";

const { values } = parseArgs({
  options: {
    seed: { type: "string", default: "1" },
    requests: { type: "string", default: "21000" },
    ids: { type: "string", default: "different" },
    carries: { type: "boolean", default: false },
    stretches: { type: "string", default: "15" },
    trace: { type: "boolean", default: false },
  },
});
const started = performance.now();
const { ids } = values;
if (ids !== "same" && ids !== "different" && ids !== "none") {
  throw new RangeError(`--ids ${ids}: same, different or none`);
}
const result = await liveThroughDay({
  seed: Number(values.seed),
  requests: Number(values.requests),
  activityIds: ids,
  stretches: Number(values.stretches),
  replaceCarriesFills: values.carries,
  ...(values.trace ? { trace: (line: string) => console.log(line) } : {}),
});
for (const [what, times] of [...result.counts, ...result.faults, ...result.kinds].toSorted()) {
  console.log(`${String(times).padStart(8)}  ${what}`);
}
const seconds = ((performance.now() - started) / 1_000).toFixed(0);
console.log(
  `${result.orders} orders, ${result.executions} executions, ${result.comparisons} comparisons, ${seconds} s`,
);
for (const problem of result.problems) console.log(`  ${problem}`);
process.exitCode = result.problems.length === 0 ? 0 : 1;
