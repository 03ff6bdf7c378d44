// Every key and every field name in Redis. The braces make Redis Cluster keep both lanes of a
// partition in one slot.
import type { Lane } from "../ports/bus.ts";

/** The public entrance for senders without HTTP. */
export const PUBLIC_SIGNALS = "trade_signals";
/** Out: every committed event, trimmed; nothing depends on it. */
export const ORDER_EVENTS = "order_events";
/** Out: what could not be read or was set aside, trimmed; the record is in PostgreSQL. */
export const DEAD_LETTERS = "dead_letters";
export const GROUP = "workers";
export const ROUTER_GROUP = "router";

export const FIELD = { number: "n", body: "b", seal: "s" } as const;

const NAMES: Readonly<Record<Lane, string>> = { signals: "trade_signals", control: "control" };

export function laneKey(lane: Lane, partition: number): string {
  return `${NAMES[lane]}:{${partition}}`;
}

export function parseLaneKey(key: string): { lane: Lane; partition: number } | null {
  const match = /^(trade_signals|control):\{(\d+)\}$/.exec(key);
  if (match === null) return null;
  return { lane: match[1] === "control" ? "control" : "signals", partition: Number(match[2]) };
}
