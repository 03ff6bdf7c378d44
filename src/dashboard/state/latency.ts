// How long the stages of the last orders took, as far as their rows tell.
import type { Order } from "../api/answers.ts";

export interface Stage {
  readonly name: string;
  readonly count: number;
  readonly p50: number;
  readonly p95: number;
  readonly p99: number;
}

type Instant = string | null;

const STAGES: readonly {
  readonly name: string;
  readonly of: (order: Order) => [Instant, Instant];
}[] = [
  { name: "received → decided", of: (order) => [order.received_at, order.placed_at] },
  { name: "decided → sent", of: (order) => [order.placed_at, order.submitted_at] },
  { name: "sent → acknowledged", of: (order) => [order.submitted_at, order.accepted_at] },
  {
    name: "received → filled",
    of: (order) => [order.received_at, order.status === "filled" ? order.closed_at : null],
  },
];

export function latencies(orders: readonly Order[]): readonly Stage[] {
  // What rests at the broker by its own terms says nothing about speed.
  const quick = orders.filter(({ type, hold }) => type === "market" && hold === null);
  return STAGES.map(({ name, of }) => {
    const spans = quick
      .map(of)
      .flatMap(([from, to]) => (from === null || to === null ? [] : [spanOf(from, to)]))
      .toSorted((one, other) => one - other);
    const [p50, p95, p99] = [0.5, 0.95, 0.99].map((part) => percentile(spans, part));
    return { name, count: spans.length, p50: p50 ?? 0, p95: p95 ?? 0, p99: p99 ?? 0 };
  });
}

function spanOf(from: string, to: string): number {
  return Math.max(0, Date.parse(to) - Date.parse(from));
}

function percentile(sorted: readonly number[], part: number): number {
  return sorted[Math.max(0, Math.ceil(sorted.length * part) - 1)] ?? 0;
}
