// Waits until the API says that everything is ready.
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

async function answersOk(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { signal: AbortSignal.timeout(2_000) });
    await response.body?.cancel();
    return response.ok;
  } catch {
    return false;
  }
}
