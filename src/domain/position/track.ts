// One instrument's holding as it grows: a checkpoint, the newest facts behind it, and the fold of both.
// Facts count in their canonical order (at, id), so the result does not depend on how they came.
import type { AttributedFact } from "./change.ts";
import type { Checkpoint } from "./checkpoints.ts";
import { foldHolding, unfoldHolding } from "./holding.ts";
import type { HoldingState } from "./holding.ts";
import { isBefore, isSamePlace } from "./place.ts";
import type { Place } from "./place.ts";

export interface TrackSizes {
  /**
   * The tail keeps between one and two of these. Fills come late by seconds, so a handful would do; a late
   * fact older than that costs one read of the history behind a checkpoint. 8 keeps 5,000 busy positions small.
   */
  readonly segmentFacts: number;
  /** So many facts lie between two checkpoints on record, about. */
  readonly checkpointFacts: number;
}

export const TRACK_SIZES: TrackSizes = { segmentFacts: 8, checkpointFacts: 1_024 };

/**
 * `counted`: it moved no shares, so that the sums are right, but checkpoints from its place on lack it.
 * `needs_history`: its place is inside the checkpoint, and what stands behind it has to be folded again.
 */
export type Tracked = "applied" | "known" | "counted" | "needs_history";

/** Cash alone comes to the same wherever it stands; a part of the cost counts by what is held at its time. */
function hasNoPlace({ fact }: AttributedFact): boolean {
  if (fact.kind !== "adjustment") return false;
  const { kind, quantity, price } = fact.adjustment;
  return kind !== "cost" && quantity.isZero() && price === null;
}

const NO_FACTS: readonly AttributedFact[] = [];

/**
 * The tail has two segments and the state between them, so that appending folds one fact and no more:
 * when the young segment is full the old one is dropped and the state between becomes the checkpoint.
 */
export class PositionTrack {
  readonly #sizes: TrackSizes;
  #onReached: (checkpoint: Checkpoint) => void;
  #checkpoint: HoldingState;
  /** The newest fact in the checkpoint; null when it holds none, or came from a table. */
  #newestFolded: Place | null = null;
  /** The checkpoints on record lack something: the next one is kept before its turn. */
  #isCheckpointDue = false;
  /** What is folded is right in its sums only, until it is folded again: no checkpoint of it is kept. */
  #needsHistory = false;
  #old: readonly AttributedFact[] = NO_FACTS;
  #between: HoldingState;
  #young: readonly AttributedFact[] = NO_FACTS;
  #state: HoldingState;

  constructor(
    from: { readonly state: HoldingState; readonly place: Place | null },
    sizes: TrackSizes,
    onReached: (checkpoint: Checkpoint) => void,
  ) {
    this.#checkpoint = from.state;
    this.#between = from.state;
    this.#state = from.state;
    this.#newestFolded = from.place;
    this.#sizes = sizes;
    this.#onReached = onReached;
  }

  get state(): HoldingState {
    return this.#state;
  }

  /** Whoever takes it over hears of its checkpoints from here on. */
  handOver(onReached: (checkpoint: Checkpoint) => void): void {
    this.#onReached = onReached;
  }

