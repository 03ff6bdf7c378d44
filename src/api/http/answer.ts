// Answers as text: one place that knows the headers which every answer carries.

const COMMON = {
  "x-content-type-options": "nosniff",
  "cache-control": "no-store",
} as const;

export type Headers = Readonly<Record<string, string>>;

export function answer(status: number, body: unknown, headers: Headers = {}): Response {
  // A plain object and a string keep the server's fast path: no stream, no Headers object.
  return new Response(JSON.stringify(body), {
    status,
    headers: { "content-type": "application/json; charset=utf-8", ...COMMON, ...headers },
  });
}

/** Marks an answer that was given before: nothing was done for it now. */
export function replayHeaders(isReplay: boolean): Headers {
  return isReplay ? { "idempotency-replayed": "true" } : {};
}

export function textAnswer(
  status: number,
  body: string,
  contentType: string,
  headers: Headers = {},
): Response {
  return new Response(body, {
    status,
    headers: { "content-type": contentType, ...COMMON, ...headers },
  });
}

export function emptyAnswer(status: number, headers: Headers = {}): Response {
  return new Response(null, { status, headers: { ...COMMON, ...headers } });
}

/** A page of a listing. */
export function listAnswer(
  rows: readonly unknown[],
  nextCursor: string | null,
  more: Readonly<Record<string, unknown>> = {},
): Response {
  return answer(200, { data: rows, next_cursor: nextCursor, ...more });
}
