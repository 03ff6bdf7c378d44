// The way to the brokers: whether they answer and how fast, what is left of the rate budget, how often a
// stream had to be opened again. Told by the workers, summed in the database.
import { STAGE_BOUNDS, type BrokerMovement } from "../../ports/metrics.ts";
import type { AccountLink } from "../../ports/operations.ts";
import { familyText, histogramText } from "./exposition.ts";

/** A worker tells every two seconds; what is older says how things were, not how they are. */
const CURRENT_MS = 30_000;

export function brokerText({ links, calls }: BrokerMovement, now: number): string {
  return linkTexts(links, now).join("") + callText(calls);
}

function linkTexts(links: readonly AccountLink[], now: number): readonly string[] {
  const current = links.filter(({ at }) => now - at.getTime() < CURRENT_MS);
  const family = (type: "gauge" | "counter", valueOf: (link: AccountLink) => number) => ({
    type,
    samples: (type === "gauge" ? current : links).map((link) => ({
      labels: { account: link.account },
      value: valueOf(link),
    })),
  });
  return [
    familyText({
      name: "fillstream_broker_up",
      help: "1 when the account's broker answers requests.",
      ...family("gauge", (link) => Number(link.is_up)),
    }),
    familyText({
      name: "fillstream_broker_stream_connected",
      help: "1 when its stream of trade updates is connected.",
      ...family("gauge", (link) => Number(link.is_streaming)),
    }),
    familyText({
      name: "fillstream_broker_stream_reconnects_total",
      help: "How often that stream came back after it was lost.",
      ...family("counter", (link) => link.reconnects),
    }),
    familyText({
      name: "fillstream_rate_budget_requests",
      help: "Requests that new orders may still use in this window.",
      ...family("gauge", (link) => link.order_budget),
    }),
    familyText({
      name: "fillstream_broker_calls_waiting",
      help: "Calls that wait for their turn or for budget.",
      ...family("gauge", (link) => link.calls_waiting),
    }),
  ];
}

function callText(calls: BrokerMovement["calls"]): string {
  const series = new Map<string, Series>();
  for (const { kind, result, bucket, calls: count, seconds } of calls) {
    const name = `${kind} ${result}`;
    const known = series.get(name) ?? emptySeries(kind, result);
    series.set(name, known);
    known.counts[bucket] = (known.counts[bucket] ?? 0) + count;
    known.sum += seconds;
  }
  return histogramText({
    name: "fillstream_broker_call_duration_seconds",
    help: "How long calls to brokers took, by kind and how they ended.",
    bounds: STAGE_BOUNDS,
    series: [...series.values()],
  });
}

interface Series {
  readonly labels: Readonly<Record<string, string>>;
  readonly counts: number[];
  sum: number;
}

function emptySeries(kind: string, result: string): Series {
  return { labels: { kind, result }, counts: [...STAGE_BOUNDS, 0].map(() => 0), sum: 0 };
}
