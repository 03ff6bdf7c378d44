// What a request is and what an answer is, once HTTP has been taken off.
import type { Account } from "../core/account.ts";

export interface WireRequest {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly body: string;
  /** Path parameters, percent-decoded. */
  readonly params: Readonly<Record<string, string>>;
  readonly account: Account;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

export interface WireAnswer {
  readonly status: number;
  /** JSON, already text; null for an empty body. */
  readonly body: string | null;
}

export function json(status: number, body: unknown): WireAnswer {
  return { status, body: JSON.stringify(body) };
}

/** For bodies that are JSON text already. */
export function text(status: number, body: string): WireAnswer {
  return { status, body };
}

export const NO_CONTENT: WireAnswer = { status: 204, body: null };

/** Alpaca's error: a code of eight digits, a message, and often the numbers behind it. */
export function wireError(
  status: number,
  code: number,
  message: string,
  extras: Readonly<Record<string, unknown>> = {},
): WireAnswer {
  return json(status, { code, message, ...extras });
}

/** The market data host's errors carry no code. */
export function dataError(status: number, message: string): WireAnswer {
  return json(status, { message });
}

/** Thrown by parsers deep in a handler, answered at the door. */
export class WireFailure extends Error {
  readonly answer: WireAnswer;

  constructor(answer: WireAnswer) {
    super(answer.body ?? "");
    this.answer = answer;
  }
}

export function invalid(message: string): WireFailure {
  return new WireFailure(wireError(422, 40010001, message));
}

export function unprocessable(message: string, extras: Record<string, unknown> = {}): WireFailure {
  return new WireFailure(wireError(422, 42210000, message, extras));
}

export function forbidden(message: string, extras: Record<string, unknown> = {}): WireFailure {
  return new WireFailure(wireError(403, 40310000, message, extras));
}

export function notFound(message: string): WireFailure {
  return new WireFailure(wireError(404, 40410000, message));
}
