// What a position was at places of its history: with these a fact that comes too late for the tail is put
// in its place by folding what stands behind one of them, and not everything since the beginning.
import type { AccountId, InstrumentId } from "../ids.ts";
import type { HoldingState } from "./holding.ts";
import { isBefore, isSamePlace } from "./place.ts";
import type { Place } from "./place.ts";

/** All facts up to a place, that one included, and nothing else. */
export interface Checkpoint {
  readonly place: Place;
  readonly state: HoldingState;
}

/** Where a history has to be folded anew: what stands there or behind it; null is all of it. */
export type Since = Place | null;

/** What a commit has to do with the checkpoints of one instrument: first forget, then keep. */
export interface CheckpointChange {
  readonly accountId: AccountId;
  readonly instrumentId: InstrumentId;
  readonly forgotten: { readonly since: Since } | null;
  readonly reached: readonly Checkpoint[];
}

/** Until the commit they go with. */
export class CheckpointChanges {
  readonly #accountId: AccountId;
  readonly #changes = new Map<InstrumentId, CheckpointChange>();

  constructor(accountId: AccountId) {
    this.#accountId = accountId;
  }

  /** A history that is folded again may come to a place that was reached before: each place has one. */
  reached(instrumentId: InstrumentId, checkpoints: readonly Checkpoint[]): void {
    const change = this.#of(instrumentId);
    const others = change.reached.filter(
      ({ place }) => !checkpoints.some((checkpoint) => isSamePlace(checkpoint.place, place)),
    );
    this.#changes.set(instrumentId, { ...change, reached: [...others, ...checkpoints] });
  }

  /** A fact came to this place or was taken out there: what was kept from there on is wrong. */
  forget(instrumentId: InstrumentId, since: Since): void {
    const change = this.#of(instrumentId);
    const { forgotten, reached } = change;
    this.#changes.set(instrumentId, {
      ...change,
      forgotten: { since: forgotten === null ? since : earlier(forgotten.since, since) },
      reached: since === null ? [] : reached.filter(({ place }) => isBefore(place, since)),
    });
  }

  forgottenSince(instrumentId: InstrumentId): Since {
    return this.#of(instrumentId).forgotten?.since ?? null;
  }

  take(): readonly CheckpointChange[] {
    const changes = [...this.#changes.values()];
    this.#changes.clear();
    return changes;
  }

  #of(instrumentId: InstrumentId): CheckpointChange {
    const nothing = { accountId: this.#accountId, instrumentId, forgotten: null, reached: [] };
    return this.#changes.get(instrumentId) ?? nothing;
  }
}

function earlier(left: Since, right: Since): Since {
  if (left === null || right === null) return null;
  return isBefore(right, left) ? right : left;
}
