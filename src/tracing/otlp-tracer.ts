// Our own spans to an OpenTelemetry collector, by OTLP over HTTP as JSON. docs/adr/0030-spans.md says
// why no SDK.
import { randomBytes } from "node:crypto";
import { parseTraceParent, traceParentText } from "../domain/trace-context.ts";
import type { Span, SpanStart, Tracer } from "../ports/tracing.ts";
import { otlpBody, type FinishedSpan } from "./otlp-json.ts";
import { SpanQueue, type SpanQueueOptions } from "./span-queue.ts";

export interface OtlpOptions extends Omit<SpanQueueOptions, "send"> {
  /** Without the path: `/v1/traces` is added. */
  readonly endpoint: string;
  /** Sent with every batch; a collector's key may be among them. */
  readonly headers: Readonly<Record<string, string>>;
  /** `fillstream-api`, `fillstream-worker`. */
  readonly service: string;
  readonly version: string;
  /** Of traces that begin here, the share that is kept; one that came in says it itself. */
  readonly share: number;
}

export interface OtlpTracer extends Tracer {
  close(): Promise<void>;
}

export function createOtlpTracer(options: OtlpOptions): OtlpTracer {
  const { monotonic, share } = options;
  const queue = new SpanQueue({ ...options, send: sender(options) });
  const parts = { queue, monotonic, share, offset: wallClock(monotonic) };
  return {
    begin: (start) => beginSpan(start, parts),
    close: () => queue.close(),
  };
}

interface Parts {
  readonly queue: SpanQueue;
  readonly monotonic: () => number;
  readonly share: number;
  readonly offset: () => number;
}

function beginSpan(start: SpanStart, { queue, monotonic, share, offset }: Parts): Span {
  const parent = parseTraceParent(start.parent);
  const traceId = parent?.traceId ?? randomBytes(16).toString("hex");
  const isSampled = parent?.isSampled ?? Math.random() < share;
  const spanId = randomBytes(8).toString("hex");
  const begun = start.at ?? monotonic();
  const { name, kind } = start;
  return {
    traceParent: traceParentText({ traceId, spanId, isSampled }),
    end({ attributes, failure = null, at = monotonic() }) {
      if (!isSampled) return;
      const wall = offset();
      queue.put({
        ...{ traceId, spanId, parentSpanId: parent?.spanId ?? null, name, kind },
        ...{ startedAt: begun + wall, endedAt: at + wall, attributes, failure },
      });
    },
  };
}

const CLOCK_JUMP_MS = 5;

/**
 * What turns the monotonic clock into the time of day. The same for a while, so that a child does not
 * begin before its parent, and taken anew when the two have drifted apart. In mock mode with a clock of
 * its own spans still show the real time.
 */
function wallClock(monotonic: () => number): () => number {
  let kept = Date.now() - monotonic();
  return () => {
    const now = Date.now() - monotonic();
    if (Math.abs(now - kept) > CLOCK_JUMP_MS) kept = now;
    return kept;
  };
}

function sender({ endpoint, headers, service, version }: OtlpOptions) {
  const resource = { "service.name": service, "service.version": version };
  return async (spans: readonly FinishedSpan[], signal: AbortSignal): Promise<void> => {
    const response = await fetch(`${endpoint}/v1/traces`, {
      method: "POST",
      headers: { ...headers, "content-type": "application/json" },
      body: otlpBody(resource, spans),
      redirect: "error",
      signal,
    });
    await response.body?.cancel();
    if (!response.ok) throw new Error(`the collector answered ${response.status}`);
  };
}
