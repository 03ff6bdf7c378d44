// What a request's headers ask for besides its body: repeat safely, wait for the outcome.
import type { Envelope } from "../../app/accept.ts";
import { checkedKey } from "../../app/idempotency-key.ts";
import { Problem } from "../../app/problem.ts";
import type { Sender } from "../../app/sender.ts";

const MAX_WAIT_SECONDS = 30;

/** The key bare, or as the structured string of the IETF draft. */
export function idempotencyKeyOf(request: Request): string | null {
  const header = request.headers.get("idempotency-key");
  if (header === null) return null;
  return checkedKey(/^"(.*)"$/.exec(header)?.[1] ?? header, "Idempotency-Key");
}

export interface Asked {
  readonly request: Request;
  readonly sender: Sender;
  readonly traceParent: string | null;
}

export function envelopeOf(asked: Asked, scope: string): Envelope {
  const key = idempotencyKeyOf(asked.request);
  requireKey(asked.sender, key);
  return { sender: asked.sender, scope, key, traceParent: asked.traceParent };
}

export function requireKey(sender: Sender, key: string | null): void {
  if (key !== null || !sender.requiresIdempotency) return;
  throw new Problem(
    "idempotency_key_required",
    "This API key must name each request: send the header Idempotency-Key, or client_signal_id.",
  );
}

/** `Prefer: wait=2` in milliseconds; null when nobody waits. */
export function waitOf(request: Request): number | null {
  const prefer = request.headers.get("prefer");
  if (prefer === null) return null;
  const seconds = /(?:^|[,;\s])wait=(\d{1,5})(?:$|[,;\s])/i.exec(prefer)?.[1];
  return seconds === undefined ? null : Math.min(Number(seconds), MAX_WAIT_SECONDS) * 1_000;
}
