// JSON web tokens as the alternative to keys: signed with a shared secret, or by keys at a JWKS address.
import type { JWTPayload, JWTVerifyGetKey, JWTVerifyOptions } from "jose";
import { Problem } from "../../app/problem.ts";
import { ROLES, type Role, type Sender } from "../../app/sender.ts";
import { Decimal } from "../../domain/decimal.ts";
import type { TokenVerifier } from "./authenticator.ts";

export interface JwtSettings {
  readonly key: { readonly secret: string } | { readonly jwksUrl: string };
  readonly issuer: string | null;
  readonly audience: string | null;
}

/** RFC 7518 asks for a key as long as the hash. */
export const MIN_SECRET_BYTES = 32;
const CLOCK_TOLERANCE_SECONDS = 5;

export function jwtVerifier({ key, issuer, audience }: JwtSettings): TokenVerifier {
  // The algorithm is ours to choose, never the token's: `none` and a public key used as a secret fail.
  const options: JWTVerifyOptions = {
    algorithms: "secret" in key ? ["HS256"] : ["EdDSA", "ES256", "RS256", "PS256"],
    requiredClaims: ["exp", "sub"],
    clockTolerance: CLOCK_TOLERANCE_SECONDS,
    ...(issuer === null ? {} : { issuer }),
    ...(audience === null ? {} : { audience }),
  };
  const check = checker(key, options);
  return {
    async verify(token) {
      const payload = await check(token).catch(() => null);
      const sender = payload === null ? null : senderOfClaims(payload);
      if (sender === null) throw new Problem("unauthenticated", "This token is not valid.");
      return sender;
    },
    async isOver(token, now) {
      const { decodeJwt } = await import("jose");
      const { exp } = decodeJwt(token);
      return exp === undefined || now >= (exp + CLOCK_TOLERANCE_SECONDS) * 1_000;
    },
  };
}

/** The library is loaded by the first token: most deployments never see one. */
function checker(
  key: JwtSettings["key"],
  options: JWTVerifyOptions,
): (token: string) => Promise<JWTPayload> {
  if ("secret" in key) {
    const secret = new TextEncoder().encode(key.secret);
    if (secret.byteLength < MIN_SECRET_BYTES) {
      throw new RangeError(`a secret for tokens needs at least ${MIN_SECRET_BYTES} bytes`);
    }
    return async (token) => {
      const { jwtVerify } = await import("jose");
      return (await jwtVerify(token, secret, options)).payload;
    };
  }
  const url = new URL(key.jwksUrl);
  let keys: JWTVerifyGetKey | null = null;
  return async (token) => {
    const { createRemoteJWKSet, jwtVerify } = await import("jose");
    keys ??= createRemoteJWKSet(url);
    return (await jwtVerify(token, keys, options)).payload;
  };
}

/** A claim that is there and malformed refuses the token: a scope must not vanish by a typo. */
function senderOfClaims(payload: JWTPayload): Sender | null {
  const role = ROLES.find((each) => each === payload["role"]);
  if (role === undefined || payload.sub === undefined) return null;
  try {
    return senderWith(role, payload);
  } catch {
    return null;
  }
}

function senderWith(role: Role, payload: JWTPayload): Sender {
  const cap = payload["max_notional"];
  return {
    actor: `jwt:${payload.sub?.slice(0, 100)}`,
    role,
    accounts: names(payload["accounts"]),
    strategies: names(payload["strategies"]),
    symbols: names(payload["symbols"], (symbol) => symbol.toUpperCase()),
    maxNotional: cap === undefined ? null : amount(cap),
    requiresIdempotency: payload["require_idempotency"] === true,
  };
}

/** Text only: a JSON number has been through a binary float by the time we see it. */
function amount(claim: unknown): Decimal {
  if (typeof claim !== "string") throw new TypeError("an amount is text");
  return Decimal.of(claim);
}

function names(
  claim: unknown,
  form: (name: string) => string = (name) => name,
): ReadonlySet<string> | null {
  if (claim === undefined) return null;
  if (!Array.isArray(claim) || !claim.every((each) => typeof each === "string")) {
    throw new TypeError("a scope is a list of names");
  }
  return new Set(claim.map(form));
}
