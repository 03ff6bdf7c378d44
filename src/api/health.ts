// What the API knows of the house around it: probed now and then, never per request.
import { faultAsProblem } from "../app/accept.ts";
import type { Admission } from "../app/admission.ts";
import { Problem } from "../app/problem.ts";
import type { Clock } from "../ports/clock.ts";
import type { HouseQueries, HouseStatus } from "../ports/operations.ts";

const PROBE_KEPT_MS = 1_000;
const STATUS_KEPT_MS = 1_000;
const BACKLOG_EVERY_MS = 500;

interface Kept<Value> {
  readonly at: number;
  readonly value: Promise<Value>;
}

export class Health {
  readonly #queries: HouseQueries;
  readonly #clock: Clock;
  readonly #admission: Admission;
  #probe: Kept<void> | null = null;
  #status: Kept<HouseStatus> | null = null;

  constructor(queries: HouseQueries, clock: Clock, admission: Admission) {
    this.#queries = queries;
    this.#clock = clock;
    this.#admission = admission;
  }

  /** Throws a problem when requests cannot be taken. Many who ask at once share one probe. */
  async ready(): Promise<void> {
    try {
      await (this.#probe = this.#keep(this.#probe, PROBE_KEPT_MS, () => this.#queries.probe()))
        .value;
    } catch (error: unknown) {
      this.#probe = null;
      throw (
        faultAsProblem(error) ??
        new Problem("store_unavailable", "The database is not ready: are its tables made?", {
          retryAfterSeconds: 1,
        })
      );
    }
  }

  async house(): Promise<HouseStatus> {
    try {
      return await (this.#status = this.#keep(this.#status, STATUS_KEPT_MS, () =>
        this.#queries.houseStatus(),
      )).value;
    } catch (error: unknown) {
      this.#status = null;
      throw error;
    }
  }

  /** Looks at what waits, for the admission of new signals, until the signal says stop. */
  async watchBacklog(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        this.#admission.observe(await this.#queries.backlog());
      } catch {
        // An absent database refuses requests by itself; what was seen last stays.
      }
      await this.#clock.sleep(BACKLOG_EVERY_MS, signal).catch(() => undefined);
    }
  }

  #keep<Value>(kept: Kept<Value> | null, keptMs: number, read: () => Promise<Value>): Kept<Value> {
    const now = this.#clock.monotonic();
    return kept !== null && now - kept.at < keptMs ? kept : { at: now, value: read() };
  }
}
