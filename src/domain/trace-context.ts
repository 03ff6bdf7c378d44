// W3C trace context as text: which trace a request belongs to, and below which span. It is carried
// along and never looked at by a decision.

const TRACE_PARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})([0-9a-f]{16})-([0-9a-f]{2})$/;

export interface TraceContext {
  readonly traceId: string;
  readonly spanId: string;
  /** Whether whoever began the trace wants it kept. */
  readonly isSampled: boolean;
}

/** Null for anything that is no trace. */
export function parseTraceParent(text: string | null): TraceContext | null {
  const [, traceId, spanId, flags] = TRACE_PARENT.exec(text ?? "") ?? [];
  if (traceId === undefined || spanId === undefined || flags === undefined) return null;
  return { traceId, spanId, isSampled: (Number.parseInt(flags, 16) & 1) === 1 };
}

export function traceParentText({ traceId, spanId, isSampled }: TraceContext): string {
  return `00-${traceId}-${spanId}-${isSampled ? "01" : "00"}`;
}

/** A header as it came in; null when it is no trace. */
export function traceParentOf(header: string | null): string | null {
  return parseTraceParent(header) === null ? null : header;
}

/** What a log line carries, so that it can be found from the trace. */
export function traceFields(traceParent: string | null): { readonly trace_id?: string } {
  const context = parseTraceParent(traceParent);
  return context === null ? {} : { trace_id: context.traceId };
}
