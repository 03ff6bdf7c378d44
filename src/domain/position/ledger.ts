// All positions of one account: net per instrument, and beside it the share of each strategy. Mutable,
// with one writer, like the book it stands in.
//
// A fact with a strategy counts in both; one without counts in the net, and for the strategies where it
// takes from them what is gone (holding.ts). A split is recorded as one adjustment for each strategy that
// holds shares, and one without strategy for the rest.
import { Decimal } from "../decimal.ts";
import type { AccountId, InstrumentId, StrategyId } from "../ids.ts";
import type { Currency } from "../instrument.ts";
import type { PositionChange } from "./change.ts";
import { CheckpointChanges } from "./checkpoints.ts";
import type { Checkpoint, CheckpointChange, Since } from "./checkpoints.ts";
import { flatPosition } from "./fold.ts";
import { flatHolding } from "./holding.ts";
import type { HoldingState } from "./holding.ts";
import { Refolding } from "./refolding.ts";
import type { PositionFact, PositionState } from "./state.ts";
import { PositionTrack, TRACK_SIZES } from "./track.ts";
import type { Tracked, TrackSizes } from "./track.ts";

/** Whose share of which position a fact belongs to. */
export interface PositionKeys {
  readonly instrumentId: InstrumentId;
  readonly strategyId: StrategyId | null;
}

export interface Totals {
  readonly realizedGross: Decimal;
  readonly fees: Decimal;
}

interface Holding {
  track: PositionTrack;
  /** Whoever traded it: also those of whom a bust left nothing. */
  readonly strategies: Set<StrategyId>;
  /** What of the net is already in the totals. */
  counted: Totals;
}

const NO_TOTALS: Totals = { realizedGross: Decimal.ZERO, fees: Decimal.ZERO };

export class PositionLedger {
  readonly #accountId: AccountId;
  readonly #sizes: TrackSizes;
  readonly #holdings = new Map<InstrumentId, Holding>();
  readonly #open = new Set<InstrumentId>();
  readonly #incomplete = new Set<InstrumentId>();
  readonly #checkpoints: CheckpointChanges;
  readonly #uncounted = new Set<InstrumentId>();
  /** Instruments that a strategy ever traded, flat ones too. */
  readonly #traded = new Map<StrategyId, Set<InstrumentId>>();
  readonly #totals = new Map<Currency, Totals>();

  constructor(accountId: AccountId, sizes: TrackSizes = TRACK_SIZES) {
    this.#accountId = accountId;
    this.#sizes = sizes;
    this.#checkpoints = new CheckpointChanges(accountId);
  }

  /** From the rows of the last commit, net and strategies alike. */
  static restore(
    accountId: AccountId,
    states: Iterable<PositionState>,
    sizes: TrackSizes = TRACK_SIZES,
  ): PositionLedger {
    const ledger = new PositionLedger(accountId, sizes);
    const rows = new Map<InstrumentId, PositionState[]>();
    for (const state of states) {
      const known = rows.get(state.instrumentId);
      if (known === undefined) rows.set(state.instrumentId, [state]);
      else known.push(state);
    }
    for (const [instrumentId, of] of rows) ledger.#restore(instrumentId, of);
    return ledger;
  }

  net(instrumentId: InstrumentId): PositionState | undefined {
    return this.#holdings.get(instrumentId)?.track.state.net;
  }

  ofStrategy(instrumentId: InstrumentId, strategyId: StrategyId): PositionState | undefined {
    const holding = this.#holdings.get(instrumentId);
    if (holding?.strategies.has(strategyId) !== true) return undefined;
    return this.#shareOf(holding, strategyId);
  }

  /** Net quantity; zero when nothing was ever held. */
  quantity(instrumentId: InstrumentId): Decimal {
    return this.net(instrumentId)?.quantity ?? Decimal.ZERO;
  }

  /** The net position of the instrument and every strategy's share of it, flat ones too. */
  *of(instrumentId: InstrumentId): Generator<PositionState> {
    const holding = this.#holdings.get(instrumentId);
    if (holding === undefined) return;
    yield holding.track.state.net;
    for (const strategyId of holding.strategies) yield this.#shareOf(holding, strategyId);
  }

