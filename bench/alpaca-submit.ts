// CPU per order request of the ways to put one on Alpaca's wire: the SDK's raw class, fetch, node:http.
// Run: npx tsx bench/alpaca-submit.ts [requests] [concurrency] [broker's delay in ms]. The numbers in
// docs/adr/0020-alpaca-wire.md are from here.
import { fork } from "node:child_process";
import { Agent, createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { trading } from "@alpacahq/alpaca-trade-api/rest";
import { createAlpacaAccount } from "../src/brokers/alpaca/account.ts";
import { instrumentOf } from "../src/brokers/alpaca/instrument.ts";
import { assetSchema } from "../src/brokers/alpaca/schema.ts";
import { AlpacaSymbols } from "../src/brokers/alpaca/symbols.ts";
import { Decimal } from "../src/domain/decimal.ts";
import { asId } from "../src/domain/ids.ts";
import type { AccountId, BrokerReference } from "../src/domain/ids.ts";
import type { OrderTerms } from "../src/domain/order/spec.ts";
import { realClock } from "../test/support/real-clock.ts";

const [REQUESTS, CONCURRENCY, DELAY_MS] = [2, 3, 4].map(
  (index, position) => Number(process.argv[index]) || [10_000, 16, 0][position] || 0,
) as [number, number, number]; // three entries by construction

const ORDER = {
  symbol: "AAPL",
  qty: "10",
  side: "buy",
  type: "market",
  time_in_force: "day",
  client_order_id: "fs-0190b3f2-7c1e-7d1a-9a51-1f7f3b6f4d00-1",
};
const ANSWER =
  '{"id":"f96f132b-3c28-4e24-ac01-0e6f38e26698","client_order_id":"7f6f03e6-01e3-44ad-8fd9-01297893e940","created_at":"2021-07-08T14:50:42.061988Z","updated_at":"2021-07-08T14:50:42.061988Z","submitted_at":"2021-07-08T14:50:42.051508Z","filled_at":null,"expired_at":null,"canceled_at":null,"failed_at":null,"replaced_at":null,"replaced_by":null,"replaces":null,"asset_id":"f801f835-bfe6-4a9d-a6b1-ccbb84bfd75f","symbol":"AMZN","asset_class":"us_equity","notional":null,"qty":"2","filled_qty":"0","filled_avg_price":null,"order_class":"","order_type":"market","type":"market","side":"buy","time_in_force":"day","limit_price":null,"stop_price":null,"status":"accepted","extended_hours":false,"legs":null,"trail_percent":null,"trail_price":null,"hwm":null}';

type Submit = (index: number) => Promise<unknown>;

/** The whole of it: terms to body, wire, answer to snapshot. */
function adapter(base: string): Submit {
  const rules = { stockVenue: "XNYS", currency: "USD" } as const;
  const instrument = instrumentOf(
    assetSchema.parse({ class: "us_equity", symbol: "AMZN", status: "active", tradable: true }),
    rules,
  );
  if (instrument === null) throw new Error("no instrument");
  const port = createAlpacaAccount({
    ...{ tradingUrl: base, dataUrl: base, streamUrl: base, keyId: "k", secret: "s", paper: true },
    ...{ accountId: asId<AccountId>("bench"), clock: realClock, rules },
    directory: new AlpacaSymbols([instrument]),
  });
  const terms: OrderTerms = {
    side: "buy",
    type: "market",
    timeInForce: "day",
    quantity: Decimal.of("10"),
    ...{ notional: null, limitPrice: null, stopPrice: null, trailPrice: null, trailPercent: null },
    ...{ extendedHours: false, postOnly: false, exits: null },
  };
  const reference = asId<BrokerReference>(ORDER.client_order_id);
  return async () => {
    const { signal } = new AbortController();
    const outcome = await port.submit({ instrument, reference, terms }, { signal });
    if (outcome.result !== "accepted") throw new Error(JSON.stringify(outcome));
  };
}

function ways(base: string): Record<string, Submit> {
  const orders = new trading.OrdersApi(
    new trading.Configuration({ basePath: base, keyId: "k", secret: "s", timeoutMs: 5_000 }),
  );
  const headers = {
    "apca-api-key-id": "k",
    "apca-api-secret-key": "s",
    "content-type": "application/json",
  };
  const agent = new Agent({ keepAlive: true, maxSockets: 64, scheduling: "lifo" });
  const { hostname, port } = new URL(base);
  return {
    sdk: () =>
      orders.postOrder(
        {
          postOrderRequest: {
            symbol: "AAPL",
            qty: "10",
            side: "buy",
            type: "market",
            timeInForce: "day",
            clientOrderId: ORDER.client_order_id,
          },
        },
        { signal: AbortSignal.timeout(5_000) },
      ),
    fetch: async () => {
      const answer = await fetch(`${base}/v2/orders`, {
        method: "POST",
        headers,
        body: JSON.stringify(ORDER),
        signal: AbortSignal.timeout(5_000),
      });
      return JSON.parse(await answer.text()) as unknown;
    },
    adapter: adapter(base),
    "node:http": () =>
      new Promise((resolve, reject) => {
        const body = JSON.stringify(ORDER);
        const call = request(
          {
            agent,
            hostname,
            port,
            path: "/v2/orders",
            method: "POST",
            headers: { ...headers, "content-length": Buffer.byteLength(body) },
            signal: AbortSignal.timeout(5_000),
          },
          (answer) => {
            const chunks: Buffer[] = [];
            answer.on("data", (chunk: Buffer) => chunks.push(chunk));
            answer.on("end", () => resolve(JSON.parse(Buffer.concat(chunks).toString("utf8"))));
            answer.on("error", reject);
          },
        );
        call.on("error", reject);
        call.end(body);
      }),
  };
}

async function run(submit: Submit, count: number): Promise<void> {
  let next = 0;
  const lane = async () => {
    while (next < count) await submit(next++);
  };
  await Promise.all(Array.from({ length: CONCURRENCY }, lane));
}

async function measure(name: string, submit: Submit): Promise<void> {
  await run(submit, 2_000);
  const cpu = process.cpuUsage();
  const from = performance.now();
  await run(submit, REQUESTS);
  const elapsed = (performance.now() - from) / 1_000;
  const { user, system } = process.cpuUsage(cpu);
  const perCall = (user + system) / REQUESTS;
  console.log(
    `${name.padEnd(10)} ${perCall.toFixed(0)} us CPU/call, ${(REQUESTS / elapsed).toFixed(0)} calls/s`,
  );
}

if (process.send) {
  const server = createServer((incoming, answer) => {
    incoming.resume();
    const reply = () => {
      answer.setHeader("content-type", "application/json; charset=UTF-8");
      answer.end(ANSWER);
    };
    incoming.on("end", () => (DELAY_MS > 0 ? setTimeout(reply, DELAY_MS) : reply()));
  }).listen(0, "127.0.0.1", () => process.send?.((server.address() as AddressInfo).port)); // a TCP server has a port
} else {
  const child = fork(fileURLToPath(import.meta.url), process.argv.slice(2), {
    execArgv: ["--import", "tsx"],
  });
  const port = await new Promise<number>((resolve) =>
    child.once("message", (p) => resolve(Number(p))),
  );
  for (let round = 1; round <= 3; round += 1) {
    const all = ways(`http://127.0.0.1:${port}`);
    for (const [name, submit] of Object.entries(all)) await measure(name, submit);
  }
  child.kill();
}
