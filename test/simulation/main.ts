// `npm run sim -- --seed 7` replays one run with its trace; `--seeds 10000` runs many and says what
// they met; `--bug "no fence"` plants a mistake.
import { parseArgs } from "node:util";
import { BUGS } from "./bugs.ts";
import { run, type RunResult } from "./scenario.ts";

const { values } = parseArgs({
  options: {
    seed: { type: "string" },
    seeds: { type: "string", default: "200" },
    first: { type: "string", default: "1" },
    bug: { type: "string" },
  },
});
const bug = BUGS.find((name) => name === values.bug) ?? null;

if (values.seed !== undefined) {
  const result = await run(Number(values.seed), bug);
  console.log(result.trace.join("\n"));
  report(result);
  process.exitCode = result.problems.length === 0 ? 0 : 1;
} else {
  await runMany(Number(values.first), Number(values.seeds));
}

async function runMany(first: number, count: number): Promise<void> {
  console.log(`seeds ${first} to ${first + count - 1}${bug === null ? "" : `, planted: ${bug}`}`);
  const totals = new Map<string, number>();
  let failed = 0;
  let steps = 0;
  for (let seed = first; seed < first + count; seed += 1) {
    const result = await run(seed, bug);
    steps += result.steps;
    for (const [what, times] of result.counts) totals.set(what, (totals.get(what) ?? 0) + times);
    if (result.problems.length === 0) continue;
    failed += 1;
    if (failed <= 5) report(result);
  }
  for (const [what, times] of [...totals].toSorted())
    console.log(`${String(times).padStart(8)}  ${what}`);
  console.log(`${count} seeds, ${steps} steps, ${failed} failed`);
  process.exitCode = failed === 0 ? 0 : 1;
}

function report({ seed, problems, steps }: RunResult): void {
  console.log(`seed ${seed}: ${steps} steps, ${problems.length} problems`);
  for (const problem of problems) console.log(`  ${problem}`);
}
