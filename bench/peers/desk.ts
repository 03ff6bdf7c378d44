// What all peers share, written once and as well as we can: the same HTTP front, the same statements,
// the same client of the broker. They differ only in what lies between the front and the broker.
import { createServer } from "node:http";
import { setTimeout as sleep } from "node:timers/promises";
import postgres from "postgres";
import { z } from "zod";
import { createAlpacaAccount } from "../../src/brokers/alpaca/account.ts";
import { createAlpacaDirectory } from "../../src/brokers/alpaca/directory.ts";
import type { BrokerReport } from "../../src/domain/broker.ts";
import { Decimal } from "../../src/domain/decimal.ts";
import { asId, type AccountId, type BrokerReference } from "../../src/domain/ids.ts";
import type { OrderTerms } from "../../src/domain/order/spec.ts";
import { realClock } from "../../test/support/real-clock.ts";

const signalBody = z.strictObject({
  symbol: z.string().min(1),
  side: z.enum(["buy", "sell"]),
  qty: z.string().regex(/^\d+(\.\d+)?$/),
  client_signal_id: z.string().max(128),
});
export type SignalBody = z.infer<typeof signalBody>;
export interface Job extends SignalBody {
  readonly id: string;
}

export function openDatabase() {
  return postgres(process.env["PEER_DATABASE"] ?? "", {
    max: 24,
    onnotice: () => undefined,
    // The library would wait up to 20 s for a server that is back already.
    backoff: (attempts: number) => Math.min(0.02 * 2 ** attempts, 0.5),
    connection: { application_name: "peer" },
  });
}
const BOOKING_ATTEMPTS = 40;
const BOOKING_PAUSE_MS = 250;
export type Database = ReturnType<typeof openDatabase>;

/** The signal and its order in one statement and one commit; false when the signal was seen before. */
export async function record(db: Database, job: Job, status: string): Promise<boolean> {
  const rows = await db`
    WITH signal AS (
      INSERT INTO signals (id, client_signal_id, body)
      VALUES (${job.id}, ${job.client_signal_id}, ${db.json({ ...job })})
      ON CONFLICT (client_signal_id) DO NOTHING RETURNING id)
    INSERT INTO orders (id, signal_id, symbol, side, qty, status)
    SELECT id, id, ${job.symbol}, ${job.side}, ${job.qty}, ${status} FROM signal RETURNING id`;
  return rows.length === 1;
}

/**
 * The intent, before anything leaves. A job that comes again finds it written and sends again, under the
 * same reference: the broker refuses what it has already.
 */
export async function intend(db: Database, id: string): Promise<boolean> {
  const rows = await db`
    UPDATE orders SET status = 'submitted', updated_at = now()
    WHERE id = ${id} AND status IN ('pending', 'submitted') RETURNING id`;
  return rows.length === 1;
}

export interface Desk {
  submit(job: Job): Promise<void>;
}

/** The broker's client, its stream of fills, and the one statement that books a fill. */
export async function openDesk(db: Database): Promise<Desk> {
  const broker = process.env["PEER_BROKER"] ?? "";
  const endpoint = {
    ...{ tradingUrl: broker, dataUrl: broker, streamUrl: `${broker.replace("http", "ws")}/stream` },
    ...{ keyId: process.env["PEER_NAME"] ?? "peer", secret: "s", paper: true, clock: realClock },
    rules: { stockVenue: "SIM", currency: "USD" },
  } as const;
  const directory = await createAlpacaDirectory(endpoint, AbortSignal.timeout(10_000));
  const accountId = asId<AccountId>(endpoint.keyId);
  const account = createAlpacaAccount({ ...endpoint, accountId, directory });
  await new Promise<void>((ready) => {
    account.listen({
      onReport: (report) => void bookWithPatience(db, report),
      onConnected: () => ready(),
      onDisconnected: () => undefined,
      onUnreadable: (_raw, cause) => console.error(cause),
    });
  });
  return {
    async submit(job) {
      const instrument = directory.resolve(job.symbol);
      if (instrument === null) throw new Error(`no ${job.symbol}`);
      const terms: OrderTerms = {
        ...{ side: job.side, type: "market", timeInForce: "day", quantity: Decimal.of(job.qty) },
        ...{ notional: null, limitPrice: null, stopPrice: null, trailPrice: null },
        ...{ trailPercent: null, extendedHours: false, postOnly: false, exits: null },
      };
      const reference = asId<BrokerReference>(`${job.id}-1`);
      const { signal } = new AbortController();
      const outcome = await account.submit({ instrument, reference, terms }, { signal });
      if (outcome.result === "duplicate") return;
      if (outcome.result !== "accepted") throw new Error(JSON.stringify(outcome));
      await db`
        UPDATE orders SET status = 'accepted', updated_at = now(),
          broker_order_id = ${outcome.snapshot.brokerOrderId}
        WHERE id = ${job.id} AND status = 'submitted'`;
    },
  };
}

