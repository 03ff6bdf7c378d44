// What an answer of Alpaca means, by its status and code. The one question that matters most: can the
// request have had an effect? Where that is not known for certain, the outcome is `unresolved`.
import { BrokerRefusesCredentials, BrokerUnavailable } from "../../ports/broker.ts";
import { errorSchema } from "./schema.ts";
import type { WireAnswer } from "./wire.ts";

/** Codes that mean: refused, and nothing was done. Any other code has yet to be learned. */
const REFUSALS: ReadonlySet<number> = new Set([
  40010000, // the body cannot be read
  40010001, // a field is wrong
  40310000, // not allowed to this account now: buying power, quantity, permissions, wash trade
  40310001,
  40310100, // the pattern day trader rule, gone since July 2026
  40410000, // no such order, asset, position
  42210000, // the order breaks a rule, or is past the state that the request needs
  42210001, // the same, from Alpaca's newer services
]);
const NOT_FOUND = 40410000;
const AUTHENTICATION = 40110000;

/** Alpaca gives it the general code 40010001, so that only the words tell it apart. */
const DUPLICATE_WORDS = "client_order_id must be unique";
const PENDING_CANCEL_WORDS = "pending cancel";

export type Fault =
  | { readonly kind: "refused"; readonly code: string; readonly message: string }
  | { readonly kind: "duplicate" }
  | { readonly kind: "cancel_pending" }
  | { readonly kind: "not_found"; readonly message: string }
  | { readonly kind: "rate_limited" }
  | { readonly kind: "credentials"; readonly message: string }
  /** The broker could not finish it, or nobody knows. `alarm`: in a way we have not met. */
  | { readonly kind: "unclear"; readonly cause: string; readonly alarm: boolean };

export function faultOf(status: number, body: string): Fault {
  const { code, message } = readError(body);
  const words = `${status}${code === null ? "" : ` ${code}`} ${message}`.trim();
  if (status === 429) return { kind: "rate_limited" };
  if (status === 408 || status >= 500) return { kind: "unclear", cause: words, alarm: false };
  // The gateway's own 403 has no code: the request never came as far as the orders.
  if (status === 401 || code === AUTHENTICATION || (status === 403 && code === null)) {
    return { kind: "credentials", message: words };
  }
  if (status < 400 || code === null || !REFUSALS.has(code)) {
    return { kind: "unclear", cause: words, alarm: true };
  }
  if (message.includes(DUPLICATE_WORDS)) return { kind: "duplicate" };
  if (message.includes(PENDING_CANCEL_WORDS)) return { kind: "cancel_pending" };
  if (code === NOT_FOUND) return { kind: "not_found", message };
  return { kind: "refused", code: String(code), message };
}

function readError(body: string): { readonly code: number | null; readonly message: string } {
  const parsed = errorSchema.safeParse(parseJson(body));
  if (!parsed.success) return { code: null, message: excerpt(body) };
  const { code, message, ...numbers } = parsed.data;
  return { code, message: (message ?? excerpt(body)) + inWords(numbers) };
}

/** `{"buying_power":"5"}` becomes ` (buying_power 5)`: a refusal is told with its numbers. */
function inWords(numbers: Readonly<Record<string, unknown>>): string {
  const said = Object.entries(numbers)
    .filter(([, value]) => typeof value === "string" || typeof value === "number")
    .map(([name, value]) => `${name} ${String(value).slice(0, 100)}`);
  return said.length === 0 ? "" : ` (${said.slice(0, 8).join(", ")})`;
}

/** A proxy's page of HTML is no message for a person. */
function excerpt(body: string): string {
  return body.replace(/\s+/g, " ").trim().slice(0, 200);
}

export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** For reads: the body of a good answer, or the fault as the exception that the port names. */
export function bodyOrThrow(answer: WireAnswer, what: string): string {
  if (answer.kind === "failure") throw new BrokerUnavailable(`${what}: ${answer.cause}`);
  if (answer.status >= 200 && answer.status < 300) return answer.body;
  throw readFault(faultOf(answer.status, answer.body), what);
}

export function readFault(fault: Fault, what: string): Error {
  switch (fault.kind) {
    case "credentials":
      return new BrokerRefusesCredentials(`${what}: ${fault.message}`);
    case "rate_limited":
      return new BrokerUnavailable(`${what}: over the rate limit`);
    case "unclear":
      return new BrokerUnavailable(`${what}: ${fault.cause}`);
    case "refused":
    case "not_found":
      return new BrokerUnavailable(`${what}: ${fault.message}`);
    case "duplicate":
    case "cancel_pending":
      return new BrokerUnavailable(`${what}: ${fault.kind}`);
  }
}