  add(fact: AttributedFact): Tracked {
    const newest = this.#young.at(-1) ?? this.#old.at(-1);
    const isNewest =
      newest === undefined ? this.#isAfterCheckpoint(fact) : isBefore(newest.fact, fact.fact);
    if (isNewest) {
      this.#append(fact);
      return "applied";
    }
    const tail = [...this.#old, ...this.#young];
    if (tail.some((known) => isSamePlace(known.fact, fact.fact))) return "known";
    if (!this.#isAfterCheckpoint(fact)) {
      // Its place is inside the checkpoint. Quantity and money are right at once; how the gain divides
      // into realised and unrealised is right again after the history was folded.
      this.#refold(foldHolding(this.#checkpoint, fact), tail);
      return this.#inCheckpoint(hasNoPlace(fact));
    }
    // It is not the newest, so that there is one before which it stands.
    const place = tail.findIndex((known) => isBefore(fact.fact, known.fact));
    this.#refold(this.#checkpoint, tail.toSpliced(place, 0, fact));
    return "applied";
  }

  /** As it was at an instant; null where that is behind what is at hand. */
  heldAt(at: number): HoldingState | null {
    const { net } = this.#checkpoint;
    // From a table only the instant of its newest fact is known.
    const foldedAt = this.#newestFolded?.at ?? (net.version === 0 ? null : net.updatedAt);
    if (foldedAt !== null && foldedAt > at) return null;
    const facts = [...this.#old, ...this.#young].filter(({ fact }) => fact.at <= at);
    return facts.reduce(foldHolding, this.#checkpoint);
  }

  /** One of the newest facts, the last of that name. */
  recent(id: string): AttributedFact | undefined {
    return [...this.#old, ...this.#young].findLast(({ fact }) => fact.id === id);
  }

  /** Takes a fact out again, as if it had never been. */
  remove(fact: AttributedFact): Tracked {
    const tail = [...this.#old, ...this.#young];
    const { id, kind } = fact.fact;
    const place = tail.findIndex((known) => known.fact.id === id && known.fact.kind === kind);
    if (place >= 0) {
      this.#refold(this.#checkpoint, tail.toSpliced(place, 1));
      return "applied";
    }
    this.#refold(unfoldHolding(this.#checkpoint, fact), tail);
    // What was the newest of all, or of a strategy, takes its instant with it.
    const isOlder = fact.strategyId === null && fact.fact.at < this.#state.net.updatedAt;
    return this.#inCheckpoint(isOlder && hasNoPlace(fact));
  }

  #inCheckpoint(isCounted: boolean): Tracked {
    if (isCounted) {
      this.#isCheckpointDue = true;
      return "counted";
    }
    this.#needsHistory = true;
    return "needs_history";
  }

  /** False when the fact is older than something already folded into the checkpoint. */
  #isAfterCheckpoint(fact: AttributedFact): boolean {
    if (this.#newestFolded !== null) return isBefore(this.#newestFolded, fact.fact);
    // From a table only the instant of its newest fact is known: what shares it may belong before.
    const { net } = this.#checkpoint;
    return net.version === 0 || fact.fact.at > net.updatedAt;
  }

  #append(fact: AttributedFact): void {
    if (this.#young.length >= this.#sizes.segmentFacts) {
      this.#moveCheckpoint(this.#between, this.#old);
      this.#old = this.#young;
      this.#between = this.#state;
      this.#young = NO_FACTS;
    }
    this.#young = [...this.#young, fact];
    this.#state = foldHolding(this.#state, fact);
  }

  /** The tail becomes the old segment, which is dropped when the young one is full. */
  #refold(checkpoint: HoldingState, tail: readonly AttributedFact[]): void {
    const excess = tail.slice(0, Math.max(0, tail.length - 2 * this.#sizes.segmentFacts));
    this.#moveCheckpoint(excess.reduce(foldHolding, checkpoint), excess);
    this.#old = tail.slice(excess.length);
    this.#between = this.#old.reduce(foldHolding, this.#checkpoint);
    this.#young = NO_FACTS;
    this.#state = this.#between;
  }

  #moveCheckpoint(state: HoldingState, folded: readonly AttributedFact[]): void {
    const before = this.#checkpoint.net.version;
    this.#checkpoint = state;
    const newest = folded.at(-1)?.fact;
    if (newest === undefined) return;
    this.#newestFolded = newest;
    if (this.#needsHistory) return;
    const { checkpointFacts } = this.#sizes;
    const turnOf = (version: number): number => Math.floor(version / checkpointFacts);
    if (!this.#isCheckpointDue && turnOf(state.net.version) === turnOf(before)) return;
    this.#isCheckpointDue = false;
    this.#onReached({ place: { at: newest.at, id: newest.id, kind: newest.kind }, state });
  }
}
