// What one signal costs in the core: decided (risk included) and applied, on a book of 5,000 positions
// and 2,000 working orders. Run: npx tsx bench/decide.ts [signals].
import { performance } from "node:perf_hooks";
import { applyEvent } from "../src/domain/apply.ts";
import type { Context } from "../src/domain/book.ts";
import { decide, nextDeadline } from "../src/domain/decide.ts";
import { asId } from "../src/domain/ids.ts";
import type { InstrumentId } from "../src/domain/ids.ts";
import { Scene } from "../test/unit/decide/scene.ts";
import { stock } from "../test/unit/risk/world.ts";

const SIGNALS = Number(process.argv[2]) || 10_000;
const POSITIONS = 5_000;
const WORKING = 2_000;
const WARM_UP = 2_000;
/** How many prices move between two signals: each that moves is valued again. */
const MOVING_PRICES = [0, 5];

const scene = new Scene();
const { world } = scene;
const ids = Array.from({ length: POSITIONS }, (_, index) => asId<InstrumentId>(`SIM:S${index}`));
const instruments = new Map(ids.map((id) => [id, stock(id)]));

function prepare(): Context {
  world.observe("1000000000");
  for (const key of ["max_open_orders", "max_positions", "max_orders_per_day"] as const) {
    world.set(key, "100000000");
  }
  world.set("max_orders_per_minute", "100000000");
  world.set("max_position_size_usd", "100000000");
  world.set("max_daily_loss_usd", "10000000");
  world.set("max_leverage", "5");
  world.set("max_concentration_percent", "50");
  for (const id of ids) {
    world.price(id, "100");
    world.hold(id, "10", "99");
  }
  for (const id of ids.slice(0, WORKING)) {
    world.work(id, { side: "sell", quantity: "10", limitPrice: "105" });
  }
  const { context } = scene;
  return { ...context, instrument: (id) => instruments.get(id) ?? context.instrument(id) };
}

function measure(context: Context, moving: number): readonly (readonly [string, number[]])[] {
  const decided: number[] = [];
  const applied: number[] = [];
  const looked: number[] = [];
  for (let n = 0; n < SIGNALS + WARM_UP; n += 1) {
    for (let mark = 0; mark < moving; mark += 1) {
      const id = ids[(n * 31 + mark * 977) % POSITIONS];
      if (id !== undefined) world.price(id, n % 2 === 0 ? "100" : "100.01", { at: world.now + n });
    }
    const of = ids[WORKING + ((n * 7) % (POSITIONS - WORKING))];
    if (of === undefined) continue;
    const signal = scene.signalOf({ of, side: "buy", quantity: "1" });
    const started = performance.now();
    const decision = decide(world.book, { kind: "signal", signal }, context);
    const decidedAt = performance.now();
    for (const event of decision.events) applyEvent(world.book, event);
    const appliedAt = performance.now();
    nextDeadline(world.book, context);
    const lookedAt = performance.now();
    if (decision.events.length !== 3) throw new Error("the signal was not ordered");
    if (n < WARM_UP) continue;
    decided.push(decidedAt - started);
    applied.push(appliedAt - decidedAt);
    looked.push(lookedAt - appliedAt);
  }
  return [
    ["decide", decided],
    ["apply", applied],
    ["next deadline", looked],
  ];
}

function quantile(times: readonly number[], share: number): string {
  const sorted = times.toSorted((left, right) => left - right);
  return ((sorted[Math.floor(sorted.length * share)] ?? 0) * 1_000).toFixed(1);
}

console.log(`${SIGNALS} signals, ${POSITIONS} positions, ${WORKING} working orders, in µs`);
const context = prepare();
for (const moving of MOVING_PRICES) {
  console.log(`${moving} prices moving between two signals`);
  for (const [what, times] of measure(context, moving)) {
    console.log(`  ${what}: p50 ${quantile(times, 0.5)}, p99 ${quantile(times, 0.99)}`);
  }
}
