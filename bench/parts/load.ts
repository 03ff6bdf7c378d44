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
}
export interface LoadResult {
  /** By signal: when it should have been sent, and how long its answer took from then; -1 is a failure. */
  readonly intended: readonly number[];
  readonly answered: readonly number[];
  readonly firstFailure: string | null;
}

const agent = new Agent({ keepAlive: true, maxSockets: 256, scheduling: "lifo" });

function run(order: LoadOrder): Promise<LoadResult> {
  const { url, path, count, prefix, symbols } = order;
  const { hostname, port } = new URL(url);
  const intended: number[] = [];
  const answered: number[] = Array.from({ length: count }, () => -1);
  const start = wallMs() + 20;
  let sent = 0;
  let open = count;
  let firstFailure: string | null = null;
  return new Promise((resolve) => {
    const done = (): void => {
      open -= 1;
      if (open === 0) resolve({ intended, answered, firstFailure });
    };
    const send = (index: number, at: number): void => {
      const body = JSON.stringify({
        ...{ symbol: symbols[index % symbols.length], side: "buy", qty: "1" },
        client_signal_id: `${prefix}-${index}`,
      });
      const headers = { "content-type": "application/json", "content-length": body.length };
      const call = request({ agent, hostname, port, path, method: "POST", headers }, (answer) => {
        const good = (answer.statusCode ?? 500) < 300;
        let text = "";
        if (good) answer.resume();
        else answer.on("data", (chunk: Buffer) => (text += chunk.toString("utf8")));
        answer.on("end", () => {
          if (good) answered[index] = wallMs() - at;
          else firstFailure ??= `${answer.statusCode}: ${text}`;
          done();
        });
      });
      call.on("error", (error) => {
        firstFailure ??= error.message;
        done();
      });
      call.end(body);
    };
    const tick = (): void => {
      const now = wallMs();
      while (sent < count) {
        const at = start + (sent * 1000) / order.perSecond;
        if (at > now) break;
        intended.push(at);
        send(sent, at);
        sent += 1;
      }
      if (sent < count) setTimeout(tick, 1);
    };
    tick();
  });
}

process.on("message", (order: LoadOrder) => {
  void run(order).then((result) => process.send?.(result));
});
process.on("disconnect", () => process.exit(0));
process.send?.({ ready: true });
