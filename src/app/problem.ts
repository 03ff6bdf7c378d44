// What a request is told when it is refused at the door: a stable code, a sentence, the fields at fault.

/** Every code that a caller can meet. HTTP gives each its status (api/problem-json.ts). */
export const PROBLEM_CODES = [
  "malformed_request",
  "invalid_request",
  "not_set_up",
  "unknown_account",
  "unknown_symbol",
  "unauthenticated",
  "forbidden",
  "foreign_host",
  "foreign_origin",
  "not_found",
  "method_not_allowed",
  "already_decided",
  "already_closed",
  "difference_changed",
  "not_allowed_now",
  "idempotency_key_required",
  "idempotency_mismatch",
  "in_progress",
  "exceeds_key_limit",
  "refused_by_database",
  "too_large",
  "unsupported_media_type",
  "rate_limited",
  "overloaded",
  "set_aside",
  "store_unavailable",
  "commit_unknown",
  "internal",
] as const;
export type ProblemCode = (typeof PROBLEM_CODES)[number];

export interface FieldProblem {
  /** `qty`, `take_profit.limit_price`, `signals[3].symbol`; empty for the body as a whole. */
  readonly field: string;
  readonly message: string;
}

export class Problem extends Error {
  override readonly name = "Problem";
  readonly code: ProblemCode;
  readonly fields: readonly FieldProblem[];
  /** Trying again after this long may help. */
  readonly retryAfterSeconds: number | null;

  constructor(
    code: ProblemCode,
    message: string,
    more: { readonly fields?: readonly FieldProblem[]; readonly retryAfterSeconds?: number } = {},
  ) {
    super(message);
    this.code = code;
    this.fields = more.fields ?? [];
    this.retryAfterSeconds = more.retryAfterSeconds ?? null;
  }
}

export function invalid(field: string, message: string): Problem {
  return new Problem("invalid_request", `${field} ${message}.`, { fields: [{ field, message }] });
}

/** All that is wrong at once. */
export function invalidFields(fields: readonly FieldProblem[]): Problem {
  const sentences = fields.map(({ field, message }) => `${field} ${message}`.trim());
  return new Problem("invalid_request", `${sentences.join("; ")}.`.replace(/\?\.$/, "?"), {
    fields,
  });
}
