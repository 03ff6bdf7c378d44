// One way to ask the API: JSON in and out, a deadline, and two kinds of failure, since they call for
// different words: it answered no, or nobody answered.
import { signal } from "@preact/signals";
import type { ProblemBody } from "./answers.ts";

export const BASE = "/api/v1/trading";
const DEADLINE_MS = 8_000;

/** The API answered and refused. */
export class Refused extends Error {
  override readonly name = "Refused";
  readonly status: number;
  readonly code: string;
  readonly fields: NonNullable<ProblemBody["errors"]>;

  constructor(status: number, problem: Partial<ProblemBody>) {
    super(problem.detail ?? `The API answered ${status}.`);
    this.status = status;
    this.code = problem.code ?? "unknown";
    this.fields = problem.errors ?? [];
  }
}

/** Nobody answered: whether a change was made is not known. */
export class Unreachable extends Error {
  override readonly name = "Unreachable";
}

/** True once the API asked for a key: the page then shows its sign-in and nothing else. */
export const signInNeeded = signal(false);

export interface Ask {
  readonly method?: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  readonly body?: unknown;
  readonly headers?: Readonly<Record<string, string>>;
  readonly deadlineMs?: number;
}

export async function ask<Answer>(path: string, given: Ask = {}): Promise<Answer> {
  const { method = "GET", body, headers = {}, deadlineMs = DEADLINE_MS } = given;
  const response = await send(path, {
    method,
    headers: { ...headers, ...(body === undefined ? {} : { "content-type": "application/json" }) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    signal: AbortSignal.timeout(deadlineMs),
  });
  const answer: unknown = response.status === 204 ? null : await readJson(response);
  if (response.ok) {
    // The types are the API's own, checked against its schemas by its tests.
    return answer as Answer;
  }
  if (response.status === 401) signInNeeded.value = true;
  throw new Refused(response.status, (answer ?? {}) as Partial<ProblemBody>);
}

/** A change: named, so that pressing twice or asking again after a lost answer changes once. */
export function change<Answer>(path: string, given: Ask & { readonly key?: string }) {
  const { key = crypto.randomUUID(), headers = {}, ...rest } = given;
  return ask<Answer>(path, { ...rest, headers: { ...headers, "idempotency-key": key } });
}

export function send(path: string, init: RequestInit): Promise<Response> {
  return fetch(path, { credentials: "same-origin", cache: "no-store", ...init }).catch(
    (error: unknown) => {
      throw new Unreachable("The API does not answer.", { cause: error });
    },
  );
}

async function readJson(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch (error: unknown) {
    if (error instanceof SyntaxError) return null;
    throw new Unreachable("The API stopped in the middle of its answer.", { cause: error });
  }
}

export function inWords(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