  /** A position and its shares as they were at an instant; null where that is not known. */
  heldAt(instrumentId: InstrumentId, at: number): HoldingState | null {
    const holding = this.#holdings.get(instrumentId);
    return holding === undefined ? this.#flat(instrumentId) : holding.track.heldAt(at);
  }

  /** One of the newest facts of a position, by its id. */
  recent(instrumentId: InstrumentId, id: string): PositionFact | undefined {
    return this.#holdings.get(instrumentId)?.track.recent(id)?.fact;
  }

  /** Net positions that are not flat. */
  *open(): Generator<PositionState> {
    for (const instrumentId of this.#open) {
      const state = this.net(instrumentId);
      if (state !== undefined) yield state;
    }
  }

  get openCount(): number {
    return this.#open.size;
  }

  /** Strategies that ever held anything. */
  strategies(): Iterable<StrategyId> {
    return this.#traded.keys();
  }

  /** Every share of a strategy, flat ones too. */
  *sharesOf(strategyId: StrategyId): Generator<PositionState> {
    for (const instrumentId of this.#traded.get(strategyId) ?? []) {
      const state = this.ofStrategy(instrumentId, strategyId);
      if (state !== undefined) yield state;
    }
  }

  /** Every position that ever was, net and per strategy. */
  *all(): Generator<PositionState> {
    for (const instrumentId of this.#holdings.keys()) yield* this.of(instrumentId);
  }

  apply(fact: PositionFact, keys: PositionKeys): Tracked {
    const { strategyId } = keys;
    return this.#changeOf(keys, fact, (track) => track.add({ fact, strategyId }));
  }

  /** An execution was taken back: the position is as if it had never been. */
  bust(fact: PositionFact, keys: PositionKeys): Tracked {
    const { strategyId } = keys;
    // Of an adjustment only what undoes it is at hand: where it stood itself is not known.
    const since = fact.kind === "execution" ? fact : null;
    return this.#changeOf(keys, since, (track) => track.remove({ fact, strategyId }));
  }

  /** What one event of an order adds and takes away (`positionChanges`). */
  change(changes: readonly PositionChange[], keys: PositionKeys): void {
    for (const { kind, fact } of changes) {
      if (kind === "add") this.apply(fact, keys);
      else this.bust(fact, keys);
    }
  }

  /**
   * Instruments where a fact came that is older than what is kept: quantity and total profit are right, the
   * division into realised and unrealised waits for `adopt`. Empty before rows are written.
   */
  get incomplete(): ReadonlySet<InstrumentId> {
    return this.#incomplete;
  }

  /** The first place that changed since checkpoints were taken for the record: those behind it do not hold. */
  changedSince(instrumentId: InstrumentId): Since {
    return this.#checkpoints.forgottenSince(instrumentId);
  }

  /** Begins to fold the positions of an instrument again; null is from nothing. */
  refold(instrumentId: InstrumentId, from: Checkpoint | null): Refolding {
    return new Refolding(this.#flat(instrumentId), from, this.#sizes);
  }

  /** False where the facts that were folded again cannot have been all of them. */
  agreesWith(instrumentId: InstrumentId, refolding: Refolding): boolean {
    return refolding.agreesWith(this.#holdingOf(instrumentId).track.state);
  }

  /** What was folded again is what holds; of the checkpoints on record those before `since` stay. */
  adopt(instrumentId: InstrumentId, { track, reached }: Refolding, since: Since): void {
    const holding = this.#holdingOf(instrumentId);
    holding.track = track;
    track.handOver(this.#onReached(instrumentId));
    this.#checkpoints.forget(instrumentId, since);
    this.#checkpoints.reached(instrumentId, reached);
    for (const strategyId of track.state.shares.keys())
      this.#remember(holding, { instrumentId, strategyId });
    this.#incomplete.delete(instrumentId);
    this.#changed(instrumentId, holding);
  }

  /** For the record, with the rows. */
  takeCheckpoints(): readonly CheckpointChange[] {
    return this.#checkpoints.take();
  }

  /** Sums over all net positions, flat ones too, per currency: never added across currencies. */
  totals(currencyOf: (id: InstrumentId) => Currency): ReadonlyMap<Currency, Totals> {
    for (const instrumentId of this.#uncounted) {
      const holding = this.#holdings.get(instrumentId);
      if (holding === undefined) continue;
      const { realizedGross, fees } = holding.track.state.net;
      const currency = currencyOf(instrumentId);
      const sum = this.#totals.get(currency) ?? NO_TOTALS;
      this.#totals.set(currency, {
        realizedGross: sum.realizedGross.plus(realizedGross).minus(holding.counted.realizedGross),
        fees: sum.fees.plus(fees).minus(holding.counted.fees),
      });
      holding.counted = { realizedGross, fees };
    }
    this.#uncounted.clear();
    return this.#totals;
  }

  /** Money that changed hands for all positions, flat ones too, per currency. */
  cash(currencyOf: (id: InstrumentId) => Currency): ReadonlyMap<Currency, Decimal> {
    const cash = new Map<Currency, Decimal>();
    for (const [currency, { realizedGross, fees }] of this.totals(currencyOf)) {
      cash.set(currency, realizedGross.minus(fees));
    }
    // What is flat has cost nothing.
    for (const { instrumentId, costBasis } of this.open()) {
      const currency = currencyOf(instrumentId);
      cash.set(currency, (cash.get(currency) ?? Decimal.ZERO).minus(costBasis));
    }
    return cash;
  }

  #changeOf(keys: PositionKeys, since: Since, act: (track: PositionTrack) => Tracked): Tracked {
    const { instrumentId } = keys;
    const holding = this.#holdingOf(instrumentId);
    this.#remember(holding, keys);
    const answer = act(holding.track);
    if (answer === "counted" || answer === "needs_history")
      this.#checkpoints.forget(instrumentId, since);
    if (answer === "needs_history") this.#incomplete.add(instrumentId);
    this.#changed(instrumentId, holding);
    return answer;
  }

  #changed(instrumentId: InstrumentId, holding: Holding): void {
    this.#uncounted.add(instrumentId);
    if (holding.track.state.net.quantity.isZero()) this.#open.delete(instrumentId);
    else this.#open.add(instrumentId);
  }

