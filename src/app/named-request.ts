// The name of a request that is not accepted into a lane but carried out at once: the same key, the same
// sender and the same canonical text as everywhere.
import type { NamedRequest } from "../ports/named-request.ts";
import { keyScopeOf, type Envelope } from "./accept.ts";
import { fingerprintOf } from "./fingerprint.ts";

/** Null for a request without a key: it is carried out as often as it is sent. */
export function namedRequest(
  envelope: Envelope,
  fields: Readonly<Record<string, unknown>>,
): NamedRequest | null {
  const { key } = envelope;
  if (key === null) return null;
  return { scope: keyScopeOf(envelope), key, fingerprint: fingerprintOf(fields) };
}
