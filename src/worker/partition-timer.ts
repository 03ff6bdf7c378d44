// Wakes a partition when something waits for time: one timer, at the earliest deadline of its book. Most
// batches look only at the orders that they touched, since the deadline of the others is known; all of
// them are looked at when something else than an order may have moved a deadline.
import type { Book, Context, Input } from "../domain/book.ts";
import { nextDeadline } from "../domain/decide.ts";
import type { RecordedEvent } from "../domain/event.ts";
import type { OrderId } from "../domain/ids.ts";
import type { Clock } from "../ports/clock.ts";

/** A broker that is back, say, moves deadlines and is no event. */
const LOOK_AT_ALL_MS = 1_000;
/** Looking at all for that, or for a tick, takes no more than a twentieth of the time, however much is held. */
const RESTS = 20;
const LONGEST_REST_MS = 10_000;
const NEVER = Number.POSITIVE_INFINITY;

export interface Batch {
  readonly inputs: readonly Input[];
  readonly events: readonly RecordedEvent[];
}

export class PartitionTimer {
  readonly #clock: Pick<Clock, "after" | "monotonic">;
  readonly #onDue: () => void;
  #disarm: (() => void) | null = null;
  /** By the clock that nobody sets. */
  #deadline = NEVER;
  #book: Book | null = null;
  #lookedAt = Number.NEGATIVE_INFINITY;
  /** What the last look at all asks to rest before the next. */
  #restMs = 0;
  #isStopped = false;

  constructor(clock: Pick<Clock, "after" | "monotonic">, onDue: () => void) {
    this.#clock = clock;
    this.#onDue = onDue;
  }

  /** After a batch, or before the first one. */
  arm(book: Book, context: Context, batch: Batch | null): void {
    const waitMs = Math.max(1, this.#nextDeadline(book, context, batch) - context.now);
    const due = this.#clock.monotonic() + waitMs;
    // An earlier look costs nothing, and what is overdue would move away with every batch.
    if (this.#disarm !== null && this.#deadline <= due) return;
    this.#disarm?.();
    this.#disarm = null;
    this.#deadline = due;
    if (due === NEVER || this.#isStopped) return;
    this.#disarm = this.#clock.after(waitMs, () => {
      this.#disarm = null;
      this.#onDue();
    });
  }

  stop(): void {
    this.#isStopped = true;
    this.#disarm?.();
  }

  #nextDeadline(book: Book, context: Context, batch: Batch | null): number {
    const age = Math.abs(context.now - this.#lookedAt);
    const isKnown =
      this.#disarm !== null &&
      book === this.#book &&
      batch !== null &&
      age < (isOfTime(batch) ? this.#restMs : Math.max(LOOK_AT_ALL_MS, this.#restMs));
    if (isKnown) {
      const next = nextDeadline(book, context, touchedBy(batch.events)) ?? NEVER;
      // What moved a deadline is found when the rest is over.
      return isOfTime(batch) ? Math.min(next, this.#lookedAt + this.#restMs) : next;
    }
    this.#book = book;
    this.#lookedAt = context.now;
    const begun = this.#clock.monotonic();
    const next = nextDeadline(book, context) ?? NEVER;
    this.#restMs = Math.min(LONGEST_REST_MS, RESTS * (this.#clock.monotonic() - begun));
    return next;
  }
}

/** A tick comes of a change of limits or prices, or of time itself. */
function isOfTime({ inputs }: Batch): boolean {
  return inputs.some(({ kind }) => kind === "tick");
}

function touchedBy(events: readonly RecordedEvent[]): ReadonlySet<OrderId> {
  const touched = new Set<OrderId>();
  for (const { event } of events) if ("orderId" in event) touched.add(event.orderId);
  return touched;
}
