// Whether a broker is worth calling. Closed (calls pass), open (none pass until the pause is over), and
// probing (one call may try). A row of failures opens it, one success closes it. Its instants are of the
// monotonic clock: with a wall clock that is set back the pause would last as long as the step.

const FAILURES_TO_OPEN = 5;
const FIRST_PAUSE_MS = 500;
const LONGEST_PAUSE_MS = 10_000;

export class Circuit {
  #failures = 0;
  #pauseMs = FIRST_PAUSE_MS;
  #openUntil: number | null = null;
  #probing = false;

  get isUp(): boolean {
    return this.#openUntil === null;
  }

  /** True once per pause while open: the caller may try one harmless call. */
  mayProbe(now: number): boolean {
    if (this.#openUntil === null || this.#probing || now < this.#openUntil) return false;
    this.#probing = true;
    return true;
  }

  /** Instant of the next probe, or null while closed. */
  probeAt(): number | null {
    return this.#openUntil;
  }

  /** Returns true when this closed the circuit. */
  succeeded(): boolean {
    const wasOpen = this.#openUntil !== null;
    this.#failures = 0;
    this.#pauseMs = FIRST_PAUSE_MS;
    this.#openUntil = null;
    this.#probing = false;
    return wasOpen;
  }

  /** Returns true when this opened the circuit. */
  failed(now: number): boolean {
    const wasOpen = this.#openUntil !== null;
    // Calls that were under way when it opened tell nothing new, and must not move the next probe away.
    if (wasOpen && !this.#probing) return false;
    this.#failures += 1;
    if (!wasOpen && this.#failures < FAILURES_TO_OPEN) return false;
    if (wasOpen) this.#pauseMs = Math.min(this.#pauseMs * 2, LONGEST_PAUSE_MS);
    this.#openUntil = now + this.#pauseMs;
    this.#probing = false;
    return !wasOpen;
  }
}
