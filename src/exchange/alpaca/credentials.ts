// Who calls. Any key pair opens an account of its own, unless one pair was fixed.
import type { IncomingHttpHeaders } from "node:http";
import { timingSafeEqual } from "node:crypto";

export interface KeyPair {
  readonly keyId: string;
  readonly secret: string;
}

const MAX_KEY_LENGTH = 200;
const BEARER = /^Bearer (\S+)$/i;

function header(headers: IncomingHttpHeaders, name: string): string | null {
  const value = headers[name];
  return typeof value === "string" && value !== "" ? value : null;
}

/** The pair in a request's headers; a bearer token stands for a key of its own. */
export function pairFromHeaders(headers: IncomingHttpHeaders): KeyPair | null {
  const keyId = header(headers, "apca-api-key-id");
  const secret = header(headers, "apca-api-secret-key");
  if (keyId !== null && secret !== null) return { keyId, secret };
  const token = BEARER.exec(header(headers, "authorization") ?? "")?.[1];
  return token === undefined ? null : { keyId: `oauth:${token}`, secret: token };
}

function same(left: string, right: string): boolean {
  const [a, b] = [Buffer.from(left), Buffer.from(right)];
  return a.length === b.length && timingSafeEqual(a, b);
}

export class Gatekeeper {
  readonly #only: KeyPair | null;

  constructor(only: KeyPair | null) {
    this.#only = only;
  }

  /** The key to act under, or null when the pair is not accepted. */
  admit(pair: KeyPair | null): string | null {
    if (pair === null || pair.keyId.length > MAX_KEY_LENGTH) return null;
    if (this.#only === null) return pair.keyId;
    const isRight = same(pair.keyId, this.#only.keyId) && same(pair.secret, this.#only.secret);
    return isRight ? pair.keyId : null;
  }
}
