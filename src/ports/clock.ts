// Time and randomness as the shell gets them. The core never sees this: it is handed instants and ids.

export interface Clock {
  /** Wall clock in milliseconds since 1970; may jump. */
  now(): number;
  /** Milliseconds that never run backwards: deadlines and leases are measured with it. */
  monotonic(): number;
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
  /** Runs the callback once; the returned function cancels it. */
  after(ms: number, callback: () => void): () => void;
}

export interface IdSource {
  /** A time-ordered UUID whose last byte is zero: orders made from it take the last byte. */
  next(): string;
}
