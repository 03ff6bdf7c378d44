// One instrument's holding as it grows: a checkpoint, the newest facts behind it, and the fold of both.
// Facts count in their canonical order (at, id), so the result does not depend on how they came.
import type { AttributedFact } from "./change.ts";
import { foldHolding, unfoldHolding } from "./holding.ts";
import type { HoldingState } from "./holding.ts";

/**
 * The tail keeps between one and two of these. Fills come late by seconds, so a handful would do; a late
 * fact older than that costs one read of the position's history. 8 keeps 5,000 busy positions small.
 */
export const TAIL_SEGMENT_FACTS = 8;

export type Tracked = "applied" | "known" | "needs_history";

/** Where the fact stands in the canonical order. */
function isBefore({ fact: left }: AttributedFact, { fact: right }: AttributedFact): boolean {
  if (left.at !== right.at) return left.at < right.at;
  if (left.id !== right.id) return left.id < right.id;
  return left.kind < right.kind;
}

const isSame = ({ fact: left }: AttributedFact, { fact: right }: AttributedFact): boolean =>
  left.id === right.id && left.at === right.at && left.kind === right.kind;

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
  readonly #segmentMax: number;
  #checkpoint: HoldingState;
  /** The newest fact in the checkpoint; null when it holds none, or came from a table. */
  #newestFolded: AttributedFact | null = null;
  #old: readonly AttributedFact[] = NO_FACTS;
  #between: HoldingState;
  #young: readonly AttributedFact[] = NO_FACTS;
  #state: HoldingState;

  constructor(checkpoint: HoldingState, segmentMax: number) {
    this.#checkpoint = checkpoint;
    this.#between = checkpoint;
    this.#state = checkpoint;
    this.#segmentMax = segmentMax;
  }

  get state(): HoldingState {
    return this.#state;
  }

  add(fact: AttributedFact): Tracked {
    const newest = this.#young.at(-1) ?? this.#old.at(-1);
    const isNewest = newest === undefined ? this.#isAfterCheckpoint(fact) : isBefore(newest, fact);
    if (isNewest) {
      this.#append(fact);
      return "applied";
    }
    const tail = [...this.#old, ...this.#young];
    if (tail.some((known) => isSame(known, fact))) return "known";
    if (!this.#isAfterCheckpoint(fact)) {
      // Its place is inside the checkpoint. Quantity and money are right at once; how the gain divides
      // into realised and unrealised is right again after the history was folded.
      this.#refold(foldHolding(this.#checkpoint, fact), tail);
      return hasNoPlace(fact) ? "applied" : "needs_history";
    }
    // It is not the newest, so that there is one before which it stands.
    const place = tail.findIndex((known) => isBefore(fact, known));
    this.#refold(this.#checkpoint, tail.toSpliced(place, 0, fact));
    return "applied";
  }

  /** As it was at an instant; null where that is behind what is at hand. */
  heldAt(at: number): HoldingState | null {
    const { net } = this.#checkpoint;
    // From a table only the instant of its newest fact is known.
    const foldedAt = this.#newestFolded?.fact.at ?? (net.version === 0 ? null : net.updatedAt);
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
    return isOlder && hasNoPlace(fact) ? "applied" : "needs_history";
  }

  /** Starts again from nothing with all facts there are. */
  rebuild(nothing: HoldingState, facts: readonly AttributedFact[]): void {
    const sorted = facts.toSorted((left, right) => (isBefore(left, right) ? -1 : 1));
    const foldedCount = Math.max(0, sorted.length - this.#segmentMax);
    const folded = sorted.slice(0, foldedCount);
    this.#newestFolded = folded.at(-1) ?? null;
    this.#refold(folded.reduce(foldHolding, nothing), sorted.slice(foldedCount));
  }

  /** False when the fact is older than something already folded into the checkpoint. */
  #isAfterCheckpoint(fact: AttributedFact): boolean {
    if (this.#newestFolded !== null) return isBefore(this.#newestFolded, fact);
    // From a table only the instant of its newest fact is known: what shares it may belong before.
    const { net } = this.#checkpoint;
    return net.version === 0 || fact.fact.at > net.updatedAt;
  }

  #append(fact: AttributedFact): void {
    if (this.#young.length >= this.#segmentMax) {
      this.#newestFolded = this.#old.at(-1) ?? this.#newestFolded;
      this.#checkpoint = this.#between;
      this.#old = this.#young;
      this.#between = this.#state;
      this.#young = NO_FACTS;
    }
    this.#young = [...this.#young, fact];
    this.#state = foldHolding(this.#state, fact);
  }

  /** The tail becomes the old segment, which is dropped when the young one is full. */
  #refold(checkpoint: HoldingState, tail: readonly AttributedFact[]): void {
    const excess = tail.slice(0, Math.max(0, tail.length - 2 * this.#segmentMax));
    this.#newestFolded = excess.at(-1) ?? this.#newestFolded;
    this.#checkpoint = excess.reduce(foldHolding, checkpoint);
    this.#old = tail.slice(excess.length);
    this.#between = this.#old.reduce(foldHolding, this.#checkpoint);
    this.#young = NO_FACTS;
    this.#state = this.#between;
  }
}
