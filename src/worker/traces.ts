// Which trace an order belongs to, as long as this worker remembers: the context that its signal or
// command came with. It lives outside the book, since no decision looks at it; after a restart the
// calls that recovery makes carry none.
import type { Input } from "../domain/book.ts";
import type { RecordedEvent } from "../domain/event.ts";
import type { OrderId } from "../domain/ids.ts";
import type { Tracer } from "../ports/tracing.ts";
import type { AboutOrder } from "./sink.ts";

/** A partition's inputs and what was committed of them. */
export interface CommittedBatch {
  readonly partition: number;
  readonly inputs: readonly Input[];
  readonly events: readonly RecordedEvent[];
  /** By the monotonic clock: when the inputs were taken up, and when the commit was durable. */
  readonly takenAt: number;
  readonly committedAt: number;
}

/** Enough for every order that is open at once, and no leak when orders never end. */
const MAX_REMEMBERED = 20_000;

export class Traces {
  readonly #byOrder = new Map<OrderId, string>();
  readonly #tracer: Tracer | null;
  readonly #capacity: number;

  constructor(tracer: Tracer | null, capacity = MAX_REMEMBERED) {
    this.#tracer = tracer;
    this.#capacity = capacity;
  }

  of(orderId: OrderId): string | null {
    return this.#byOrder.get(orderId) ?? null;
  }

  about(orderId: OrderId | null): AboutOrder | null {
    return orderId === null ? null : { orderId, traceParent: this.of(orderId) };
  }

  committed(batch: CommittedBatch): void {
    this.#learn(batch);
    if (this.#tracer !== null) recordSpans(this.#tracer, batch, this);
  }

  #learn({ inputs, events }: CommittedBatch): void {
    const asked = requestsOf(inputs);
    if (asked.size === 0) return;
    for (const { event, causationId, correlationId } of events) {
      if (event.type !== "OrderPlaced") continue;
      const traceParent = asked.get(causationId ?? "") ?? asked.get(correlationId ?? "");
      if (traceParent !== undefined) this.#remember(event.orderId, traceParent);
    }
  }

  #remember(orderId: OrderId, traceParent: string): void {
    if (this.#byOrder.size >= this.#capacity) {
      const [oldest] = this.#byOrder.keys();
      if (oldest !== undefined) this.#byOrder.delete(oldest);
    }
    this.#byOrder.set(orderId, traceParent);
  }
}

/** The trace of every signal and command that came with one, by its id. */
export function requestsOf(inputs: readonly Input[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  for (const input of inputs) {
    const request = requestIn(input);
    if (request !== null && request.traceParent !== null) {
      found.set(request.id, request.traceParent);
    }
  }
  return found;
}

function requestIn(input: Input) {
  if (input.kind === "signal") return input.signal;
  return input.kind === "command" ? input.command : null;
}

/** A span for each traced request that a batch decided, each answer and each execution that it booked. */
function recordSpans(tracer: Tracer, batch: CommittedBatch, traces: Traces): void {
  for (const input of batch.inputs) {
    const request = requestIn(input);
    if (request !== null) {
      recordSpan(tracer, batch, {
        name: `decide ${input.kind}`,
        parent: request.traceParent,
        attributes: { [`fillstream.${input.kind}_id`]: request.id },
      });
    } else if (input.kind === "outcome") {
      const { kind, orderId, outcome } = input.outcome;
      recordSpan(tracer, batch, {
        name: `answer to ${kind}`,
        parent: traces.of(orderId),
        attributes: { "fillstream.order_id": orderId, "fillstream.result": outcome.result },
      });
    }
  }
  for (const { event } of batch.events) {
    if (event.type !== "OrderExecuted") continue;
    recordSpan(tracer, batch, {
      name: "execution",
      parent: traces.of(event.orderId),
      attributes: { "fillstream.order_id": event.orderId },
    });
  }
}

interface DecidedSpan {
  readonly name: string;
  readonly parent: string | null;
  readonly attributes: Readonly<Record<string, string>>;
}

/** What belongs to no trace begins none here: time that passes is nobody's request. */
function recordSpan(
  tracer: Tracer,
  batch: CommittedBatch,
  { name, parent, attributes }: DecidedSpan,
) {
  if (parent === null) return;
  const { partition, takenAt, committedAt, inputs } = batch;
  const span = tracer.begin({ name, kind: "internal", parent, at: takenAt });
  span.end({
    at: committedAt,
    attributes: {
      ...attributes,
      "fillstream.partition": partition,
      "fillstream.batch_size": inputs.length,
    },
  });
}
