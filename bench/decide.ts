// What one signal costs in the core: parsed (the request and the worker's row), judged and decided, on a
// book of 5,000 positions and 2,000 working orders that stays that large. Run: npm run bench:decide [signals],
// which compiles it as the build does: a loader that keeps functions' names makes each decision a third slower.
import { performance } from "node:perf_hooks";
import { applyEvent } from "../src/domain/apply.ts";
import type { Context } from "../src/domain/book.ts";
import { decodeSignal, encodeSignal } from "../src/domain/codec/signal.ts";
import { decide, nextDeadline } from "../src/domain/decide.ts";
import type { RecordedEvent } from "../src/domain/event.ts";
import type { InstrumentId } from "../src/domain/ids.ts";
import { readSignalRequest } from "../src/app/signal-request.ts";
import { ACCOUNT_ID, Scene } from "../test/unit/decide/scene.ts";
import { symbolsOf, wideContext } from "./wide-scene.ts";

const SIGNALS = Number(process.argv[2]) || 10_000;
const POSITIONS = 5_000;
const WORKING = 2_000;
const WARM_UP = 2_000;
/** How many prices move between two signals: a tick values each again, before the next signal. */
const MOVING_PRICES = [0, 5];

const scene = new Scene();
const { world } = scene;
let numbers = 0;
const ids = symbolsOf(POSITIONS);

function prepare(): Context {
  const context = wideContext(scene, ids);
  for (const id of ids) world.hold(id, "10", "99");
  for (const id of ids.slice(0, WORKING)) {
    world.work(id, { side: "sell", quantity: "10", limitPrice: "105" });
  }
  return context;
}

interface Times {
  readonly parsed: number[];
  readonly decided: number[];
  readonly both: number[];
  /** The processor's time for the same, which does not count what other processes took of the machine. */
  readonly processor: number[];
  readonly applied: number[];
  readonly looked: number[];
}

/** Between two signals prices move, and the account looks at them, as it does when prices come. */
function movePrices(context: Context, turn: number, moving: number): number {
  for (let mark = 0; mark < moving; mark += 1) {
    const id = ids[(turn * 31 + mark * 977) % POSITIONS];
    if (id !== undefined) world.price(id, turn % 2 === 0 ? "100" : "100.01", { at: world.now });
  }
  const started = performance.now();
  if (moving > 0) decide(world.book, { kind: "tick", accountId: ACCOUNT_ID }, context);
  return performance.now() - started;
}

/** What a client sends, and the row that the worker reads. */
function sent(of: InstrumentId): { readonly request: string; readonly row: string } {
  const signal = scene.signalOf({ of, side: "buy", quantity: "1", limitPrice: "100" });
  const { number: _number, ...rest } = signal;
  const request = { symbol: of.slice(4), side: "buy", qty: "1", limit_price: "100" };
  return { request: JSON.stringify(request), row: encodeSignal(rest) };
}

function signalOnce(context: Context, times: Times, turn: number): void {
  const of = ids[WORKING + ((turn * 7) % (POSITIONS - WORKING))];
  if (of === undefined) return;
  const { request, row } = sent(of);
  numbers += 1;
  const usedBefore = process.cpuUsage();
  const started = performance.now();
  readSignalRequest(JSON.parse(request));
  const signal = decodeSignal(row, numbers);
  const parsedAt = performance.now();
  const decision = decide(world.book, { kind: "signal", signal }, context);
  const decidedAt = performance.now();
  const used = process.cpuUsage(usedBefore);
  for (const event of decision.events) applyEvent(world.book, event);
  const appliedAt = performance.now();
  nextDeadline(world.book, context);
  const lookedAt = performance.now();
  times.parsed.push(parsedAt - started);
  times.decided.push(decidedAt - parsedAt);
  times.both.push(decidedAt - started);
  times.processor.push((used.user + used.system) / 1_000);
  times.applied.push(appliedAt - decidedAt);
  times.looked.push(lookedAt - appliedAt);
  endOrder(decision.events);
}

/** The book stays as large as it is: what was ordered is cancelled again, outside the clock. */
function endOrder(events: readonly RecordedEvent[]): void {
  const placed = events.find(({ event }) => event.type === "OrderPlaced")?.event;
  if (placed?.type !== "OrderPlaced") throw new Error("the signal was not ordered");
  world.apply({ type: "OrderCancelled", orderId: placed.orderId, by: "broker", message: null });
}

function measure(context: Context, moving: number): void {
  const times: Times = {
    parsed: [],
    decided: [],
    both: [],
    processor: [],
    applied: [],
    looked: [],
  };
  const ticks: number[] = [];
  for (let turn = 0; turn < SIGNALS + WARM_UP; turn += 1) {
    if (turn === WARM_UP) for (const series of [...Object.values(times), ticks]) series.length = 0;
    ticks.push(movePrices(context, turn, moving));
    signalOnce(context, times, turn);
  }
  print("parse", times.parsed);
  print("risk and decide", times.decided);
  print("parse, risk and decide", times.both);
  print("the same, processor's time", times.processor);
  print("apply", times.applied);
  print("next deadline", times.looked);
  if (moving > 0) print(`tick after ${moving} prices`, ticks);
}

function print(what: string, times: readonly number[]): void {
  console.log(`  ${what}: p50 ${quantile(times, 0.5)}, p99 ${quantile(times, 0.99)}`);
}

function quantile(times: readonly number[], share: number): string {
  const sorted = times.toSorted((left, right) => left - right);
  return ((sorted[Math.floor(sorted.length * share)] ?? 0) * 1_000).toFixed(1);
}

console.log(`${SIGNALS} signals, ${POSITIONS} positions, ${WORKING} working orders, in µs`);
const context = prepare();
for (const moving of MOVING_PRICES) {
  console.log(`${moving} prices moving between two signals`);
  measure(context, moving);
}
