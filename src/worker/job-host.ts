// Work that the whole deployment needs done once: whoever holds a job's lease runs it, and stops when
// the lease is gone. A job that throws is begun again after a pause.
import type { Clock } from "../ports/clock.ts";

export interface DeploymentJob {
  /** Also the name of its lease. */
  readonly name: string;
  /** Works until the signal says stop. */
  run(signal: AbortSignal): Promise<void>;
}

const AGAIN_AFTER_MS = 1_000;

export class JobHost {
  readonly #jobs: ReadonlyMap<string, DeploymentJob>;
  readonly #clock: Clock;
  readonly #onError: (name: string, error: unknown) => void;
  readonly #running = new Map<string, { aborter: AbortController; done: Promise<void> }>();

  constructor(
    jobs: readonly DeploymentJob[],
    clock: Clock,
    onError: (name: string, error: unknown) => void,
  ) {
    this.#jobs = new Map(jobs.map((job) => [job.name, job]));
    this.#clock = clock;
    this.#onError = onError;
  }

  get names(): readonly string[] {
    return [...this.#jobs.keys()];
  }

  /** False when the name is not one of a job. */
  start(name: string): boolean {
    const job = this.#jobs.get(name);
    if (job === undefined) return false;
    const before = this.#running.get(name)?.done ?? Promise.resolve();
    const aborter = new AbortController();
    const done = before.then(() => this.#keepRunning(job, aborter.signal));
    this.#running.set(name, { aborter, done });
    return true;
  }

  async stop(name: string): Promise<boolean> {
    if (!this.#jobs.has(name)) return false;
    const running = this.#running.get(name);
    running?.aborter.abort();
    await running?.done;
    return true;
  }

  async stopAll(): Promise<void> {
    await Promise.all(this.names.map((name) => this.stop(name)));
  }

  async #keepRunning(job: DeploymentJob, signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await job.run(signal);
      } catch (error: unknown) {
        if (!signal.aborted) this.#onError(job.name, error);
      }
      await this.#clock.sleep(AGAIN_AFTER_MS, signal).catch(() => undefined);
    }
  }
}

/** A job that does one thing at even intervals. */
export function everySoOften(
  name: string,
  everyMs: number,
  clock: Clock,
  work: () => Promise<void>,
): DeploymentJob {
  return {
    name,
    async run(signal) {
      while (!signal.aborted) {
        await work();
        await clock.sleep(everyMs, signal);
      }
    },
  };
}
