// The pattern that the past is made of: ten signals that the product itself has worked off, whose rows
// are copied. Nine orders on eight symbols, one of them a sale, and one signal that a limit refuses.
import { setTimeout as sleep } from "node:timers/promises";
import type { System } from "../systems/system.ts";

export const SLOTS = 8;
export const ORDERS_PER_CYCLE = 9;

interface Sent {
  readonly slot: number;
  readonly side: "buy" | "sell";
  readonly qty: string;
}

const CYCLE: readonly Sent[] = [
  { slot: 0, side: "buy", qty: "2" },
  ...Array.from({ length: SLOTS - 1 }, (_, n): Sent => ({ slot: n + 1, side: "buy", qty: "1" })),
  { slot: 0, side: "sell", qty: "1" },
  { slot: 1, side: "buy", qty: "2000000" },
];

/** One signal after the other, each filled or refused before the next is sent: their rows do not mix. */
export async function sendCycle(
  system: System,
  symbols: readonly string[],
  prefix: string,
): Promise<void> {
  for (const [index, { slot, side, qty }] of CYCLE.entries()) {
    const body = { symbol: symbols[slot], side, qty, strategy: slot === 2 ? "trend" : undefined };
    const response = await fetch(`${system.url}${system.path}`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ ...body, client_signal_id: `${prefix}-${index}` }),
    });
    if (!response.ok) throw new Error(await response.text());
    await settled(system);
  }
}

async function settled({ sql }: System): Promise<void> {
  for (let look = 0; look < 400; look += 1) {
    const [row] = await sql`
      SELECT NOT EXISTS (SELECT FROM orders WHERE closed_at IS NULL) AND NOT EXISTS (
        SELECT FROM partitions p JOIN acceptance_counters c USING (partition)
        WHERE c.lane = 'signals' AND c.last_number > p.decided_signals) AS done`;
    if (row?.["done"] === true) return;
    await sleep(25);
  }
  throw new Error("a signal of the pattern does not come to its end");
}
