// An exchange to experiment on: prices stand still unless moved, every answer is held to its
// published shape.
import { shapeProblem } from "./schemas.ts";
import type { ExchangeOptions, RunningExchange } from "../../../src/exchange/serve.ts";
import { startExchange } from "../../../src/exchange/serve.ts";
import { noMishap } from "../../support/no-mishap.ts";

export interface Answer {
  readonly status: number;
  // Bodies differ by route; each test reads what it asserts.
  readonly body: Record<string, unknown>;
  readonly headers: Headers;
}

export const KEYS = { "apca-api-key-id": "lab", "apca-api-secret-key": "secret" };
const STILL_MS = 3_600_000;

export interface Lab {
  readonly running: RunningExchange;
  call(method: string, path: string, body?: unknown, headers?: object): Promise<Answer>;
  control(method: string, path: string, body?: unknown): Promise<Answer>;
  stop(): Promise<void>;
}

async function request(
  url: string,
  method: string,
  body: unknown,
  headers: object,
): Promise<Answer> {
  const response = await fetch(url, {
    method,
    headers: { "content-type": "application/json", ...headers },
    ...(body === undefined ? {} : { body: typeof body === "string" ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  return {
    status: response.status,
    body: text === "" ? null : JSON.parse(text),
    headers: response.headers,
  };
}

export async function openLab(options: Partial<ExchangeOptions> = {}): Promise<Lab> {
  const running = await startExchange({
    port: 0,
    dataDir: null,
    seed: "lab",
    tickMs: STILL_MS,
    rateLimitPerMinute: 1_000_000,
    onMishap: noMishap,
    ...options,
  });
  return {
    running,
    async call(method, path, body, headers = KEYS) {
      const answer = await request(running.url + path, method, body, headers);
      const [bare = ""] = path.split("?");
      const problem = shapeProblem(method, bare, answer.status, answer.body);
      if (problem !== null) {
        throw new Error(
          `${method} ${path} ${answer.status}: ${problem}\n${JSON.stringify(answer.body)}`,
        );
      }
      return answer;
    },
    control: (method, path, body) => request(`${running.url}/control${path}`, method, body, {}),
    stop: () => running.stop(),
  };
}
