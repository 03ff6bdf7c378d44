// The load, as a process: posts signals at a fixed pace, whether or not earlier ones were answered.
// The clock of each signal starts when it should have been sent.
import { Agent, request } from "node:http";
import { wallMs } from "./wall.ts";

export interface LoadOrder {
  readonly url: string;
  readonly path: string;
  readonly perSecond: number;
  readonly count: number;
  readonly prefix: string;
  readonly symbols: readonly string[];
  /** Named in turn; none is named when there are none. */
  readonly accounts: readonly string[];
  /** The same symbol comes with another quantity each time, so that the ledger alone tells signals apart. */
  readonly distinct: boolean;
  /** Sends a signal that was not taken again, as a client does, until it is this old; 0 never does. */
  readonly retryForMs: number;
}
export interface LoadResult {
  /** By signal: when it should have been sent, and how long its answer took from then; -1 is a failure. */
  readonly intended: readonly number[];
  readonly answered: readonly number[];
  readonly firstFailure: string | null;
}

const RETRY_EVERY_MS = 250;
/** A client that repeats gives up sooner than one that asks once. */
const [PATIENT_MS, TIMEOUT_MS] = [60_000, 5_000];
const agent = new Agent({ keepAlive: true, maxSockets: 256, scheduling: "lifo" });

/** Which symbol and quantity signal `index` of a distinct load has: no two are the same. */
export function contentOf(order: Pick<LoadOrder, "symbols" | "distinct">, index: number) {
  const { symbols, distinct } = order;
  const qty = distinct ? 1 + Math.floor(index / symbols.length) : 1;
  return { symbol: symbols[index % symbols.length] ?? "", qty: String(qty) };
}

/** Null when it was taken, otherwise why not. */
function post({ url, path, retryForMs }: LoadOrder, body: string): Promise<string | null> {
  const { hostname, port } = new URL(url);
  const headers = { "content-type": "application/json", "content-length": body.length };
  const options = { agent, hostname, port, path, method: "POST", headers };
  const timeout = retryForMs === 0 ? PATIENT_MS : TIMEOUT_MS;
  return new Promise((resolve) => {
    const call = request({ ...options, timeout }, (answer) => {
      let text = "";
      answer.on("data", (chunk: Buffer) => (text += chunk.toString("utf8")));
      answer.on("error", (error) => resolve(error.message));
      answer.on("end", () => {
        resolve((answer.statusCode ?? 500) < 300 ? null : `${answer.statusCode}: ${text}`);
      });
    });
    call.on("timeout", () => call.destroy(new Error("no answer in time")));
    call.on("error", (error) => resolve(error.message));
    call.end(body);
  });
}

function run(order: LoadOrder): Promise<LoadResult> {
  const { count, prefix, accounts, retryForMs } = order;
  const intended: number[] = [];
  const answered: number[] = Array.from({ length: count }, () => -1);
  const start = wallMs() + 20;
  let sent = 0;
  let open = count;
  let firstFailure: string | null = null;
  return new Promise((resolve) => {
    const send = async (index: number, at: number): Promise<void> => {
      const account = accounts[index % Math.max(1, accounts.length)];
      const body = JSON.stringify({
        ...{ ...contentOf(order, index), side: "buy", account },
        client_signal_id: `${prefix}-${index}`,
      });
      let failure = await post(order, body);
      while (failure !== null && wallMs() - at < retryForMs) {
        await new Promise((later) => setTimeout(later, RETRY_EVERY_MS));
        failure = await post(order, body);
      }
      if (failure === null) answered[index] = wallMs() - at;
      else firstFailure ??= failure;
      open -= 1;
      if (open === 0) resolve({ intended, answered, firstFailure });
    };
    const tick = (): void => {
      const now = wallMs();
      while (sent < count) {
        const at = start + (sent * 1000) / order.perSecond;
        if (at > now) break;
        intended.push(at);
        void send(sent, at);
        sent += 1;
      }
      if (sent < count) setTimeout(tick, 1);
    };
    tick();
  });
}

/** Not when another file imports `contentOf`. */
if (process.argv[1] === import.meta.filename) {
  process.on("message", (order: LoadOrder) => {
    void run(order).then((result) => process.send?.(result));
  });
  process.on("disconnect", () => process.exit(0));
  process.send?.({ ready: true });
}
