// How many open orders each strategy has, and on which instruments: limits of a strategy ask with each order.
import type { InstrumentId, StrategyId } from "./ids.ts";

interface Owned {
  readonly instrumentId: InstrumentId;
  readonly strategyId: StrategyId | null;
}

interface Count {
  all: number;
  readonly on: Map<InstrumentId, number>;
}

export class StrategyOrders {
  readonly #counts = new Map<StrategyId, Count>();

  opened({ strategyId, instrumentId }: Owned): void {
    if (strategyId === null) return;
    let count = this.#counts.get(strategyId);
    if (count === undefined) this.#counts.set(strategyId, (count = { all: 0, on: new Map() }));
    count.all += 1;
    count.on.set(instrumentId, (count.on.get(instrumentId) ?? 0) + 1);
  }

  closed({ strategyId, instrumentId }: Owned): void {
    if (strategyId === null) return;
    const count = this.#counts.get(strategyId);
    const here = count?.on.get(instrumentId);
    if (count === undefined || here === undefined) {
      throw new Error(`strategy ${strategyId} has no open order on ${instrumentId}`);
    }
    count.all -= 1;
    if (here > 1) count.on.set(instrumentId, here - 1);
    else count.on.delete(instrumentId);
    if (count.all === 0) this.#counts.delete(strategyId);
  }

  count(strategyId: StrategyId): number {
    return this.#counts.get(strategyId)?.all ?? 0;
  }

  /** Those with an open order of the strategy. */
  instruments(strategyId: StrategyId): Iterable<InstrumentId> {
    return this.#counts.get(strategyId)?.on.keys() ?? [];
  }
}
