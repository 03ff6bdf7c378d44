// The listings of the API one after the other, each asked for many times: the first page, one far down by
// its cursor and by its number, and every filter, the common value and the rare one; and the visit of a Prometheus.
import { percentiles, type Percentiles } from "../percentiles.ts";
import { inTurn } from "../plan.ts";
import type { Sql, System } from "../systems/system.ts";

export interface Listed {
  readonly name: string;
  readonly rows: number;
  readonly ms: Percentiles;
}

const BASE = "/api/v1/trading";
const LISTS: readonly (readonly [string, string])[] = [
  ["orders", "orders?limit=50"],
  ["orders, page 100", "orders?page=100&size=50"],
  ["orders, open", "orders?limit=50&status=open"],
  ["orders, filled", "orders?limit=50&status=filled"],
  ["orders, rejected (none)", "orders?limit=50&status=rejected"],
  ["orders, side", "orders?limit=50&side=sell"],
  ["orders, strategy", "orders?limit=50&strategy=trend"],
  ["orders, strategy (none)", "orders?limit=50&strategy=nobody"],
  ["orders, busy symbol", "orders?limit=50&symbol=BAAA"],
  ["orders, quiet symbol", "orders?limit=50&symbol=BIRA"],
  ["orders, symbol, side, status", "orders?limit=50&symbol=BAAA&side=buy&status=filled"],
  ["orders, a month long ago", "orders?limit=50&from=$from&to=$to"],
  ["signals", "signals?limit=50"],
  ["signals, page 100", "signals?page=100&size=50"],
  ["signals, waiting", "signals?limit=50&outcome=waiting"],
  ["signals, rejected", "signals?limit=50&outcome=rejected"],
  ["signals, nothing to do (none)", "signals?limit=50&outcome=nothing_to_do"],
  ["signals, strategy", "signals?limit=50&strategy=trend"],
  ["signals, busy symbol", "signals?limit=50&symbol=BAAA"],
  ["signals, quiet symbol", "signals?limit=50&symbol=BIRA"],
  ["positions", "positions"],
  ["positions, symbol", "positions?symbol=BIRA"],
  ["position's past", "positions/BAAA/history?limit=50"],
  ["portfolio", "portfolio"],
  ["portfolio's curve", "portfolio/history"],
  ["metrics", "/metrics"],
];
const DEEP = ["orders", "signals"] as const;
const DAY_MS = 86_400_000;

export async function lists(
  system: System,
  requests: number,
  say: (text: string) => void,
): Promise<readonly Listed[]> {
  const day = (ago: number): string => new Date(Date.now() - ago * DAY_MS).toISOString();
  const dated = LISTS.map(([name, path]): [string, string] => [
    name,
    path.replace("$from", day(210)).replace("$to", day(180)),
  ]);
  for (const list of DEEP) {
    dated.push([
      `${list}, a cursor far down`,
      `${list}?limit=50&cursor=${await cursorFarDown(system.sql, list)}`,
    ]);
  }
  const all: Listed[] = [];
  await inTurn(dated, async ([name, path]) => {
    const url = `${system.url}${path.startsWith("/") ? path : `${BASE}/${path}`}`;
    const times: number[] = [];
    let rows = 0;
    for (let asked = 0; asked < requests; asked += 1) {
      const began = performance.now();
      const response = await fetch(url);
      const body = await response.text();
      times.push(performance.now() - began);
      if (!response.ok) throw new Error(`${url}: ${response.status} ${body}`);
      if (asked === 0) rows = rowsIn(body);
    }
    const listed = { name, rows, ms: percentiles(times) };
    say(
      `${name}: ${rows} rows, p50 ${listed.ms.p50.toFixed(1)}, p99 ${listed.ms.p99.toFixed(1)} ms`,
    );
    all.push(listed);
  });
  return all;
}

function rowsIn(body: string): number {
  if (!body.startsWith("{")) return body.split("\n").length;
  const parsed: unknown = JSON.parse(body);
  const isList = typeof parsed === "object" && parsed !== null && "data" in parsed;
  return isList && Array.isArray(parsed.data) ? parsed.data.length : 1;
}

/** As src/api/http/cursor.ts writes it, to a row of half a year ago. */
async function cursorFarDown(sql: Sql, list: string): Promise<string> {
  const [row] = await sql.unsafe(
    `SELECT id FROM ${list} WHERE id < fillstream_uuid_from(now() - interval '180 days') ORDER BY id DESC LIMIT 1`,
  );
  return Buffer.from(String(row?.["id"])).toString("base64url");
}
