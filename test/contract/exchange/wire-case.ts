// A wire case: a request, perhaps after others, and the status, code and body it must get. Every case
// has a key pair, and so an account, of its own; prices stand still.
import { expect } from "vitest";
import type { Answer, Lab } from "./lab.ts";
import { openLab } from "./lab.ts";

export type Request = readonly [method: string, path: string, body?: unknown];

export interface WireCase {
  readonly name: string;
  /** Sent first; `{0}` in later paths and bodies is the id that the first of them answered with. */
  readonly given?: readonly Request[];
  readonly send: Request;
  readonly status: number;
  readonly code?: number;
  readonly message?: string;
  /** Must be contained in the answer. */
  readonly has?: unknown;
}

export const PRICES = {
  AAPL: { bid: "200.00", ask: "200.02", last: "200.01", bid_size: "500", ask_size: "500" },
  MSFT: { bid: "500.00", ask: "500.10", last: "500.05", bid_size: "500", ask_size: "500" },
  F: { bid: "11.99", ask: "12.00", last: "12.00", bid_size: "100000", ask_size: "100000" },
  MULN: { bid: "0.2100", ask: "0.2101", last: "0.2100", bid_size: "9000", ask_size: "9000" },
  "BTC/USD": { bid: "60000", ask: "60010", last: "60000", bid_size: "5", ask_size: "5" },
  "ETH/USD": { bid: "3000", ask: "3001", last: "3000", bid_size: "50", ask_size: "50" },
  "BTC/USDT": { bid: "60000", ask: "60010", last: "60000", bid_size: "5", ask_size: "5" },
};

export async function openWireLab(): Promise<Lab> {
  const lab = await openLab();
  await lab.control("POST", "/prices", PRICES);
  return lab;
}

function fill(value: unknown, ids: readonly string[]): unknown {
  if (value === undefined) return undefined;
  const text = JSON.stringify(value).replace(/\{(\d)\}/g, (_, index) => ids[Number(index)] ?? "?");
  return JSON.parse(text);
}

export async function runCase(lab: Lab, one: WireCase): Promise<Answer> {
  const headers = { "apca-api-key-id": one.name, "apca-api-secret-key": "s" };
  const ids: string[] = [];
  const send = async ([method, path, body]: Request): Promise<Answer> => {
    const target = String(fill(path, ids));
    // Text is sent as it is: that is how malformed JSON gets in.
    const filled = typeof body === "string" ? body : fill(body, ids);
    return lab.call(method, target, filled, headers);
  };
  for (const step of one.given ?? []) {
    const { status, body } = await send(step);
    expect(status, `${step[0]} ${step[1]}: ${JSON.stringify(body)}`).toBeLessThan(300);
    ids.push(String(body?.id ?? ""));
  }
  const answer = await send(one.send);
  const said = JSON.stringify(answer.body);
  expect(answer.status, said).toBe(one.status);
  if (one.code !== undefined) expect(answer.body.code, said).toBe(one.code);
  if (one.message !== undefined) expect(answer.body.message).toBe(one.message);
  if (one.has !== undefined) expect(answer.body).toMatchObject(fill(one.has, ids) as object);
  return answer;
}

type Fields = Readonly<Record<string, unknown>>;

export const MARKET = {
  symbol: "AAPL",
  qty: "1",
  side: "buy",
  type: "market",
  time_in_force: "day",
};
export const LIMIT = { ...MARKET, type: "limit", limit_price: "190" };
export const CRYPTO = { ...MARKET, symbol: "BTC/USD", qty: "0.01", time_in_force: "gtc" };

export const post = (body: Fields | string): Request => ["POST", "/v2/orders", body];
export const order = (changes: Fields = {}, base: Fields = MARKET): Request =>
  post({ ...base, ...changes });
