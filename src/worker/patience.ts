// A wait that is over when nothing has come for a while: whatever goes on begins it anew.
import type { Clock } from "../ports/clock.ts";

export class Patience {
  readonly #clock: Pick<Clock, "after">;
  readonly #ms: number;
  readonly #onOver: () => void;
  #disarm: (() => void) | null;

  constructor(clock: Pick<Clock, "after">, ms: number, onOver: () => void) {
    this.#clock = clock;
    this.#ms = ms;
    this.#onOver = onOver;
    this.#disarm = clock.after(ms, onOver);
  }

  goOn(): void {
    if (this.#disarm === null) return;
    this.#disarm();
    this.#disarm = this.#clock.after(this.#ms, this.#onOver);
  }

  /** For good. */
  end(): void {
    this.#disarm?.();
    this.#disarm = null;
  }
}
