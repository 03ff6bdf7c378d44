// Whether new work is taken at all: a request that would wait longer than it lives is refused at the
// door, with nothing stored, instead of being accepted and expired.
import { Problem } from "./problem.ts";

export interface Backlog {
  /** Signals accepted and not decided. */
  readonly waiting: number;
  /** Age of the oldest of them; null when there is none. */
  readonly oldestMs: number | null;
}

export interface AdmissionLimits {
  /** Requests of this process that wait for their commit. */
  readonly maxInFlight: number;
  readonly maxOldestMs: number;
}

export const DEFAULT_ADMISSION: AdmissionLimits = { maxInFlight: 8_000, maxOldestMs: 60_000 };

export class Admission {
  readonly #limits: AdmissionLimits;
  #inFlight = 0;
  #backlog: Backlog = { waiting: 0, oldestMs: null };

  constructor(limits: AdmissionLimits = DEFAULT_ADMISSION) {
    this.#limits = limits;
  }

  /** What the last look at the store found. */
  observe(backlog: Backlog): void {
    this.#backlog = backlog;
  }

  get backlog(): Backlog {
    return this.#backlog;
  }

  get inFlight(): number {
    return this.#inFlight;
  }

  /** Runs the work, or refuses it. Commands pass `urgent`: a stop is taken as long as anything is. */
  async run<Result>(
    count: number,
    urgency: "ordinary" | "urgent",
    work: () => Promise<Result>,
  ): Promise<Result> {
    if (urgency === "ordinary") this.#refuseWhenFull(count);
    this.#inFlight += count;
    try {
      return await work();
    } finally {
      this.#inFlight -= count;
    }
  }

  #refuseWhenFull(count: number): void {
    const { maxInFlight, maxOldestMs } = this.#limits;
    if (this.#inFlight + count > maxInFlight) {
      throw overloaded(`${this.#inFlight} requests already wait for their commit`);
    }
    const { oldestMs, waiting } = this.#backlog;
    if (oldestMs !== null && oldestMs > maxOldestMs) {
      const seconds = Math.round(oldestMs / 1_000);
      throw overloaded(
        `${waiting} signals wait for a decision, the oldest for ${seconds} s; is a worker running?`,
      );
    }
  }
}

function overloaded(why: string): Problem {
  return new Problem("overloaded", `Nothing was stored: ${why}.`, { retryAfterSeconds: 1 });
}
