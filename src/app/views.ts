// Rows as answers: what the record holds, in the shapes that callers read.
import type { OrderRow, SignalRow } from "../ports/queries.ts";
import { explainSignal } from "./explain.ts";
import { asRecord, publicWords } from "./public-event.ts";

/** The signal's row as its sender sees it. */
export function signalView(row: SignalRow, orders: readonly OrderRow[], now: number) {
  return {
    id: row.id,
    account: row.account,
    strategy: row.strategy,
    symbol: row.symbol,
    venue: row.venue,
    request: requestOf(row),
    reason: row.reason,
    actor: row.actor,
    outcome: row.outcome,
    rejected_by: row.rejected_by,
    reject_code: row.reject_code,
    error_message: row.error_message,
    order_ids: row.order_ids,
    received_at: row.received_at,
    decided_at: row.decided_at,
    summary: explainSignal(row, orders, now),
  };
}

/** What was asked for, without what was left out. */
function requestOf(row: SignalRow): Record<string, unknown> {
  const body = asRecord(row.body);
  const wish = asRecord(body["wish"]);
  const { exits, ...terms } = asRecord(wish["terms"]);
  const asked = {
    ...(wish["kind"] === "position" ? { position: wish["target"] } : {}),
    ...publicWords(terms),
    ...publicWords(asRecord(exits)),
    ...publicWords({ validUntil: body["validUntil"], onMarketClosed: body["onMarketClosed"] }),
  };
  return Object.fromEntries(
    Object.entries(asked).filter(([, value]) => value !== null && value !== undefined),
  );
}

export function markOf(row: SignalRow) {
  if (row.mark_age_ms === null) return null;
  return {
    bid: row.mark_bid,
    ask: row.mark_ask,
    last: row.mark_last,
    age_ms: row.mark_age_ms,
  };
}

/** The first instant among orders at which something happened; null when it has not. */
export function earliest(instants: readonly (Date | null)[]): Date | null {
  const known = instants.filter((each) => each !== null);
  return known.toSorted((one, other) => one.getTime() - other.getTime())[0] ?? null;
}
