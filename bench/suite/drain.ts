// The drain: a long queue of signals that nobody works at, then the worker starts. Counted from when it
// is ready: until all are decided (their intents committed), at the broker, and booked; and how long a
// cancel behind all of them takes to the broker. Once more with a broker that allows 200 requests a
// minute: everything is decided, risk and all, and held for its turn, so this is how fast deciding is
// when nothing is sent. A handler without a queue has nothing to drain.
import { setTimeout as sleep } from "node:timers/promises";
import { waitForFills } from "../measure.ts";
import { openHouse, type House } from "../parts/house.ts";
import type { LoadOrder, LoadResult } from "../parts/load.ts";
import { ask, type Kept } from "../parts/processes.ts";
import { wallMs } from "../parts/wall.ts";
import { median } from "../percentiles.ts";
import { inTurn, peersOf, type PartResult, type Run } from "../plan.ts";
import { aligned } from "../report/table.ts";
import {
  prepareFillstream,
  startApi,
  startWorker,
  systemOf,
  type Desk,
} from "../systems/fillstream.ts";
import { preparePeer, type PeerName } from "../systems/peer.ts";
import { committedMs, stopAll, sumOf, type System } from "../systems/system.ts";

export interface Drained {
  readonly system: string;
  readonly count: number;
  /** From the worker's start until it is ready. */
  readonly startMs: number;
  /** A second, from then on; null where intents are not kept apart. */
  readonly decided: number | null;
  /** Null where the broker's own pace is what would be measured. */
  readonly atBroker: number | null;
  readonly booked: number | null;
  /** From each request until it is at the broker; empty for those who have no cancels. */
  readonly cancelMs: readonly number[];
  readonly lost: number;
  readonly doubled: number;
}

type Waiting = Omit<System, "parts" | "sender" | "stop">;
const SETTLE_MS = 30_000;
const PREFIX = "drain";
const BATCH = 500;
const CANCELS = 5;
const CANCEL_EVERY_MS = 1_500;
/** A day, so that nothing that waits grows too old to trade. */
const NEVER_STALE = { max_signal_age_seconds: "86400" };

export async function drain(run: Run): Promise<PartResult> {
  const all: Drained[] = [];
  if (run.only.includes("fillstream")) {
    all.push(await drainFillstream(run));
    all.push(await decideAlone(run));
  }
  const queues = peersOf(run).filter((name) => name !== "direct");
  await inTurn(queues, async (name) => void all.push(await drainPeer(run, name)));
  const rows = all.map(({ system, startMs, decided, atBroker, booked, cancelMs }) => [
    ...[system, startMs.toFixed(0), decided?.toFixed(0) ?? ""],
    ...[atBroker?.toFixed(0) ?? "", booked?.toFixed(0) ?? "", toldOf(cancelMs)],
  ]);
  const title = `drain of ${run.plan.drain.count}`;
  const text = aligned([
    [title, "start ms", "decided/s", "at the broker/s", "booked/s", "cancel ms (most)"],
    ...rows,
  ]);
  const problems = all
    .filter(({ lost, doubled }) => lost > 0 || doubled > 0)
    .map(({ system, lost, doubled }) => `${system} drain: ${lost} lost, ${doubled} doubled`);
  return { part: "drain", text, data: { all }, problems };
}

async function drainFillstream(run: Run): Promise<Drained> {
  const house = await openHouse();
  const desk = await prepareFillstream(house, { limits: NEVER_STALE });
  const parts: Kept[] = [];
  try {
    const { api, url } = await startApi(desk, run.execArgv);
    parts.push(api);
    const resting = await leaveOrders(run, desk, { url, symbol: house.symbols[0] ?? "" });
    const system = await systemOf({ desk, url, parts, sender: api });
    await fill(run, house, system);
    let cancelling: Promise<readonly number[]> = Promise.resolve([]);
    const drained = await drainOne(run, house, system, async () => {
      const worker = await startWorker(desk, run.execArgv);
      parts.push(worker);
      cancelling = cancelMeanwhile(system, resting);
    });
    const asked = await cancelling;
    const cancelMs = drained.cancels.map((at, index) => at - (asked[index] ?? Number.NaN));
    if (cancelMs.length !== CANCELS)
      throw new Error(`${cancelMs.length} cancels reached the broker`);
    return { ...drained, cancelMs };
  } finally {
    await stopAll(parts, desk.sql);
    await house.close();
  }
}

/** What leaves meanwhile is a handful: all others wait, decided and durable, for the broker's budget. */
async function decideAlone(run: Run): Promise<Drained> {
  const house = await openHouse();
  const environment = { ALPACA_REQUESTS_PER_MINUTE: "200" };
  const desk = await prepareFillstream(house, { limits: NEVER_STALE, environment });
  const parts: Kept[] = [];
  try {
    const { api, url } = await startApi(desk, run.execArgv);
    parts.push(api);
    await meetBroker(run, desk);
    const system = await systemOf({ desk, url, parts, sender: api });
    await fill(run, house, system);
    const began = wallMs();
    const worker = await startWorker(desk, run.execArgv);
    parts.push(worker);
    const ready = wallMs();
    const { count } = run.plan.drain;
    while ((await sumOf(desk.sql, DECIDED)) < count) await sleep(100);
    const end = await sumOf(desk.sql, `SELECT max(${committedMs("d")}) AS sum FROM decisions d`);
    const decided = (count * 1000) / (end - ready);
    run.say(`fillstream: ${decided.toFixed(0)} decided a second, nothing sent`);
    return {
      ...{ system: "fillstream, 200 a minute", count, startMs: ready - began, decided },
      ...{ atBroker: null, booked: null, cancelMs: [], lost: 0, doubled: 0 },
    };
  } finally {
    await stopAll(parts, desk.sql);
    await house.close();
  }
}

