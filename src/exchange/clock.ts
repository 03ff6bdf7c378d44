// The exchange's only source of time and timers. It can be moved, so that a test or a person can
// jump to the opening bell, or run a whole trading day in a moment.

export interface ExchangeClock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Runs once after the delay; the returned function calls it off. */
  after(delayMs: number, run: () => void): () => void;
}

export const systemClock: ExchangeClock = {
  now: () => Date.now(),
  after(delayMs, run) {
    const timer = setTimeout(run, delayMs);
    return () => clearTimeout(timer);
  },
};

interface Timer {
  readonly dueAt: number;
  readonly run: () => void;
}

/** Runs on top of another clock, at an offset that may be changed; timers keep their order in its time. */
export class AdjustableClock implements ExchangeClock {
  readonly #base: ExchangeClock;
  readonly #run: (act: () => void) => void;
  /** Ascending by due time; equal times fire in the order they were set. */
  readonly #timers: Timer[] = [];
  #offset = 0;
  /** While time is being moved, the instant that the timers being fired believe in. */
  #movingAt: number | null = null;
  #disarm: (() => void) | null = null;

  /** `run` runs what falls due: where it survives a failure, the timers behind that one still fire. */
  constructor(base: ExchangeClock, run = (act: () => void): void => act()) {
    this.#base = base;
    this.#run = run;
  }

  now(): number {
    return this.#movingAt ?? this.#base.now() + this.#offset;
  }

  after(delayMs: number, run: () => void): () => void {
    const timer: Timer = { dueAt: this.now() + Math.max(0, delayMs), run };
    let index = this.#timers.length;
    while (index > 0 && (this.#timers[index - 1]?.dueAt ?? 0) > timer.dueAt) index -= 1;
    this.#timers.splice(index, 0, timer);
    if (index === 0 && this.#movingAt === null) this.#arm();
    return () => this.#remove(timer);
  }

  /** Moves time forward to an instant, firing on the way everything that falls due. */
  moveTo(instant: number): void {
    this.#movingAt = this.now();
    this.#fireUntil(instant);
    this.#movingAt = null;
    this.#offset = instant - this.#base.now();
    this.#arm();
  }

  /** Sets the time without living through what lies between; waiting timers keep their delay. */
  jumpTo(instant: number): void {
    const shift = instant - this.now();
    const waiting = this.#timers.splice(0);
    for (const timer of waiting) this.#timers.push({ ...timer, dueAt: timer.dueAt + shift });
    this.#offset += shift;
    this.#arm();
  }

  stop(): void {
    this.#disarm?.();
    this.#disarm = null;
    this.#timers.length = 0;
  }

  #remove(timer: Timer): void {
    const index = this.#timers.findIndex((waiting) => waiting.run === timer.run);
    if (index >= 0) this.#timers.splice(index, 1);
  }

  #fireUntil(instant: number): void {
    for (;;) {
      const next = this.#timers[0];
      if (next === undefined || next.dueAt > instant) return;
      this.#timers.shift();
      if (this.#movingAt !== null) this.#movingAt = Math.max(this.#movingAt, next.dueAt);
      this.#run(next.run);
    }
  }

  #arm(): void {
    this.#disarm?.();
    this.#disarm = null;
    const next = this.#timers[0];
    if (next === undefined) return;
    this.#disarm = this.#base.after(Math.max(0, next.dueAt - this.now()), () => {
      this.#disarm = null;
      this.#fireUntil(this.now());
      this.#arm();
    });
  }
}

/** A clock that stands still until it is told to move: simulations and tests. */
export class ManualClock implements ExchangeClock {
  readonly #inner: AdjustableClock;

  constructor(startAt: number) {
    this.#inner = new AdjustableClock({ now: () => startAt, after: () => () => undefined });
  }

  now(): number {
    return this.#inner.now();
  }

  after(delayMs: number, run: () => void): () => void {
    return this.#inner.after(delayMs, run);
  }

  advance(milliseconds: number): void {
    this.#inner.moveTo(this.#inner.now() + milliseconds);
  }
}
