// `npm run bench`: Fillstream, what people would write instead, and the machine's limit, in one run.
//   --quick           the main ratios, within 90 seconds
//   --only a,b        only these systems
//   --rate N --seconds N   one phase of this pace instead of those in settings.json
//   --profile DIR     CPU profiles of Fillstream's processes
//   --node FLAG       one more flag of Node for Fillstream's processes
import { mkdirSync, writeFileSync } from "node:fs";
import { cpus, release, totalmem } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { measureLimit } from "./limit.ts";
import { measure, type Measured, type Phase } from "./measure.ts";
import { openHouse, type House } from "./parts/house.ts";
import { ratios, table } from "./report.ts";
import settings from "./settings.json" with { type: "json" };
import { startFillstream, startPeer, type System } from "./systems.ts";

const { values: options } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    only: { type: "string", default: "fillstream,direct,bullmq,graphile" },
    rate: { type: "string" },
    seconds: { type: "string", default: "5" },
    rounds: { type: "string" },
    profile: { type: "string" },
    node: { type: "string" },
  },
});
const plan = options.quick ? settings.quick : settings.full;
const began = performance.now();

function phases(): readonly Omit<Phase, "prefix">[] {
  if (options.rate !== undefined) {
    const perSecond = Number(options.rate);
    return [{ name: `${perSecond}/s`, perSecond, count: perSecond * Number(options.seconds) }];
  }
  const paced = plan.phases.map(({ name, perSecond, seconds }) => ({
    ...{ name, perSecond, count: perSecond * seconds },
  }));
  if (plan.burst === null) return paced;
  return [...paced, { name: "burst", perSecond: plan.burst, count: plan.burst }];
}

function startAll(house: House): Promise<System[]> {
  const wanted = options.only.split(",");
  const peers = (["direct", "bullmq", "graphile"] as const).filter((name) => wanted.includes(name));
  return Promise.all([
    ...(wanted.includes("fillstream") ? [startFillstream(house, nodeFlags())] : []),
    ...peers.map((name) => startPeer(name, house)),
  ]);
}

function nodeFlags(): string[] {
  const { profile, node } = options;
  return [
    ...(profile === undefined ? [] : ["--cpu-prof", `--cpu-prof-dir=${profile}`]),
    ...(node === undefined ? [] : [node]),
  ];
}

async function warmUp(house: House, systems: readonly System[]): Promise<void> {
  const { perSecond, seconds } = settings.warmUp;
  const count = perSecond * seconds;
  await inTurn(systems, async (system) => {
    // A symbol's first price may come too late for its first order, which is then refused: no loss.
    const { failures, firstFailure } = await measure(house, system, {
      ...{ name: "warm-up", perSecond, count, prefix: `warm-${system.name}` },
    });
    if (failures > 0) throw new Error(`${system.name}: ${firstFailure}`);
  });
}

async function inTurn<Item>(items: readonly Item[], act: (item: Item) => Promise<void>) {
  for (const item of items) await act(item);
}

/** Every round in another order, so that nobody is always behind the same neighbour. */
async function measureAll(house: House, systems: readonly System[]): Promise<Measured[]> {
  const all: Measured[] = [];
  const rounds = Array.from({ length: Number(options.rounds ?? plan.rounds) }, (_, n) => n);
  await inTurn(rounds, async (round) => {
    await inTurn(phases(), async (phase) => {
      const order = round % 2 === 0 ? systems : systems.toReversed();
      await inTurn(order, async (system) => {
        const prefix = `r${round}-${phase.name}-${system.name}`;
        const measured = await measure(house, system, { ...phase, prefix });
        process.stderr.write(
          `${prefix}: wire p99 ${measured.onWire.p99.toFixed(1)}, booked p99 ${measured.booked.p99.toFixed(1)} ms, ` +
            `CPU ${measured.cpu.all.toFixed(1)}, failed ${measured.failures}, lost ${measured.lost}` +
            `${measured.firstFailure === null ? "" : ` (${measured.firstFailure})`}\n`,
        );
        all.push(measured);
      });
    });
  });
  return all;
}

/** What the broker counted is what each has booked. */
async function verify(systems: readonly System[], house: House): Promise<readonly string[]> {
  const { duplicates } = await house.takeLedger();
  const problems = duplicates === 0 ? [] : [`${duplicates} references were sent twice`];
  await inTurn(systems, async (system) => {
    const [sum, booked] = [await system.positionSum(), await system.booked()];
    if (sum !== booked) problems.push(`${system.name}: ${booked} fills make a position of ${sum}`);
  });
  return problems;
}

const house = await openHouse();
const failed: string[] = [];
try {
  const limit = await measureLimit(house);
  const systems = await startAll(house);
  try {
    await warmUp(house, systems);
    const all = await measureAll(house, systems);
    failed.push(...(await verify(systems, house)));
    for (const { system, phase, lost, doubled } of all) {
      if (lost > 0 || doubled > 0)
        failed.push(`${system} ${phase}: ${lost} lost, ${doubled} doubled`);
    }
    const results = {
      at: new Date().toISOString(),
      machine: `${cpus().length} × ${cpus()[0]?.model ?? "?"}, ${Math.round(totalmem() / 2 ** 30)} GB, ${release()}`,
      ...{ node: process.version, settings, limit, failed, all },
    };
    const folder = join(import.meta.dirname, "results");
    mkdirSync(folder, { recursive: true });
    const name = options.quick
      ? "quick.json"
      : options.rate === undefined
        ? "full.json"
        : "one.json";
    writeFileSync(join(folder, name), `${JSON.stringify(results, null, 1)}\n`);
    const { commitAndHop: hop, ordersPerSecond } = limit;
    process.stdout.write(
      `\n${table(all)}\n\n${ratios(all)}\n\n` +
        `The limit: ${ordersPerSecond.toFixed(0)} orders/s in batches; ` +
        `a commit and a hop take ${hop.p50.toFixed(2)} ms (p99 ${hop.p99.toFixed(2)}).\n` +
        `${failed.length === 0 ? "Nothing lost, nothing doubled." : failed.join("\n")}\n` +
        `${((performance.now() - began) / 1000).toFixed(0)} s\n`,
    );
  } finally {
    await Promise.all(systems.map((system) => system.stop()));
  }
} finally {
  await house.close();
}
if (failed.length > 0) process.exitCode = 1;
