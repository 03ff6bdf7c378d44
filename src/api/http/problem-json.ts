// Problems as RFC 9457 says: the status of each code, and the document that explains it.
import type { Problem, ProblemCode } from "../../app/problem.ts";
import type { Headers } from "./answer.ts";

interface Kind {
  readonly status: number;
  readonly title: string;
}

export const PROBLEMS: Readonly<Record<ProblemCode, Kind>> = {
  malformed_request: { status: 400, title: "The body is not what it says to be" },
  invalid_request: { status: 422, title: "Fields are missing, unknown or wrong" },
  not_set_up: { status: 503, title: "No account is set up yet" },
  unknown_account: { status: 422, title: "There is no such account" },
  unknown_symbol: { status: 422, title: "There is no such instrument" },
  unauthenticated: { status: 401, title: "A key is needed" },
  forbidden: { status: 403, title: "This key may not do that" },
  foreign_host: { status: 421, title: "This host is not the one asked for" },
  foreign_origin: { status: 403, title: "Pages of other sites may not send requests here" },
  not_found: { status: 404, title: "Not found" },
  method_not_allowed: { status: 405, title: "This address takes another method" },
  already_decided: { status: 409, title: "The signal is decided already" },
  already_closed: { status: 409, title: "The order is closed already" },
  difference_changed: { status: 409, title: "Another quantity differs by now" },
  not_allowed_now: { status: 409, title: "Not possible in this state" },
  idempotency_key_required: { status: 400, title: "This key must name its requests" },
  idempotency_mismatch: { status: 422, title: "The idempotency key was used for another request" },
  in_progress: { status: 409, title: "The first request with this key is still being stored" },
  exceeds_key_limit: { status: 403, title: "More than this key may send" },
  refused_by_database: { status: 422, title: "The value makes no sense" },
  too_large: { status: 413, title: "The body is too large" },
  unsupported_media_type: { status: 415, title: "The body must be JSON" },
  rate_limited: { status: 429, title: "Too many requests" },
  overloaded: { status: 503, title: "Too much is waiting" },
  set_aside: { status: 503, title: "The account is set aside until a person has looked" },
  store_unavailable: { status: 503, title: "The database does not answer" },
  commit_unknown: { status: 503, title: "The outcome is not known yet" },
  internal: { status: 500, title: "Something broke" },
};

export interface ProblemDocument {
  readonly type: string;
  readonly title: string;
  readonly status: number;
  readonly code: ProblemCode;
  readonly detail: string;
  readonly instance: string;
  readonly errors?: Problem["fields"];
}

export function problemDocument(problem: Problem, requestId: string): ProblemDocument {
  const { status, title } = PROBLEMS[problem.code];
  return {
    type: `/docs#${problem.code}`,
    title,
    status,
    code: problem.code,
    detail: problem.message,
    instance: `urn:fillstream:request:${requestId}`,
    ...(problem.fields.length === 0 ? {} : { errors: problem.fields }),
  };
}

export function problemAnswer(
  problem: Problem,
  requestId: string,
  headers: Headers = {},
): Response {
  const document = problemDocument(problem, requestId);
  const { retryAfterSeconds } = problem;
  return new Response(JSON.stringify(document), {
    status: document.status,
    headers: {
      "content-type": "application/problem+json; charset=utf-8",
      "cache-control": "no-store",
      "x-content-type-options": "nosniff",
      ...(retryAfterSeconds === null ? {} : { "retry-after": String(retryAfterSeconds) }),
      ...(document.status === 401 ? { "www-authenticate": 'Bearer realm="fillstream"' } : {}),
      ...headers,
    },
  });
}
