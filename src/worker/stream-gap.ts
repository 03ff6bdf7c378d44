// Since when the stream of an account may have told less than happened. A gap is open from the start and
// from every break on. It closes when its past was read with the stream connected again, twice: what the
// first reading finds while a send is unanswered may still turn out to be ours, and is left to the second. The
// last one has to find nothing that is left to tell: what is too young to be judged, or was read beside a fill,
// is shown again, as often as it may take.

const READINGS = 2;
/** What nothing settles is not read for ever. */
const MORE_READINGS = 10;

export interface GapLook {
  /** From when on the past is to be read; null when nothing can be missing. */
  readonly since: number | null;
  /** That past was read; settled when there is nothing in it that the record lacks. */
  done(isSettled: boolean): void;
}

export class StreamGap {
  #since: number | null = null;
  #readingsLeft = READINGS;
  #moreLeft = MORE_READINGS;
  #breaks = 0;

  open(): void {
    this.#readingsLeft = READINGS;
    this.#moreLeft = MORE_READINGS;
    this.#breaks += 1;
  }

  /** `lastKnownAt`: up to when the account is known if the gap is a new one. */
  look(lastKnownAt: number, isConnected: boolean): GapLook {
    if (this.#readingsLeft === 0) return { since: null, done: () => undefined };
    this.#since ??= lastKnownAt;
    const breaks = this.#breaks;
    const done = (isSettled: boolean): void => {
      if (isConnected && breaks === this.#breaks) this.#read(isSettled);
    };
    return { since: this.#since, done };
  }

  /** A reading that was begun before the stream was whole again says nothing of what came behind it. */
  #read(isSettled: boolean): void {
    if (!isSettled && this.#readingsLeft === 1 && this.#moreLeft > 0) {
      this.#moreLeft -= 1;
      return;
    }
    this.#readingsLeft -= 1;
    if (this.#readingsLeft === 0) this.#since = null;
  }
}
