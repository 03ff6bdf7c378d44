// Spans reach a collector that is there, and a collector that is not costs nobody anything.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { createOtlpTracer, type OtlpOptions } from "../../../src/tracing/otlp-tracer.ts";
import { spanCollector, type SpanCollector } from "../../support/span-collector.ts";
import { until } from "../../support/fillstream.ts";

const CALLER = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
const NOT_SAMPLED = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-00";

let collector: SpanCollector;
let told: { lost: number; cause: unknown }[];
/** Timers wait until the test lets time pass. */
let timers: Set<() => void>;

beforeEach(async () => {
  collector = await spanCollector();
  told = [];
  timers = new Set();
});
afterEach(() => collector.close());

function tracerOf(options: Partial<OtlpOptions> = {}) {
  return createOtlpTracer({
    endpoint: collector.url,
    headers: { authorization: "Bearer collector-key" },
    service: "fillstream-test",
    version: "1",
    share: 1,
    monotonic: () => performance.now(),
    after(_ms, callback) {
      timers.add(callback);
      return () => timers.delete(callback);
    },
    onLoss: (lost, cause) => told.push({ lost, cause }),
    ...options,
  });
}

function letTimePass(): void {
  const due = [...timers];
  timers.clear();
  for (const callback of due) callback();
}

describe("a span", () => {
  it("arrives in OTLP's own shape, below its parent, with its attributes", async () => {
    const tracer = tracerOf();
    const outer = tracer.begin({ name: "sendSignal", kind: "server", parent: CALLER });
    const inner = tracer.begin({ name: "accept", kind: "internal", parent: outer.traceParent });
    inner.end({ attributes: { "fillstream.count": 1, share: 0.5, replayed: false } });
    outer.end({ attributes: { "http.route": "/x" }, failure: "answered 503" });
    await tracer.close();
    const [second, first] = collector.spans;
    expect(collector.spans).toHaveLength(2);
    expect(first).toMatchObject({
      name: "sendSignal",
      kind: 2,
      service: "fillstream-test",
      traceId: "0af7651916cd43dd8448eb211c80319c",
      parentSpanId: "b7ad6b7169203331",
      status: { code: 2, message: "answered 503" },
    });
    expect(second).toMatchObject({
      name: "accept",
      kind: 1,
      traceId: first?.traceId,
      parentSpanId: first?.spanId,
      status: {},
      attributes: [
        { key: "fillstream.count", value: { intValue: "1" } },
        { key: "share", value: { doubleValue: 0.5 } },
        { key: "replayed", value: { boolValue: false } },
      ],
    });
    expect(BigInt(first?.startTimeUnixNano ?? 0)).toBeLessThanOrEqual(
      BigInt(second?.startTimeUnixNano ?? 0),
    );
    expect(BigInt(second?.endTimeUnixNano ?? 0)).toBeLessThanOrEqual(
      BigInt(first?.endTimeUnixNano ?? 0),
    );
    expect(collector.headers()["authorization"]).toBe("Bearer collector-key");
  });

  it("without a parent begins a trace of its own", async () => {
    const tracer = tracerOf();
    const span = tracer.begin({ name: "sendSignal", kind: "server", parent: null });
    expect(span.traceParent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
    span.end({ attributes: {} });
    await tracer.close();
    expect(collector.spans[0]?.parentSpanId).toBeUndefined();
    expect(span.traceParent).toContain(collector.spans[0]?.traceId ?? "nothing came");
  });

  it("of a trace that its caller does not keep is not sent, and the trace goes on", async () => {
    const tracer = tracerOf();
    const span = tracer.begin({ name: "sendSignal", kind: "server", parent: NOT_SAMPLED });
    span.end({ attributes: {} });
    await tracer.close();
    expect(span.traceParent).toMatch(/^00-0af7651916cd43dd8448eb211c80319c-[0-9a-f]{16}-00$/);
    expect(collector.batches()).toBe(0);
  });

  it("beginning here is kept as often as the share says", async () => {
    const tracer = tracerOf({ share: 0 });
    tracer.begin({ name: "sendSignal", kind: "server", parent: null }).end({ attributes: {} });
    tracer.begin({ name: "sendSignal", kind: "server", parent: CALLER }).end({ attributes: {} });
    await tracer.close();
    expect(collector.spans.map(({ traceId }) => traceId)).toEqual([CALLER.slice(3, 35)]);
  });
});

describe("a collector", () => {
  const one = (tracer: ReturnType<typeof tracerOf>) =>
    tracer.begin({ name: "x", kind: "internal", parent: CALLER }).end({ attributes: {} });

  it("gets what came within a moment as one batch", async () => {
    const tracer = tracerOf();
    for (let count = 0; count < 10; count += 1) one(tracer);
    expect(collector.batches()).toBe(0);
    letTimePass();
    await until(
      () => collector.spans.length === 10,
      () => "the batch did not come",
    );
    expect(collector.batches()).toBe(1);
    await tracer.close();
  });

  it("that refuses loses the batch, which is told once", async () => {
    collector.answerWith(503);
    const tracer = tracerOf();
    for (let round = 1; round <= 3; round += 1) {
      one(tracer);
      // A span that comes while an answer is on its way waits for the next time.
      await until(
        () => {
          letTimePass();
          return collector.batches() === round;
        },
        () => "not asked",
      );
    }
    await until(
      () => told.length > 0,
      () => "nobody was told",
    );
    collector.answerWith(200);
    one(tracer);
    await tracer.close();
    expect(told.map(({ lost }) => lost)).toEqual([1]);
    expect(collector.spans).toHaveLength(1);
  });

  it("that never answers fills a queue with an end, and does not hold up the end of the process", async () => {
    collector.answerWith(null);
    const tracer = tracerOf({ maxQueued: 1_000 });
    for (let count = 0; count < 5_000; count += 1) one(tracer);
    expect(told[0]?.lost).toBe(1);
    const closing = tracer.close();
    letTimePass();
    await closing;
    expect(collector.spans).toHaveLength(0);
  });

  it("that is not there is no error of whoever records a span", async () => {
    await collector.close();
    const tracer = tracerOf();
    one(tracer);
    await tracer.close();
    expect(told).toHaveLength(1);
    collector = await spanCollector();
  });
});
