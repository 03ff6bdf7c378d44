// A position folded again beside the one that is in use, fact by fact in their order, until it takes its place.
import type { AttributedFact } from "./change.ts";
import type { Checkpoint } from "./checkpoints.ts";
import { cashOf } from "./fold.ts";
import type { HoldingState } from "./holding.ts";
import { PositionTrack } from "./track.ts";
import type { TrackSizes } from "./track.ts";

/**
 * So many checkpoints of one fold are kept at most: all go into one commit, with the share of every strategy.
 * What comes late has everything behind it folded again, so the further back they are, the wider apart they may be.
 */
export const MAX_REACHED = 32;

export class Refolding {
  readonly track: PositionTrack;
  readonly #begun: number;
  #reached: readonly Checkpoint[] = [];

  constructor(nothing: HoldingState, from: Checkpoint | null, sizes: TrackSizes) {
    const start = from ?? { state: nothing, place: null };
    this.#begun = start.state.net.version;
    this.track = new PositionTrack(start, sizes, (checkpoint) => this.#reach(checkpoint));
  }

  get reached(): readonly Checkpoint[] {
    return this.#reached;
  }

  add(fact: AttributedFact): void {
    this.track.add(fact);
  }

  /** Shares, money and the number of facts come to the same in any order: what differs was folded from less. */
  agreesWith({ net }: HoldingState): boolean {
    const mine = this.track.state.net;
    return (
      mine.version === net.version && mine.quantity.eq(net.quantity) && cashOf(mine).eq(cashOf(net))
    );
  }

  #reach(checkpoint: Checkpoint): void {
    const all = [...this.#reached, checkpoint];
    this.#reached = all.length > MAX_REACHED ? all.toSpliced(this.#leastMissed(all), 1) : all;
  }

  /** Where the gap that is left is the smallest for how far back it is; never the newest. */
  #leastMissed(all: readonly Checkpoint[]): number {
    const facts = [this.#begun, ...all.map(({ state }) => state.net.version)];
    const end = (facts.at(-1) ?? 0) + 1;
    let least = { index: 0, gap: Number.POSITIVE_INFINITY };
    facts.slice(2).forEach((after, index) => {
      const before = facts[index] ?? 0;
      const gap = (after - before) / (end - before);
      if (gap < least.gap) least = { index, gap };
    });
    return least.index;
  }
}
