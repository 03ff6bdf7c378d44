// A fixed window of a minute per key, as the reset header suggests the real one has.

export interface RateState {
  readonly limit: number;
  readonly remaining: number;
  /** Unix seconds at which the window ends. */
  readonly reset: number;
  readonly allowed: boolean;
}

const WINDOW_MS = 60_000;
const MAX_WINDOWS = 2_000;

export class RateLimit {
  #perMinute: number;
  readonly #used = new Map<string, { window: number; count: number }>();

  constructor(perMinute: number) {
    this.#perMinute = perMinute;
  }

  set perMinute(limit: number) {
    this.#perMinute = limit;
  }

  get perMinute(): number {
    return this.#perMinute;
  }

  take(key: string, now: number): RateState {
    const window = Math.floor(now / WINDOW_MS);
    let used = this.#used.get(key);
    if (used === undefined || used.window !== window) {
      if (this.#used.size >= MAX_WINDOWS) this.#used.clear();
      used = { window, count: 0 };
      this.#used.set(key, used);
    }
    used.count += 1;
    return {
      limit: this.#perMinute,
      remaining: Math.max(0, this.#perMinute - used.count),
      reset: ((window + 1) * WINDOW_MS) / 1000,
      allowed: used.count <= this.#perMinute,
    };
  }
}
