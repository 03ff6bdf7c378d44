// The state of the house as gauges, for graphs and alarms.
import type { BusProducer } from "../../ports/bus.ts";
import type { HouseStatus } from "../../ports/operations.ts";
import { TRADING_STATES, type TradingState } from "../../domain/trading-state.ts";
import { familyText, type Labels } from "./exposition.ts";

export interface HouseFacts {
  readonly house: HouseStatus;
  readonly bus: BusProducer | null;
  readonly tradingState: TradingState;
  readonly version: string;
  readonly mode: string;
  /** Our clock when the house was asked. */
  readonly now: number;
}

const OPEN_STATUSES = ["pending", "submitted", "accepted", "partially_filled"];

export function houseText(facts: HouseFacts): string {
  const { house } = facts;
  const seconds = (ms: number | null): number => Math.max(0, ms ?? 0) / 1_000;
  return [
    gauge("fillstream_build_info", "Version and mode.", [
      [{ version: facts.version, mode: facts.mode }, 1],
    ]),
    gauge("fillstream_trading_state", "1 for the state that holds for all.", [
      ...TRADING_STATES.map((state): Point => [{ state }, state === facts.tradingState ? 1 : 0]),
    ]),
    gauge("fillstream_waiting", "Accepted and not decided yet.", [
      [{ lane: "signals" }, house.waiting_signals],
      [{ lane: "control" }, house.waiting_commands],
    ]),
    gauge("fillstream_oldest_waiting_seconds", "Age of the oldest signal without a decision.", [
      [{}, seconds(house.oldest_waiting_ms)],
    ]),
    gauge("fillstream_open_orders", "Open orders by status.", [
      ...OPEN_STATUSES.map((status): Point => [{ status }, house.open_orders[status] ?? 0]),
    ]),
    gauge("fillstream_unresolved_orders", "Orders whose fate at the broker is not known.", [
      [{}, house.unresolved_orders],
    ]),
    gauge("fillstream_oldest_unresolved_seconds", "Age of the oldest of them.", [
      [{}, seconds(house.oldest_unresolved_ms)],
    ]),
    gauge("fillstream_dead_letters", "Letters that wait for a person.", [[{}, house.dead_letters]]),
    gauge("fillstream_frozen_symbols", "Symbols whose entries are refused.", [
      [{}, house.frozen_symbols],
    ]),
    gauge("fillstream_external_orders", "Orders at the broker that are not ours, not judged yet.", [
      [{}, house.open_differences],
    ]),
    gauge("fillstream_external_positions", "Positions that differ, not corrected or ignored.", [
      [{}, house.external_positions],
    ]),
    gauge("fillstream_cash_differences", "Accounts whose cash nothing explains, not accepted.", [
      [{}, house.cash_differences],
    ]),
    gauge("fillstream_newest_price_seconds", "Age of the newest price.", [
      [{}, seconds(house.newest_price_ms)],
    ]),
    gauge("fillstream_oldest_held_price_seconds", "Age of the oldest price of something held.", [
      [{}, seconds(house.oldest_held_price_ms)],
    ]),
    gauge("fillstream_workers", "Workers seen within a minute.", [[{}, house.workers.length]]),
    ...partitionText(house),
    gauge(
      "fillstream_feed_lag_events",
      "Events that a reader of the log has not read.",
      house.feed_lag.map(({ feed, events }): Point => [{ feed }, events]),
    ),
    gauge("fillstream_redis_connected", "1 when Redis answers; 0 also without one.", [
      [{}, facts.bus?.status().connected === true ? 1 : 0],
    ]),
    gauge("fillstream_clock_skew_seconds", "Our clock against the database's.", [
      [{}, (facts.now - house.at.getTime()) / 1_000],
    ]),
  ].join("");
}

function partitionText({ partitions }: HouseStatus): readonly string[] {
  const alone = partitions.filter(({ lease_ms: left }) => (left ?? 0) <= 0).length;
  const faulted = partitions.filter(({ fault }) => fault !== null).length;
  return [
    gauge("fillstream_partitions_without_worker", "Partitions that nobody works on.", [
      [{}, alone],
    ]),
    gauge("fillstream_partitions_faulted", "Partitions set aside with a fault.", [[{}, faulted]]),
  ];
}

type Point = readonly [Labels, number];

function gauge(name: string, help: string, points: readonly Point[]): string {
  const samples = points.map(([labels, value]) => ({ labels, value }));
  return familyText({ name, type: "gauge", help, samples });
}
