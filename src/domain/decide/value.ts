// A holding that came with a price and without a payment: it has a cost, and no money changed hands for
// it here. Cash is explained by what positions cost, so what was not paid is counted on the other side.
import type { Decimal } from "../decimal.ts";
import type { Adjustment } from "../position/state.ts";
import type { Draft } from "./draft.ts";

type Came = Pick<Adjustment, "id" | "source" | "at" | "quantity"> & {
  readonly price: Decimal | null;
};

export function recordValue(draft: Draft, { id, source, at, quantity, price }: Came): void {
  if (price === null || quantity.isZero()) return;
  const amount = quantity.times(price);
  const adjustment = { id: `${id}:value`, kind: "transfer", amount, source, at } as const;
  draft.record({ type: "CashAdjusted", adjustment });
}