/** The statement counts a fill once, so it may be tried again while the database is away. */
async function bookWithPatience(db: Database, report: BrokerReport): Promise<void> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await book(db, report);
    } catch (error: unknown) {
      if (attempt === BOOKING_ATTEMPTS) throw error;
      await sleep(BOOKING_PAUSE_MS);
    }
  }
}

async function book(db: Database, report: BrokerReport): Promise<void> {
  if (report.kind !== "executed" || report.snapshot === null) return;
  const { execution, snapshot, reference } = report;
  const orderId = reference?.slice(0, -2) ?? null;
  const [quantity, price] = [execution.quantity.toString(), execution.price.toString()];
  await db`
    WITH fill AS (
      INSERT INTO executions (id, order_id, qty, price, executed_at)
      VALUES (${execution.id}, ${orderId}, ${quantity}, ${price}, ${new Date(execution.executedAt)})
      ON CONFLICT (id) DO NOTHING RETURNING order_id, qty, price),
    filled AS (
      UPDATE orders o SET filled_qty = o.filled_qty + fill.qty, filled_price = fill.price,
        status = CASE WHEN o.filled_qty + fill.qty >= o.qty THEN 'filled' ELSE 'partially_filled' END,
        broker_order_id = ${report.brokerOrderId}, updated_at = now()
      FROM fill WHERE o.id = fill.order_id)
    INSERT INTO positions AS p (symbol, qty, cost)
    SELECT ${snapshot.symbol}, qty, qty * price FROM fill
    ON CONFLICT (symbol) DO UPDATE
      SET qty = p.qty + excluded.qty, cost = p.cost + excluded.cost, updated_at = now()`;
}

/** A bare HTTP front: parse, check, take, answer. */
export function serve(take: (job: Job) => Promise<void>): void {
  const server = createServer((request, response) => {
    let text = "";
    request.setEncoding("utf8");
    request.on("data", (chunk: string) => (text += chunk));
    request.on("end", () => {
      const end = (status: number, body: unknown): void => {
        response.writeHead(status, { "content-type": "application/json" });
        response.end(JSON.stringify(body));
      };
      const parsed = signalBody.safeParse(JSON.parse(text));
      if (!parsed.success) return end(422, parsed.error.issues);
      const job = { ...parsed.data, id: crypto.randomUUID() };
      take(job).then(
        () => end(202, { signal_id: job.id }),
        (error: unknown) => end(500, { error: String(error) }),
      );
    });
  });
  server.keepAliveTimeout = 60_000;
  const port = Number(process.env["PEER_PORT"]);
  server.listen(port, "127.0.0.1", () => process.send?.({ ready: true }));
}

export function concurrency(): number {
  return Number(process.env["PEER_CONCURRENCY"] ?? 64);
}
export const isWorker = process.argv[2] === "worker";
export function workerIsReady(): void {
  process.send?.({ ready: true });
}
process.on("disconnect", () => process.exit(0));
