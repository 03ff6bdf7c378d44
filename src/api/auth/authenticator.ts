// Who sends a request: nobody in particular on one's own machine, the holder of a key or of a token
// everywhere else. Deny by default.
import { Problem } from "../../app/problem.ts";
import { LOCAL_SENDER, type Sender } from "../../app/sender.ts";
import { requireOwnHost, requireSameOrigin, type HostRules } from "./hosts.ts";
import type { KeyCache } from "./key-cache.ts";

export interface TokenVerifier {
  verify(token: string): Promise<Sender>;
  /** Of a token that was verified before: its issuer need not be there. */
  isOver(token: string, now: number): Promise<boolean>;
}

export interface Authenticator {
  /** Answers at once where no key is needed: the hot path does not wait for nothing. */
  authenticate(request: Request): Sender | Promise<Sender>;
  /** For senders that can set no header: the key came another way. */
  withToken(request: Request, token: string): Sender | Promise<Sender>;
  /** Asked while a connection stays open. Where nobody can say, it holds: the record may be away. */
  stillHolds(request: Request, now: number): Promise<boolean>;
}

export function withoutKeys(rules: HostRules): Authenticator {
  const authenticate = (request: Request): Sender => {
    requireOwnHost(request, rules);
    return LOCAL_SENDER;
  };
  return { authenticate, withToken: authenticate, stillHolds: () => Promise.resolve(true) };
}

const BEARER = /^Bearer +([^\s]+)$/i;
const JWT = /^[\w-]+\.[\w-]+\.[\w-]+$/;
const SESSION = /(?:^|;\s*)(?:__Host-)?fillstream_session=([^;\s]+)/;
const SAFE_METHODS = new Set(["GET", "HEAD", "OPTIONS"]);

export function withKeys(keys: KeyCache, tokens: TokenVerifier | null): Authenticator {
  return {
    authenticate(request) {
      const secret = secretOf(request);
      if (secret === null) {
        throw new Problem(
          "unauthenticated",
          "Send an API key, as `Authorization: Bearer …` or `X-API-Key: …`.",
        );
      }
      if (tokens !== null && JWT.test(secret)) return tokens.verify(secret);
      return keys.sender(secret);
    },
    withToken: (_request, token) => keys.sender(token),
    async stillHolds(request, now) {
      const secret = secretOf(request);
      if (secret === null) return false;
      if (tokens !== null && JWT.test(secret)) return !(await tokens.isOver(secret, now));
      const failed = await keys.sender(secret).then(
        () => null,
        (error: unknown) => error,
      );
      return !(failed instanceof Problem && failed.code === "unauthenticated");
    },
  };
}

function secretOf(request: Request): string | null {
  const { headers } = request;
  const bearer = BEARER.exec(headers.get("authorization") ?? "")?.[1];
  const named = bearer ?? headers.get("x-api-key");
  if (named !== null) return named;
  const session = SESSION.exec(headers.get("cookie") ?? "")?.[1];
  if (session === undefined) return null;
  // A browser sends the cookie along for any page; only pages of ours may change something with it.
  if (!SAFE_METHODS.has(request.method)) {
    requireSameOrigin(request, headers.get("host") ?? new URL(request.url).host);
  }
  return session;
}
