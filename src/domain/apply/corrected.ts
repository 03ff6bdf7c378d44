// What was taken as the broker shows it, with nothing that explained it: kept until what explains it is told.
import type { AccountBook, Correction } from "../book.ts";
import type { Decimal } from "../decimal.ts";
import type { Explains } from "../event.ts";
import type { InstrumentId } from "../ids.ts";
import type { Adjustment } from "../position/state.ts";

/** Of one instrument: an entry comes days late at most, and corrections are rare. */
export const MAX_CORRECTIONS = 16;

type Known = Pick<AccountBook, "corrected">;

/** One that kept the cost comes as an adjustment for each strategy, and one for the rest. */
export function noteCorrection(
  account: Known,
  { id, strategyId, instrumentId, quantity, price, at }: Adjustment,
  before: Correction["before"],
): void {
  const name = strategyId === null ? id : id.slice(0, -`@${strategyId}`.length);
  const known = account.corrected.get(instrumentId)?.at(-1);
  if (known?.id !== name) {
    add(account, instrumentId, { id: name, at, price, isOthers: false, left: quantity, before });
    return;
  }
  change(account, instrumentId, { ...known, left: known.left?.plus(quantity) ?? null });
}

/** Shares that a person said are another's. */
export function noteLeft(
  account: Known,
  { instrumentId, quantity }: { readonly instrumentId: InstrumentId; readonly quantity: Decimal },
  of: Pick<Correction, "id" | "at" | "before">,
): void {
  add(account, instrumentId, { ...of, price: null, isOthers: true, left: quantity });
}

export function useUp(account: Known, id: InstrumentId, { correction, quantity }: Explains): void {
  const known = account.corrected.get(id)?.find((each) => each.id === correction);
  if (known === undefined || known.left === null) return;
  change(account, id, { ...known, left: known.left.minus(quantity) });
}

function add({ corrected }: Known, instrumentId: InstrumentId, correction: Correction): void {
  const before = corrected.get(instrumentId) ?? [];
  corrected.set(instrumentId, [...before, correction].slice(-MAX_CORRECTIONS));
}

function change({ corrected }: Known, instrumentId: InstrumentId, to: Correction): void {
  const known = corrected.get(instrumentId) ?? [];
  corrected.set(
    instrumentId,
    known.map((each) => (each.id === to.id ? to : each)),
  );
}
