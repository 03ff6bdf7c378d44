// A position folded again beside the one that is in use, fact by fact in their order, until it takes its place.
import type { AttributedFact } from "./change.ts";
import type { Checkpoint } from "./checkpoints.ts";
import { cashOf } from "./fold.ts";
import type { HoldingState } from "./holding.ts";
import { PositionTrack } from "./track.ts";
import type { TrackSizes } from "./track.ts";

export class Refolding {
  readonly track: PositionTrack;
  readonly reached: Checkpoint[] = [];

  constructor(nothing: HoldingState, from: Checkpoint | null, sizes: TrackSizes) {
    const start = from ?? { state: nothing, place: null };
    this.track = new PositionTrack(start, sizes, (checkpoint) => this.reached.push(checkpoint));
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
}