const DECIDED = "SELECT sum(decided_signals) AS sum FROM partitions";

/** The first contact of a worker writes down the accounts and instruments, which a signal needs. */
async function meetBroker(run: Run, desk: Desk): Promise<void> {
  await (await workerInTouch(run, desk)).stop();
}

async function workerInTouch(run: Run, desk: Desk): Promise<Kept> {
  const worker = await startWorker(desk, run.execArgv);
  while ((await sumOf(desk.sql, "SELECT count(*) AS sum FROM account_states")) === 0) {
    await sleep(100);
  }
  return worker;
}

/**
 * The accounts and instruments must be known, which the first contact of a worker writes down. It leaves
 * orders open at the broker: what is cancelled while everything else waits.
 */
async function leaveOrders(
  run: Run,
  desk: Desk,
  { url, symbol }: { readonly url: string; readonly symbol: string },
): Promise<readonly string[]> {
  const worker = await workerInTouch(run, desk);
  const signal = { symbol, side: "buy", qty: 1, type: "limit", limit_price: "91" };
  const response = await fetch(`${url}/api/v1/trading/signals`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ signals: Array.from({ length: CANCELS }, () => signal) }),
  });
  if (response.status !== 202) throw new Error(await response.text());
  for (;;) {
    const orders = await desk.sql`SELECT id FROM orders WHERE status = 'accepted' ORDER BY id`;
    if (orders.length === CANCELS) {
      await worker.stop();
      return orders.map(({ id }) => String(id));
    }
    await sleep(100);
  }
}

/** Once the queue moves, one after the other: when each was asked for. */
async function cancelMeanwhile(
  system: System,
  orders: readonly string[],
): Promise<readonly number[]> {
  while ((await system.booked()) === 0) await sleep(20);
  const asked: number[] = [];
  await inTurn(orders, async (id) => {
    asked.push(wallMs());
    const order = `${system.url}/api/v1/trading/orders/${id}`;
    const response = await fetch(order, { method: "DELETE" });
    if (response.status !== 202) throw new Error(await response.text());
    await sleep(CANCEL_EVERY_MS);
  });
  return asked;
}

const toldOf = (cancelMs: readonly number[]): string =>
  cancelMs.length === 0
    ? ""
    : `${median(cancelMs).toFixed(0)} (${Math.max(...cancelMs).toFixed(0)})`;

async function drainPeer(run: Run, name: PeerName): Promise<Drained> {
  const house = await openHouse();
  const { system, front, startWorker: start } = await preparePeer(name, house);
  const parts: Kept[] = [front];
  try {
    await fill(run, house, system);
    return await drainOne(run, house, system, async () => void parts.push(await start()));
  } finally {
    await stopAll(parts, system.sql);
    await house.close();
  }
}

async function fill(run: Run, house: House, system: Waiting): Promise<void> {
  const { count, fillPerSecond } = run.plan.drain;
  const began = performance.now();
  const told = (): void => {
    const seconds = (performance.now() - began) / 1000;
    run.say(`${system.name}: ${count} signals wait, taken in ${seconds.toFixed(0)} s`);
  };
  if (system.name === "fillstream") {
    await sendInBatches(system.url, house.symbols, count);
    return told();
  }
  const { answered, firstFailure } = await ask<LoadResult>(house.load, {
    ...{ url: system.url, path: system.path, perSecond: fillPerSecond, count, prefix: PREFIX },
    ...{ symbols: house.symbols, accounts: [], distinct: false, retryForMs: 120_000 },
  } satisfies LoadOrder);
  if (answered.some((ms) => ms < 0)) throw new Error(`${system.name}: ${firstFailure}`);
  told();
}

/** Filling the queue is not what is measured, and the door closes when the oldest waits for a minute. */
async function sendInBatches(url: string, symbols: readonly string[], count: number) {
  const all = Array.from({ length: count }, (_, index) => ({
    ...{ symbol: symbols[index % symbols.length], side: "buy", qty: "1" },
    client_signal_id: `${PREFIX}-${index}`,
  }));
  for (let from = 0; from < count; from += BATCH) {
    const response = await fetch(`${url}/api/v1/trading/signals`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ signals: all.slice(from, from + BATCH) }),
    });
    if (response.status !== 202) throw new Error(await response.text());
  }
}

async function drainOne(
  run: Run,
  house: House,
  system: Waiting,
  startSender: () => Promise<void>,
): Promise<Drained & { readonly cancels: readonly number[] }> {
  const { count } = run.plan.drain;
  await house.takeLedger();
  const began = wallMs();
  await startSender();
  const ready = wallMs();
  const missing = await waitForFills(system, count, SETTLE_MS);
  const lost = missing - (await system.refusals(PREFIX)).count;
  const fills = await system.fills(PREFIX);
  const { arrivals, cancels } = await house.takeLedger();
  const rate = (instants: readonly number[]): number =>
    (instants.length * 1000) / (instants.reduce((most, at) => Math.max(most, at), 0) - ready);
  const decided = fills.flatMap(({ decidedMs }) => decidedMs ?? []);
  const drained = {
    ...{ system: system.name, count, startMs: ready - began, lost },
    decided: decided.length === 0 ? null : rate(decided),
    atBroker: rate(arrivals.map(([, , , at]) => at)),
    booked: rate(fills.map(({ committedMs }) => committedMs)),
    doubled: arrivals.length - new Set(arrivals.map(([reference]) => reference)).size,
    ...{ cancelMs: [], cancels },
  };
  run.say(`${system.name}: ${drained.booked.toFixed(0)} booked a second, ${lost} lost`);
  return drained;
}
