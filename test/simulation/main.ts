// `npm run sim -- --seed 7` replays one run with its trace; `--seeds 10000` runs many and says what
// they met; `--bug "no fence"` plants a mistake.
import { parseArgs } from "node:util";
import { BUGS } from "./bugs.ts";
import { unreached } from "./coverage.ts";
import { run, type RunResult } from "./scenario.ts";

/** Fewer seeds than this need not have met everything. */
const SEEDS_TO_MEET_ALL = 100;

const { values } = parseArgs({
  options: {
    seed: { type: "string" },
    seeds: { type: "string", default: "200" },
    first: { type: "string", default: "1" },
    bug: { type: "string" },
  },
});
const bug = BUGS.find((name) => name === values.bug) ?? null;
if (values.bug !== undefined && bug === null) {
  console.error(`There is no bug "${values.bug}" to plant. There are: ${BUGS.join(", ")}.`);
  process.exit(2);
}

if (values.seed === undefined) await runMany(Number(values.first), Number(values.seeds));
else await runOne(Number(values.seed));

async function runOne(seed: number): Promise<void> {
  const result = await run(seed, { bug, traced: true });
  console.log(result.trace.join("\n"));
  report(result);
  process.exitCode = result.problems.length === 0 ? 0 : 1;
}

async function runMany(first: number, count: number): Promise<void> {
  console.log(`seeds ${first} to ${first + count - 1}${bug === null ? "" : `, planted: ${bug}`}`);
  const started = performance.now();
  const totals = new Map<string, number>();
  const failed: number[] = [];
  let steps = 0;
  for (let seed = first; seed < first + count; seed += 1) {
    const result = await run(seed, { bug });
    steps += result.steps;
    for (const [what, times] of result.counts) totals.set(what, (totals.get(what) ?? 0) + times);
    if (result.problems.length === 0) continue;
    failed.push(seed);
    if (failed.length <= 10) report(result);
  }
  for (const [what, times] of [...totals].toSorted())
    console.log(`${String(times).padStart(8)}  ${what}`);
  const missing = count < SEEDS_TO_MEET_ALL ? [] : unreached(totals);
  if (missing.length > 0) console.log(`never met: ${missing.join("; ")}`);
  const seconds = ((performance.now() - started) / 1_000).toFixed(0);
  console.log(
    `${count} seeds, ${steps} steps, ${seconds} s, ${failed.length} failed: ${failed.join(" ")}`,
  );
  const isGood = failed.length === 0 && (missing.length === 0 || bug !== null);
  process.exitCode = isGood ? 0 : 1;
}

function report({ seed, problems, steps }: RunResult): void {
  console.log(`seed ${seed}: ${steps} steps, ${problems.length} problems`);
  for (const problem of problems) console.log(`  ${problem}`);
}
