// Sends one notice: signed, bounded in time, never redirected, never to a private address unless
// that is allowed.
import { createHmac } from "node:crypto";
import { request as httpRequest, type RequestOptions } from "node:http";
import { request as httpsRequest } from "node:https";
import { isIP } from "node:net";
import { holdsControl } from "../../app/fields.ts";
import { isPrivateAddress, PrivateAddress, publicLookup } from "./private-address.ts";

export interface Sending {
  readonly url: string;
  readonly secret: string;
  readonly body: string;
  readonly kind: string;
  /** The same for every attempt: the receiver recognises a repetition by it. */
  readonly deliveryId: string;
  readonly at: number;
}

export interface Sent {
  /** Null when there was no answer. */
  readonly status: number | null;
  readonly error: string | null;
}

export interface SendOptions {
  readonly allowPrivate: boolean;
  readonly timeoutMs: number;
}

export const USUAL_SEND: SendOptions = { allowPrivate: false, timeoutMs: 5_000 };

/** `t=…,v1=…`: the time is signed with the body, so that an old request cannot be sent again. */
export function signatureOf(secret: string, at: number, body: string): string {
  const seconds = Math.floor(at / 1_000);
  const mac = createHmac("sha256", secret).update(`${seconds}.${body}`).digest("hex");
  return `t=${seconds},v1=${mac}`;
}

/** Why an address cannot be one of a webhook; null when it can. */
export function urlProblem(url: string, allowPrivate: boolean): string | null {
  if (holdsControl(url)) return "must not hold control characters";
  if (!URL.canParse(url)) return "must be an address such as https://example.com/hook";
  const { protocol, hostname, username, password } = new URL(url);
  if (username !== "" || password !== "") return "must not hold a user name or password";
  if (protocol !== "https:" && !(allowPrivate && protocol === "http:")) return "must be https";
  const host = hostname.replace(/^\[|\]$/g, "");
  const isPrivate = isIP(host) !== 0 ? isPrivateAddress(host) : LOCAL_NAME.test(host);
  return isPrivate && !allowPrivate ? "must not be a private address" : null;
}

const LOCAL_NAME = /^(localhost|.*\.localhost|.*\.local|.*\.internal)\.?$/i;

export function send(sending: Sending, options: SendOptions): Promise<Sent> {
  const problem = urlProblem(sending.url, options.allowPrivate);
  if (problem !== null) return Promise.resolve({ status: null, error: `the address ${problem}` });
  return new Promise((resolve) => {
    const { url, body } = sending;
    const signal = AbortSignal.timeout(options.timeoutMs);
    const ask = url.startsWith("https:") ? httpsRequest : httpRequest;
    const request = ask(url, { ...requestOptions(sending, options), signal }, (response) => {
      // What the other end says is not ours to keep; only that it took it.
      response.resume();
      const status = response.statusCode ?? null;
      const isGood = status !== null && status >= 200 && status < 300;
      resolve({ status, error: isGood ? null : `it answered ${status}` });
    });
    request.on("error", (error) => {
      const timedOut = signal.aborted ? "it did not answer in time" : null;
      const isPrivate = error instanceof PrivateAddress;
      resolve({ status: null, error: timedOut ?? (isPrivate ? error.message : codeOf(error)) });
    });
    request.end(body);
  });
}

function requestOptions(sending: Sending, { allowPrivate }: SendOptions): RequestOptions {
  const { secret, body, kind, deliveryId, at } = sending;
  return {
    method: "POST",
    headers: {
      "content-type": "application/json",
      "content-length": Buffer.byteLength(body),
      "user-agent": "Fillstream",
      "fillstream-notice": kind,
      "fillstream-delivery": deliveryId,
      "fillstream-signature": signatureOf(secret, at, body),
    },
    ...(allowPrivate ? {} : { lookup: publicLookup }),
  };
}

/** A code where there is one: messages of the network name addresses that are nobody's business. */
function codeOf(error: Error): string {
  return "code" in error && typeof error.code === "string" ? error.code : error.name;
}
