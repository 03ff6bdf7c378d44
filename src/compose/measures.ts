// What a capped sender's orders on the public stream are measured by: all prices and all holdings at once,
// since a batch may name any of them.
import { nameOfHolding, unitPrice, type MeasureOf } from "../app/measure.ts";
import type { PostgresStore } from "../db/postgres-store.ts";
import { listPositions } from "../db/queries/positions.ts";
import { Decimal } from "../domain/decimal.ts";
import { asId, type AccountId, type InstrumentId, type StrategyId } from "../domain/ids.ts";
import type { Clock } from "../ports/clock.ts";

const ALL_OPEN = { accounts: null, instruments: null, strategy: null, includeClosed: false };

export async function measuresOf(store: PostgresStore, clock: Clock): Promise<MeasureOf> {
  const [marks, net, shares] = await Promise.all([
    store.marks.loadMarks(),
    listPositions(store.queries, { ...ALL_OPEN, byStrategy: false }),
    listPositions(store.queries, { ...ALL_OPEN, byStrategy: true }),
  ]);
  const now = clock.now();
  const prices = new Map(marks.map((mark) => [mark.instrumentId, unitPrice(mark, now - mark.at)]));
  const held = new Map(
    [...net, ...shares].map(({ account, instrument_id, strategy, qty }) => {
      const holding = {
        accountId: asId<AccountId>(account),
        instrumentId: asId<InstrumentId>(instrument_id),
        strategyId: strategy === null ? null : asId<StrategyId>(strategy),
      };
      return [nameOfHolding(holding), Decimal.of(qty)] as const;
    }),
  );
  return (holding) => ({
    price: prices.get(holding.instrumentId) ?? null,
    held: held.get(nameOfHolding(holding)) ?? Decimal.ZERO,
  });
}
