// What the book keeps of an account beside its orders and positions, back from the rows.
import { MAX_CORRECTIONS } from "../../domain/apply/corrected.ts";
import { noteForeign } from "../../domain/apply/foreign.ts";
import type { AccountBook } from "../../domain/book.ts";
import { Decimal } from "../../domain/decimal.ts";
import { asId, type BrokerOrderId, type InstrumentId } from "../../domain/ids.ts";
import { foreignFill, parkedExecution, snapshot, strategyBaseline } from "../event-shapes.ts";
import { list } from "../json-shape.ts";
import { decimalOrNull, millisOrNull } from "./order-from-row.ts";

export interface AccountStateRow {
  readonly account_id: string;
  readonly equity: string | null;
  readonly cash: string | null;
  readonly buying_power: string | null;
  readonly non_marginable_buying_power: string | null;
  readonly shorting_enabled: boolean | null;
  readonly observed_at: Date | null;
  readonly first_contact_at: Date | null;
  /** postgres.js reads a date as an instant at midnight UTC. */
  readonly day_date: Date | null;
  readonly day_equity_baseline: string | null;
  readonly day_realized_baseline: string | null;
  readonly day_unrealized_baseline: string | null;
  readonly day_orders_placed: number | null;
  readonly day_loss_limit_crossed: boolean | null;
  readonly reference_counter: number;
}

export interface ExternalRow {
  readonly account_id: string;
  readonly broker_order_id: string;
  readonly snapshot: unknown;
  readonly ignored: boolean;
}

export interface CashRow {
  readonly account_id: string;
  readonly adjusted: string;
  readonly is_open: boolean;
}

/** The last difference in cash that was told. */
export interface CashToldRow {
  readonly account_id: string;
  readonly ours: string | null;
  readonly theirs: string | null;
}

/** What a person accepted last of each subject. */
export interface AcceptedRow {
  readonly account_id: string;
  readonly kind: string;
  readonly subject: string;
  readonly amount: string;
}

/** The latest of them, the oldest first. */
export interface AdjustmentRow {
  readonly account_id: string;
  readonly id: string;
  readonly kind: string;
  readonly instrument_id: InstrumentId | null;
  readonly qty: string;
  readonly price: string | null;
  readonly amount: string;
  readonly at: Date;
}

export interface ParkedRow {
  readonly account_id: string;
  readonly parked: unknown;
}

export interface ForeignRow {
  readonly account_id: string;
  readonly foreign_fill: unknown;
}

/** What the event that began the day, or reset its loss, says of strategies; null in an older one. */
export interface StrategyBaselinesRow {
  readonly account_id: string;
  readonly baselines: unknown;
}

export function restoreStrategyBaselines(
  book: AccountBook,
  row: StrategyBaselinesRow | undefined,
): void {
  if (book.day === null || row === undefined || row.baselines === null) return;
  const read = list(strategyBaseline);
  book.day = { ...book.day, strategyBaselines: read(row.baselines, "strategyBaselines") };
}

export function restoreAccountState(book: AccountBook, row: AccountStateRow | undefined): void {
  if (row === undefined) return;
  book.firstContactAt = millisOrNull(row.first_contact_at);
  book.referenceCounter = row.reference_counter;
  book.equity = equityFrom(row);
  if (row.day_date === null) return;
  book.day = {
    date: row.day_date.toISOString().slice(0, 10),
    equityBaseline: decimalOrNull(row.day_equity_baseline),
    realizedBaseline: Decimal.of(row.day_realized_baseline ?? "0"),
    unrealizedBaseline: Decimal.of(row.day_unrealized_baseline ?? "0"),
    strategyBaselines: [],
    ordersPlaced: row.day_orders_placed ?? 0,
    lossLimitCrossed: row.day_loss_limit_crossed ?? false,
  };
}

function equityFrom(row: AccountStateRow): AccountBook["equity"] {
  const { equity, cash, buying_power: buyingPower, observed_at: observedAt } = row;
  if (equity === null || cash === null || buyingPower === null || observedAt === null) return null;
  return {
    equity: Decimal.of(equity),
    cash: Decimal.of(cash),
    buyingPower: Decimal.of(buyingPower),
    nonMarginableBuyingPower: decimalOrNull(row.non_marginable_buying_power),
    shortingEnabled: row.shorting_enabled ?? false,
    at: observedAt.getTime(),
  };
}

/** What the last looks found is not kept: the next ones find it again. */
export function restoreCash(
  book: AccountBook,
  row: CashRow | undefined,
  told: CashToldRow | undefined,
): void {
  const { ours, theirs } = told ?? { ours: null, theirs: null };
  book.cash = {
    adjusted: Decimal.of(row?.adjusted ?? "0"),
    isOpen: row?.is_open ?? false,
    told: Decimal.of(theirs ?? "0").minus(Decimal.of(ours ?? "0")),
    accepted: Decimal.ZERO,
    look: null,
  };
}

export function restoreAccepted(book: AccountBook, rows: readonly AcceptedRow[]): void {
  for (const { kind, subject, amount: text } of rows) {
    const amount = Decimal.of(text);
    if (kind === "cash_accepted") book.cash = { ...book.cash, accepted: amount };
    else if (!amount.isZero()) book.others.set(asId<InstrumentId>(subject), amount);
  }
}

export function restoreAdjustments(book: AccountBook, rows: readonly AdjustmentRow[]): void {
  for (const { id, kind, instrument_id: instrumentId, qty, price, amount, at } of rows) {
    book.adjustments.add(id);
    if (instrumentId === null) continue;
    book.ours.set(id, { quantity: Decimal.of(qty), amount: Decimal.of(amount) });
    if (kind !== "correction") continue;
    const figures = { at: at.getTime(), price: decimalOrNull(price), left: null, before: null };
    const known = book.corrected.get(instrumentId) ?? [];
    // One for each strategy has a name that begins like that of the rest, which comes last.
    const others = known.filter((each) => !each.id.startsWith(`${id}@`));
    const correction = { id, ...figures, isOthers: false };
    book.corrected.set(instrumentId, [...others, correction].slice(-MAX_CORRECTIONS));
  }
}

export function restoreExternal(book: AccountBook, rows: readonly ExternalRow[]): void {
  for (const row of rows) {
    const seen = snapshot(row.snapshot, "external_orders.snapshot");
    book.external.set(asId<BrokerOrderId>(row.broker_order_id), {
      snapshot: seen,
      ignored: row.ignored,
    });
  }
}

export function restoreParked(book: AccountBook, rows: readonly ParkedRow[]): void {
  for (const row of rows) {
    const parked = parkedExecution(row.parked, "parked_facts.parked");
    book.parked.set(parked.execution.id, parked);
  }
}

export function restoreForeign(book: AccountBook, rows: readonly ForeignRow[]): void {
  for (const row of rows) noteForeign(book, foreignFill(row.foreign_fill, "foreign"));
}
