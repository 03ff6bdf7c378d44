// What goes wrong on the day: rules that strike by chance all along, and at the end of every stretch
// something that breaks the stream, so that it has to be made anew.
import { z } from "zod";
import type { Venue } from "./venue.ts";

interface Rule {
  readonly kind: string;
  readonly probability: number;
  readonly where?: { readonly method?: string; readonly path?: string; readonly event?: string };
  readonly status?: number;
  readonly body?: string;
  readonly delay_ms?: number;
  readonly copies?: number;
  readonly price_by?: string;
}

const ORDERS = { method: "POST", path: "/v2/orders" };

/** What REST tells as well. A correction is told once, and of an order that is over nothing else shows it. */
const TOLD_AGAIN = ["new", "partial_fill", "fill", "canceled", "expired", "replaced"];

const RULES: readonly Rule[] = [
  { kind: "reset_before", probability: 0.004 },
  { kind: "reset_after", probability: 0.004, where: ORDERS },
  { kind: "silence_before", probability: 0.001 },
  { kind: "silence_after", probability: 0.006, where: ORDERS },
  { kind: "status_before", probability: 0.003, status: 503 },
  { kind: "status_before", probability: 0.002, status: 429 },
  {
    kind: "status_after",
    probability: 0.004,
    status: 504,
    body: "<html>504</html>",
    where: ORDERS,
  },
  { kind: "delay_before", probability: 0.01, delay_ms: 800 },
  { kind: "delay_before", probability: 0.002, delay_ms: 4_000 },
  { kind: "delay_after", probability: 0.01, delay_ms: 1_200 },
  ...TOLD_AGAIN.map((event) => ({ kind: "drop_frame", probability: 0.02, where: { event } })),
  // The position does not agree afterwards, and the order shows why.
  { kind: "drop_frame", probability: 0.5, where: { event: "trade_bust" } },
  { kind: "duplicate_frame", probability: 0.03, copies: 2 },
  { kind: "delay_frame", probability: 0.03, delay_ms: 1_500 },
  { kind: "swap_frame", probability: 0.02 },
  { kind: "reject_order", probability: 0.005 },
  { kind: "refuse_cancel", probability: 0.03 },
  { kind: "fill_after_cancel", probability: 0.04, delay_ms: 400 },
  { kind: "bust_fill", probability: 0.006, delay_ms: 2_000 },
  // After further fills of the same order, and often after its end.
  { kind: "bust_fill", probability: 0.006, delay_ms: 65_000 },
  { kind: "correct_fill", probability: 0.006, delay_ms: 2_000, price_by: "0.01" },
];

export const FAULT_KINDS: readonly string[] = [...new Set(RULES.map(({ kind }) => kind))];

export async function beginTrouble(venue: Venue): Promise<void> {
  for (const rule of RULES) await venue.control("/faults", rule);
}

/** How often each kind has struck since it began. */
export async function endTrouble(venue: Venue): Promise<ReadonlyMap<string, number>> {
  const { faults } = listed.parse(await venue.control("/faults", undefined, "GET"));
  await venue.control("/faults", {}, "DELETE");
  const struck = new Map<string, number>();
  for (const { kind, struck: times } of faults) struck.set(kind, (struck.get(kind) ?? 0) + times);
  return struck;
}

const listed = z.object({ faults: z.array(z.object({ kind: z.string(), struck: z.number() })) });

/** Ways in which a stream ends; each needs a new one afterwards. */
export const BREAKS = ["cut", "closed", "silent", "refused"] as const;
export type Break = (typeof BREAKS)[number];

/** Longer than the adapter needs to notice that nobody answers its pings. */
const SILENT_MS = 20_000;
const REFUSED_MS = 5_000;

/** Breaks the streams, and mends what has to be mended later. */
export async function breakStreams(
  venue: Venue,
  how: Break,
  wait: (ms: number) => Promise<void>,
): Promise<void> {
  switch (how) {
    case "cut":
      await venue.control("/streams/close");
      return;
    case "closed":
      await venue.control("/streams/close", { code: 1001 });
      return;
    case "silent":
      await venue.control("/streams/silence", { on: true });
      await wait(SILENT_MS);
      await venue.control("/streams/silence", { on: false });
      return;
    case "refused":
      await venue.control("/streams/refuse", { on: true });
      await venue.control("/streams/close");
      await wait(REFUSED_MS);
      await venue.control("/streams/refuse", { on: false });
  }
}
