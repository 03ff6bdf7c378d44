// A process of the simulated deployment: it can be killed and paused at any moment, and everything it
// does outside itself goes through `io`, where requests and replies are delayed and lost. A killed
// process never resumes; a paused one finds its answers when it wakes up.
import type { Clock } from "../../src/ports/clock.ts";
import type { Faults } from "./faults.ts";
import type { Scheduler } from "./scheduler.ts";

export interface IoKind {
  /** Counted in the report of faults, for example `store.commit`. */
  readonly name: string;
  readonly lowMs: number;
  readonly highMs: number;
  /** How long the request may be on its way when the network is slow. */
  readonly slowestMs?: number;
  /** The error of a request that never arrived: nothing happened. */
  readonly notDone: () => Error;
  /** The error of a reply that never came back: it may have happened. */
  readonly unknown: () => Error;
}

export class SimProcess {
  readonly name: string;
  readonly #scheduler: Scheduler;
  readonly #faults: Faults;
  #alive = true;
  #pausedUntil = 0;
  /** Added to the wall clock; the monotonic clock does not see it. */
  skewMs = 0;

  constructor(name: string, scheduler: Scheduler, faults: Faults) {
    this.name = name;
    this.#scheduler = scheduler;
    this.#faults = faults;
  }

  get isAlive(): boolean {
    return this.#alive;
  }

  kill(): void {
    this.#alive = false;
  }

  pause(ms: number): void {
    this.#pausedUntil = Math.max(this.#pausedUntil, this.#scheduler.now + ms);
  }

  resume(): void {
    this.#pausedUntil = this.#scheduler.now;
  }

  /** Runs the continuation unless the process is dead, and not before it wakes up. */
  deliver(continuation: () => void): void {
    if (!this.#alive) return;
    const wait = this.#pausedUntil - this.#scheduler.now;
    if (wait > 0) this.#scheduler.after(wait, () => this.deliver(continuation));
    else continuation();
  }

  /** One request to the outside: `work` happens over there, at one instant, or not at all. */
  io<Result>(kind: IoKind, work: () => Result): Promise<Result> {
    const { random } = this.#faults;
    return new Promise<Result>((resolve, reject) => {
      if (!this.#alive) return;
      if (this.#faults.happens("crash before", kind.name)) this.kill();
      const slow = this.#faults.slowness(kind.name, kind.slowestMs ?? SLOWEST_MS);
      const there = random.between(kind.lowMs, kind.highMs) + slow;
      const back = random.between(kind.lowMs, kind.highMs);
      if (this.#faults.happens("request lost", kind.name)) {
        this.#scheduler.after(there + back, () => this.deliver(() => reject(kind.notDone())));
        return;
      }
      if (!this.#alive && random.chance(0.5)) return;
      this.#scheduler.after(there, () => {
        const settled = attempt(work);
        if (this.#faults.happens("crash after", kind.name)) this.kill();
        const lost = this.#faults.happens("reply lost", kind.name);
        this.#scheduler.after(back, () =>
          this.deliver(() => {
            if (lost) reject(kind.unknown());
            else if ("error" in settled) reject(settled.error);
            else resolve(settled.value);
          }),
        );
      });
    });
  }

  clock(): Clock {
    return {
      now: () => EPOCH + this.#scheduler.now + this.skewMs,
      monotonic: () => this.#scheduler.now,
      sleep: (ms, signal) => this.#sleep(ms, signal),
      after: (ms, callback) => this.#scheduler.after(ms, () => this.deliver(callback)),
    };
  }

  #sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const abort = () => {
        cancel();
        reject(new Error("aborted"));
      };
      const cancel = this.#scheduler.after(ms, () => {
        signal?.removeEventListener("abort", abort);
        this.deliver(resolve);
      });
      if (signal?.aborted === true) abort();
      else signal?.addEventListener("abort", abort, { once: true });
    });
  }
}

const SLOWEST_MS = 2_500;

/** The wall clock when a run begins: a Tuesday in session. */
export const EPOCH = Date.UTC(2026, 2, 10, 15, 0, 48);

type Settled<Result> = { readonly value: Result } | { readonly error: unknown };

function attempt<Result>(work: () => Result): Settled<Result> {
  try {
    return { value: work() };
  } catch (error: unknown) {
    return { error };
  }
}
