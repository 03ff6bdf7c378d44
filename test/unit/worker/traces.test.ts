// An order belongs to the trace that its signal came with, also long after the signal was decided.
import { describe, expect, it } from "vitest";
import type { Input } from "../../../src/domain/book.ts";
import type { DomainEvent, RecordedEvent } from "../../../src/domain/event.ts";
import { asId, type AccountId, type OrderId } from "../../../src/domain/ids.ts";
import type { SpanStart, Tracer } from "../../../src/ports/tracing.ts";
import { Traces, type CommittedBatch } from "../../../src/worker/traces.ts";

const TRACE = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
const order = (name: string) => asId<OrderId>(name);

// Of a signal only its id and trace count here.
const signal = (id: string, traceParent: string | null) =>
  ({ kind: "signal", signal: { id, traceParent } }) as unknown as Input;
const outcome = (orderId: string) =>
  ({
    kind: "outcome",
    outcome: { kind: "submit", orderId, outcome: { result: "accepted" } },
  }) as unknown as Input;

const recorded = (event: unknown, correlationId: string): RecordedEvent => ({
  accountId: asId<AccountId>("main"),
  at: 0,
  actor: "bot",
  correlationId,
  causationId: correlationId,
  event: event as DomainEvent,
});
const placed = (orderId: string, signalId: string) =>
  recorded({ type: "OrderPlaced", orderId }, signalId);

const batch = (inputs: Input[], events: RecordedEvent[]): CommittedBatch => ({
  ...{ partition: 0, inputs, events, takenAt: 1, committedAt: 2 },
});

describe("a trace", () => {
  it("is remembered for every order that its signal placed", () => {
    const traces = new Traces(null);
    const events = [placed("o1", "s1"), placed("o2", "s1"), placed("o3", "s2")];
    traces.committed(batch([signal("s1", TRACE), signal("s2", null)], events));
    expect([traces.of(order("o1")), traces.of(order("o2"))]).toEqual([TRACE, TRACE]);
    expect(traces.of(order("o3"))).toBeNull();
    expect(traces.about(order("o1"))).toEqual({ orderId: "o1", traceParent: TRACE });
  });

  it("is forgotten in the order in which it came, and no more are kept than there is room for", () => {
    const traces = new Traces(null, 2);
    for (const n of [1, 2, 3])
      traces.committed(batch([signal(`s${n}`, TRACE)], [placed(`o${n}`, `s${n}`)]));
    expect([1, 2, 3].map((n) => traces.of(order(`o${n}`)))).toEqual([null, TRACE, TRACE]);
  });
});

describe("spans of a batch", () => {
  it("are the decision of each traced signal, each answer and each execution, below its trace", () => {
    const begun: SpanStart[] = [];
    const tracer: Tracer = {
      begin(start) {
        begun.push(start);
        return { traceParent: TRACE, end: () => undefined };
      },
    };
    const traces = new Traces(tracer);
    traces.committed(
      batch([signal("s1", TRACE), signal("s2", null)], [placed("o1", "s1"), placed("o2", "s2")]),
    );
    const filled = (id: string) => recorded({ type: "OrderExecuted", orderId: id }, "s1");
    traces.committed(batch([outcome("o1"), outcome("o2")], [filled("o1"), filled("o2")]));
    expect(begun).toEqual(
      ["decide signal", "answer to submit", "execution"].map((name) => ({
        ...{ name, kind: "internal", parent: TRACE, at: 1 },
      })),
    );
  });
});
