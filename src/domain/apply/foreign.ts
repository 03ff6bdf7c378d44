// Fills of orders that are not ours, as they were counted: kept, since an order may turn out to be ours, and
// then its fills count there. What was counted is taken out again as if it had never been, so that the
// strategies hold what they held before.
import type { AccountBook } from "../book.ts";
import type { ForeignFill } from "../event.ts";
import { adjustmentFact, undone } from "../position/change.ts";
import type { Adjustment } from "../position/state.ts";

/** Orders of others with fills, of each account, the newest: one that is adopted was seen not long ago. */
const MAX_FOREIGN = 1_000;

type Known = Pick<AccountBook, "foreign">;

export function noteForeign({ foreign }: Known, fill: ForeignFill): void {
  const { brokerOrderId } = fill.told;
  if (brokerOrderId === null) return;
  foreign.set(brokerOrderId, [...(foreign.get(brokerOrderId) ?? []), fill]);
  for (const oldest of foreign.keys()) {
    if (foreign.size <= MAX_FOREIGN) return;
    foreign.delete(oldest);
  }
}

export function takeBackForeign(account: AccountBook, by: Adjustment, id: string): void {
  const { instrumentId } = by;
  account.positions.bust(adjustmentFact(undone(by, id)), by);
  account.adjustments.add(by.id);
  account.suspected.delete(instrumentId);
  account.aggregate?.touch(instrumentId);
  for (const [name, fills] of account.foreign) {
    const left = fills.filter(({ told }) => told.execution.id !== id);
    if (left.length === fills.length) continue;
    if (left.length === 0) account.foreign.delete(name);
    else account.foreign.set(name, left);
    return;
  }
}