  #holdingOf(instrumentId: InstrumentId): Holding {
    const known = this.#holdings.get(instrumentId);
    if (known !== undefined) return known;
    const track = this.#trackFrom(this.#flat(instrumentId));
    const holding: Holding = { track, strategies: new Set(), counted: NO_TOTALS };
    this.#holdings.set(instrumentId, holding);
    return holding;
  }

  #trackFrom(state: HoldingState): PositionTrack {
    const { instrumentId } = state.net;
    return new PositionTrack({ state, place: null }, this.#sizes, this.#onReached(instrumentId));
  }

  #onReached(instrumentId: InstrumentId): (checkpoint: Checkpoint) => void {
    return (checkpoint) => this.#checkpoints.reached(instrumentId, [checkpoint]);
  }

  #flat(instrumentId: InstrumentId): HoldingState {
    return flatHolding({ accountId: this.#accountId, instrumentId });
  }

  #shareOf({ track }: Holding, strategyId: StrategyId): PositionState {
    const { net, shares } = track.state;
    return shares.get(strategyId) ?? flatPosition({ ...net, strategyId });
  }

  #remember({ strategies }: Holding, { instrumentId, strategyId }: PositionKeys): void {
    if (strategyId === null || strategies.has(strategyId)) return;
    strategies.add(strategyId);
    const traded = this.#traded.get(strategyId);
    if (traded === undefined) this.#traded.set(strategyId, new Set([instrumentId]));
    else traded.add(instrumentId);
  }

  #restore(instrumentId: InstrumentId, rows: readonly PositionState[]): void {
    const shares = new Map<StrategyId, PositionState>();
    let { net } = this.#flat(instrumentId);
    for (const row of rows) {
      if (row.strategyId === null) net = row;
      else shares.set(row.strategyId, row);
    }
    const track = this.#trackFrom({ net, shares });
    const holding: Holding = { track, strategies: new Set(), counted: NO_TOTALS };
    for (const strategyId of shares.keys()) this.#remember(holding, { instrumentId, strategyId });
    this.#holdings.set(instrumentId, holding);
    this.#changed(instrumentId, holding);
  }
}
