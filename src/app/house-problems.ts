// What is wrong with the house, in sentences that say what to do: for health, doctor and the dashboard.
import type { BusStatus } from "../ports/bus.ts";
import type { HouseStatus } from "../ports/operations.ts";

const WAITING_TOO_LONG_MS = 10_000;
const UNRESOLVED_TOO_LONG_MS = 30_000;
const PRICE_TOO_OLD_MS = 60_000;
const SKEW_TOO_LARGE_MS = 2_000;

export function engineStatus({ partitions }: HouseStatus): "running" | "partly" | "stopped" {
  const led = partitions.filter(({ lease_ms: left, fault }) => (left ?? 0) > 0 && fault === null);
  if (led.length === 0) return "stopped";
  return led.length === partitions.length ? "running" : "partly";
}

export interface HouseView {
  readonly house: HouseStatus;
  /** Null without Redis. */
  readonly redis: BusStatus | null;
  readonly skewMs: number;
}

export function problemsOf({ house, redis, skewMs }: HouseView): readonly string[] {
  const problems = [...engineProblems(house), ...orderProblems(house)];
  if (redis === null) {
    problems.push(
      "There is no Redis: signals are picked up by the sweep, a little later. Install redis-server or valkey-server 7 or newer, or set REDIS_URL.",
    );
  } else if (!redis.connected) {
    problems.push("Redis does not answer: signals are picked up by the sweep, a little later.");
  }
  if (Math.abs(skewMs) > SKEW_TOO_LARGE_MS) {
    problems.push(`Our clock and the database's differ by ${Math.round(Math.abs(skewMs))} ms.`);
  }
  if ((house.oldest_held_price_ms ?? 0) > PRICE_TOO_OLD_MS) {
    problems.push(`The price of something held is ${secondsOf(house.oldest_held_price_ms)} s old.`);
  }
  return problems;
}

function engineProblems(house: HouseStatus): string[] {
  const problems: string[] = [];
  const status = engineStatus(house);
  if (status === "stopped")
    problems.push("No worker runs: signals wait. Start `fillstream worker`.");
  if (status === "partly") problems.push("Some partitions have no worker, or are set aside.");
  for (const { partition, fault } of house.partitions) {
    if (fault !== null) problems.push(`Partition ${partition} is set aside: ${fault}.`);
  }
  if ((house.oldest_waiting_ms ?? 0) > WAITING_TOO_LONG_MS) {
    problems.push(`A signal waits for its decision for ${secondsOf(house.oldest_waiting_ms)} s.`);
  }
  return problems;
}

function orderProblems(house: HouseStatus): string[] {
  const problems: string[] = [];
  if ((house.oldest_unresolved_ms ?? 0) > UNRESOLVED_TOO_LONG_MS) {
    problems.push(
      `${house.unresolved_orders} orders have an unknown fate, the oldest for ${secondsOf(house.oldest_unresolved_ms)} s.`,
    );
  }
  if (house.open_differences > 0) {
    problems.push(
      `${house.open_differences} orders at the broker are not ours: adopt or ignore them.`,
    );
  }
  if (house.external_positions > 0) {
    problems.push(
      `${house.external_positions} positions differ from the broker's: adopt or ignore them, or the next comparison corrects them.`,
    );
  }
  if (house.cash_differences > 0) {
    problems.push(
      `The cash of ${house.cash_differences} accounts is not explained: look at the broker's activities, then accept it.`,
    );
  }
  if (house.frozen_symbols > 0) problems.push(`${house.frozen_symbols} symbols are frozen.`);
  if (house.dead_letters > 0)
    problems.push(`${house.dead_letters} dead letters wait for a person.`);
  return problems;
}

function secondsOf(ms: number | null): number {
  return Math.round((ms ?? 0) / 1_000);
}
