// Spans: how long each part of a request took, for a collector that somebody runs. Off unless one is
// configured; whoever records a span goes on whatever becomes of it.

export type SpanKind = "server" | "internal" | "client";
export type SpanAttributes = Readonly<Record<string, string | number | boolean>>;

export interface SpanStart {
  readonly name: string;
  readonly kind: SpanKind;
  /** The trace context that it stands below, as W3C writes it; null begins a trace. */
  readonly parent: string | null;
  /** By the monotonic clock, in milliseconds; now when it is left out. */
  readonly at?: number;
}

export interface SpanEnd {
  /** Names and numbers of ours only: never a header, a body, or an address as it was asked for. */
  readonly attributes: SpanAttributes;
  /** Why it failed; left out when it did not. */
  readonly failure?: string;
  readonly at?: number;
}

export interface Span {
  /** What goes along to whatever happens below it. */
  readonly traceParent: string;
  end(how: SpanEnd): void;
}

export interface Tracer {
  begin(start: SpanStart): Span;
}
