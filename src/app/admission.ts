// Whether new work is taken at all: a request that would wait longer than it lives is refused at the
// door, with nothing stored, instead of being accepted and expired.
import type { Backlog } from "../ports/operations.ts";
import { Problem } from "./problem.ts";

export interface AdmissionLimits {
  /** Requests of this process that wait for their commit. */
  readonly maxInFlight: number;
  readonly maxOldestMs: number;
}

export const DEFAULT_ADMISSION: AdmissionLimits = { maxInFlight: 8_000, maxOldestMs: 60_000 };

/** A person has to look first. */
const RETRY_SET_ASIDE_SECONDS = 30;

export class Admission {
  readonly #limits: AdmissionLimits;
  #inFlight = 0;
  #backlog: Backlog = { waiting: 0, oldestMs: null, setAside: new Set() };

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

  get hasSetAside(): boolean {
    return this.#backlog.setAside.size > 0;
  }

  /** Why nothing is taken for a partition at present; null where something is. */
  refusalFor(partition: number): Problem | null {
    return this.#backlog.setAside.has(partition) ? setAside(partition) : null;
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

function setAside(partition: number): Problem {
  return new Problem(
    "set_aside",
    `Nothing was stored: partition ${partition}, in which this account is, was set aside with a fault until a person resumes it.`,
    { retryAfterSeconds: RETRY_SET_ASIDE_SECONDS },
  );
}
