// Waits until the API says that everything is ready.
import { get } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import type { Config } from "../../config.ts";
import { OperatorError } from "../../operator-error.ts";

const TIMEOUT_MS = 120_000;

export async function becomesReady(config: Config, signal: AbortSignal): Promise<void> {
  const url = `${homeAddress(config)}/api/health/ready`;
  const end = performance.now() + TIMEOUT_MS;
  while (performance.now() < end) {
    signal.throwIfAborted();
    if (await answersOk(url)) return;
    await sleep(25);
  }
  throw new OperatorError(`Fillstream did not become ready in time: ${url} says why.`);
}

/** Where a browser on this machine finds the API. */
export function homeAddress({ host, port }: Config): string {
  const reachable = host === "0.0.0.0" || host === "::" ? "127.0.0.1" : host;
  return `http://${reachable.includes(":") ? `[${reachable}]` : reachable}:${port}`;
}

/** Not by fetch, which would take 12 MB that this process then keeps. */
function answersOk(url: string): Promise<boolean> {
  return new Promise((resolve) => {
    const asked = get(url, { timeout: 2_000, agent: false }, (response) => {
      response.resume();
      resolve(response.statusCode === 200);
    });
    asked.once("timeout", () => asked.destroy());
    asked.once("error", () => resolve(false));
  });
}
