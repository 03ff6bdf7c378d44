// `npm run bench`: Fillstream, what people would write instead, and the machine's limit.
//   --quick           the main ratios, within 90 seconds
//   --part a,b        only these parts; by default all of them, one after the other
//   --only a,b        only these systems
//   --set a.b=value   another size than in settings.json, as often as needed
//   --rate N --seconds N   for the latency: one phase of this pace
//   --profile DIR     CPU profiles of Fillstream's processes
//   --node FLAG       one more flag of Node for Fillstream's processes
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, release, totalmem } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { inTurn, PART_NAMES, planWith, type PartResult, type Plan, type Run } from "./plan.ts";
import { writePicture } from "./report/picture.ts";
import settings from "./settings.json" with { type: "json" };
import { cost } from "./suite/cost.ts";
import { drain } from "./suite/drain.ts";
import { failover } from "./suite/failover.ts";
import { faults } from "./suite/faults.ts";
import { growth } from "./suite/growth.ts";
import { latency } from "./suite/latency.ts";
import { prices } from "./suite/prices.ts";
import { replay } from "./suite/replay.ts";
import { shapes } from "./suite/shapes.ts";
import { start } from "./suite/start.ts";
import { sustained } from "./suite/sustained.ts";

type PartName = (typeof PART_NAMES)[number];
const PARTS: Readonly<Record<PartName, (run: Run) => Promise<PartResult>>> = {
  ...{ latency, shapes, cost, sustained, drain, prices, replay, start, failover, faults, growth },
};

const { values: options } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    part: { type: "string" },
    only: { type: "string", default: "fillstream,direct,bullmq,graphile" },
    set: { type: "string", multiple: true, default: [] },
    rate: { type: "string" },
    seconds: { type: "string", default: "5" },
    profile: { type: "string" },
    node: { type: "string" },
    picture: { type: "boolean", default: false },
  },
});
const began = performance.now();

function chosenParts(): readonly PartName[] {
  const words = options.part?.split(",") ?? (options.quick || options.rate ? ["latency"] : null);
  if (words === null) return PART_NAMES;
  const odd = words.find((word) => !PART_NAMES.some((name) => name === word));
  if (odd !== undefined) throw new Error(`There is no part ${odd}: ${PART_NAMES.join(", ")}.`);
  return PART_NAMES.filter((name) => words.includes(name));
}

function chosenPlan(): Plan {
  const plan = planWith(options.set);
  const { rate, seconds } = options;
  if (rate !== undefined) {
    const phases = [{ name: `${rate}/s`, perSecond: Number(rate), seconds: Number(seconds) }];
    return { ...plan, latency: { ...plan.latency, phases, burst: 0 } };
  }
  return options.quick ? { ...plan, latency: settings.quick } : plan;
}

function nodeFlags(): string[] {
  const { profile, node } = options;
  return [
    ...(profile === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${profile}`]),
    ...(node === undefined ? [] : [node]),
  ];
}

const paceOrFull = (): string => (options.rate === undefined ? "full" : `latency-${options.rate}`);
const seconds = (): number => (performance.now() - began) / 1000;
const since = (): string => `${seconds().toFixed(0)} s`;
const only = options.only.split(",");
const plan = chosenPlan();
const results: PartResult[] = [];
const failed: string[] = [];
await inTurn(chosenParts(), async (name) => {
  const say = (text: string): void => void process.stderr.write(`${since()} ${name}: ${text}\n`);
  try {
    const result = await PARTS[name]({ plan, only, execArgv: nodeFlags(), say, seconds });
    results.push(result);
    failed.push(...result.problems);
    process.stdout.write(`\n${result.text}\n`);
  } catch (error: unknown) {
    // What the other parts measured is not lost with this one.
    failed.push(`${name}: ${error instanceof Error ? error.message : String(error)}`);
    if (error instanceof Error) process.stderr.write(`${error.stack ?? ""}\n`);
  }
});

const report = {
  at: new Date().toISOString(),
  machine: `${cpus().length} × ${cpus()[0]?.model ?? "?"}, ${Math.round(totalmem() / 2 ** 30)} GB, ${release()}`,
  ...{ node: process.version, plan, only, failed },
  parts: Object.fromEntries(results.map(({ part, data }) => [part, data])),
};
const folder = join(import.meta.dirname, "results");
mkdirSync(folder, { recursive: true });
const scope = options.quick ? "quick" : (options.part?.replaceAll(",", "-") ?? paceOrFull());
writeFileSync(join(folder, `${scope}.json`), `${JSON.stringify(report, null, 1)}\n`);
// Only a whole run changes what the documentation shows, unless it is asked for.
if (options.picture || scope === "full") writePicture(report);
const verdict = failed.length === 0 ? "Nothing lost, nothing doubled." : failed.join("\n");
process.stdout.write(`\n${verdict}\n${since()}\n`);
if (failed.length > 0) process.exitCode = 1;
