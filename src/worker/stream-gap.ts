// Since when the stream of an account may have told less than happened. A gap is open from the start and
// from every break on. It closes when its past was read with the stream connected again, twice: what the
// first reading finds while a send is unanswered may still turn out to be ours, and is left to the second.

const READINGS = 2;

export interface GapLook {
  /** From when on the past is to be read; null when nothing can be missing. */
  readonly since: number | null;
  /** That past was read. */
  done(): void;
}

export class StreamGap {
  #since: number | null = null;
  #readingsLeft = READINGS;
  #breaks = 0;

  open(): void {
    this.#readingsLeft = READINGS;
    this.#breaks += 1;
  }

  /** `lastKnownAt`: up to when the account is known if the gap is a new one. */
  look(lastKnownAt: number, isConnected: boolean): GapLook {
    if (this.#readingsLeft === 0) return { since: null, done: () => undefined };
    this.#since ??= lastKnownAt;
    const breaks = this.#breaks;
    return { since: this.#since, done: () => this.#read(isConnected && breaks === this.#breaks) };
  }

  /** A reading that was begun before the stream was whole again says nothing of what came behind it. */
  #read(isWhole: boolean): void {
    if (!isWhole) return;
    this.#readingsLeft -= 1;
    if (this.#readingsLeft === 0) this.#since = null;
  }
}
