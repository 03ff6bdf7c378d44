// Events of the log in the words of the API: snake_case, `qty`, a symbol with its venue. The payload is
// what was written, so a field that a later release adds shows up by itself.
import { unpackVerdict } from "../domain/codec/verdict.ts";
import { Decimal } from "../domain/decimal.ts";
import type { LoggedEvent } from "../domain/event.ts";
import type { EventRow } from "../ports/queries.ts";

export interface PublicEvent {
  readonly id: string;
  readonly type: string;
  readonly account: string;
  readonly order_id: string | null;
  readonly at: string;
  readonly actor: string;
  readonly correlation_id: string | null;
  readonly data: Readonly<Record<string, unknown>>;
}

export function publicEvent(row: EventRow): PublicEvent {
  const { type: _type, orderId: _orderId, ...payload } = asRecord(row.payload);
  return {
    id: `${row.partition}.${row.seq}`,
    type: snakeCase(row.type).replace(/^_/, ""),
    account: row.account,
    order_id: row.order_id,
    at: row.at.toISOString(),
    actor: row.actor,
    correlation_id: row.correlation_id,
    data: publicWords(withVerdicts(payload)),
  };
}

/** The verdicts in a payload, each with every field; null when it has none. */
export function verdictsIn(payload: Readonly<Record<string, unknown>>): readonly unknown[] | null {
  const { verdicts } = payload;
  return Array.isArray(verdicts) ? verdicts.map(unpackVerdict) : null;
}

function withVerdicts(payload: Readonly<Record<string, unknown>>) {
  const verdicts = verdictsIn(payload);
  return verdicts === null ? payload : { ...payload, verdicts };
}

/** An event as a feed hands it over. */
export function publicLoggedEvent(logged: LoggedEvent): PublicEvent {
  const { event, partition, seq } = logged;
  return publicEvent({
    partition,
    seq,
    type: event.type,
    account: logged.accountId,
    order_id: "orderId" in event ? event.orderId : null,
    at: new Date(logged.at),
    actor: logged.actor,
    correlation_id: logged.correlationId,
    payload: event,
  });
}

/** JSON of ours with the API's names, at every depth. */
export function publicWords(source: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const result: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(source)) {
    const name = RENAMED[key] ?? snakeCase(key);
    result[name] = INSTANTS.has(key) ? instantText(value) : publicValue(value);
    if (key === "instrumentId" && typeof value === "string") {
      result["venue"] = value.slice(0, value.indexOf(":"));
      result["symbol"] = value.slice(value.indexOf(":") + 1);
    }
  }
  return result;
}

function publicValue(value: unknown): unknown {
  if (value instanceof Decimal) return value.toString();
  if (Array.isArray(value)) return value.map(publicValue);
  return typeof value === "object" && value !== null ? publicWords(asRecord(value)) : value;
}

const RENAMED: Readonly<Record<string, string>> = {
  accountId: "account",
  strategyId: "strategy",
  instrumentId: "instrument",
  quantity: "qty",
  filledQuantity: "filled_qty",
  cumulativeQuantity: "cumulative_qty",
  averagePrice: "avg_price",
};

/** Kept as milliseconds inside, shown as instants. */
const INSTANTS: ReadonlySet<string> = new Set([
  "at",
  "until",
  "since",
  "brokerAt",
  "executedAt",
  "receivedAt",
  "validUntil",
  "submittedAt",
  "updatedAt",
  "placedAt",
]);

function instantText(value: unknown): unknown {
  return typeof value === "number" ? new Date(value).toISOString() : value;
}

export function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}

export function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return {};
  return value as Readonly<Record<string, unknown>>; // the checks above are what the type says
}
