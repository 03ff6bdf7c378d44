// Starts the simulated exchange: one HTTP server that speaks Alpaca's trading and data wires, with
// its own durable ledger behind it.
import { createServer } from "node:http";
import type { IncomingMessage, Server, ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { randomBytes } from "node:crypto";
import { WebSocketServer } from "ws";
import { AssetBook } from "./alpaca/asset-book.ts";
import type { ActivityIds, AlpacaContext } from "./alpaca/context.ts";
import type { KeyPair } from "./alpaca/credentials.ts";
import { Gatekeeper } from "./alpaca/credentials.ts";
import { ulid } from "./alpaca/event-id.ts";
import type { Call } from "./alpaca/front.ts";
import { AlpacaFront } from "./alpaca/front.ts";
import { RateLimit } from "./alpaca/rate-limit.ts";
import type { Frame } from "./alpaca/trade-updates.ts";
import { frameOf, TradeUpdates } from "./alpaca/trade-updates.ts";
import type { WireAnswer } from "./alpaca/wire.ts";
import { wireError } from "./alpaca/wire.ts";
import type { ExchangeClock } from "./clock.ts";
import { systemClock } from "./clock.ts";
import { Exchange } from "./exchange.ts";
import { openLedger } from "./ledger/ledger.ts";
import { alwaysOpen } from "./session-open.ts";

export interface ExchangeOptions {
  readonly host?: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Where the ledger lives; null keeps everything in memory. */
  readonly dataDir: string | null;
  /** The same seed and the same inputs give the same exchange; without one it differs each time. */
  readonly seed?: string | number;
  readonly session?: "open" | "calendar";
  readonly activityIds?: ActivityIds;
  /** How long every answer takes, and every frame after it. */
  readonly latencyMs?: number;
  /** The one accepted key pair; null accepts any, each with an account of its own. */
  readonly keys?: KeyPair | null;
  readonly rateLimitPerMinute?: number;
  readonly clock?: ExchangeClock;
  readonly tickMs?: number;
}

export interface RunningExchange {
  readonly url: string;
  readonly port: number;
  readonly exchange: Exchange;
  stop(): Promise<void>;
}

const DEFAULT_TICK_MS = 250;
const DEFAULT_RATE = 200;
const MAX_BODY_BYTES = 1024 * 1024;

export async function startExchange(options: ExchangeOptions): Promise<RunningExchange> {
  const exchange = new Exchange({
    seed: String(options.seed ?? randomBytes(8).toString("hex")),
    clock: options.clock ?? systemClock,
    sessions: alwaysOpen,
    tickMs: options.tickMs ?? DEFAULT_TICK_MS,
  });
  if (options.dataDir !== null) exchange.keepLedger(openLedger(options.dataDir, exchange));
  const context: AlpacaContext = {
    exchange,
    assets: new AssetBook(exchange.engine.world.assets),
    activityIds: options.activityIds ?? "different",
  };
  const gatekeeper = new Gatekeeper(options.keys ?? null);
  const perMinute = options.rateLimitPerMinute ?? DEFAULT_RATE;
  const front = new AlpacaFront({
    context,
    gatekeeper,
    tradingLimit: new RateLimit(perMinute),
    dataLimit: new RateLimit(perMinute),
  });
  const updates = new TradeUpdates(context, gatekeeper);
  const latencyMs = options.latencyMs ?? 0;
  let frames: Frame[] = [];
  exchange.listen((update) => frames.push(frameOf(context, update, ulid(update.at))));
  exchange.onFlushed(() => {
    if (frames.length === 0) return;
    const batch = frames;
    frames = [];
    later(exchange, latencyMs, () => {
      for (const frame of batch) updates.deliver(frame);
    });
  });
  const server = createServer((request, response) =>
    receive({ front, exchange, latencyMs }, request, response),
  );
  const sockets = new WebSocketServer({ noServer: true, maxPayload: MAX_BODY_BYTES });
  server.on("upgrade", (request, socket, head) => {
    if ((request.url ?? "").split("?")[0] !== "/stream") {
      socket.destroy();
      return;
    }
    sockets.handleUpgrade(request, socket, head, (opened) => updates.open(opened));
  });
  const port = await listen(server, options.host ?? "127.0.0.1", options.port);
  exchange.start();
  return {
    url: `http://${options.host ?? "127.0.0.1"}:${port}`,
    port,
    exchange,
    async stop() {
      updates.closeAll();
      sockets.close();
      exchange.stop();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function later(exchange: Exchange, delayMs: number, run: () => void): void {
  if (delayMs <= 0) run();
  else exchange.clock.after(delayMs, run);
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once("error", reject);
    server.listen(port, host, () => {
      server.off("error", reject);
      resolve((server.address() as AddressInfo).port); // a TCP server's address is an AddressInfo
    });
  });
}

interface Receiver {
  readonly front: AlpacaFront;
  readonly exchange: Exchange;
  readonly latencyMs: number;
}

function receive(receiver: Receiver, request: IncomingMessage, response: ServerResponse): void {
  const call = receiver.front.begin(request);
  if (call.method === "GET" || call.method === "DELETE") {
    request.resume();
    conclude(receiver, call, receiver.front.answer(call, ""), response);
    return;
  }
  const chunks: Buffer[] = [];
  let size = 0;
  request.on("data", (chunk: Buffer) => {
    size += chunk.length;
    if (size <= MAX_BODY_BYTES) chunks.push(chunk);
  });
  request.on("error", () => response.destroy());
  request.on("end", () => {
    const body = chunks.length === 1 ? chunks[0] : Buffer.concat(chunks);
    const answer =
      size > MAX_BODY_BYTES
        ? wireError(413, 41310000, "request body is too large")
        : receiver.front.answer(call, body?.toString("utf8") ?? "");
    conclude(receiver, call, answer, response);
  });
}

function conclude(
  { front, exchange, latencyMs }: Receiver,
  call: Call,
  answer: WireAnswer,
  response: ServerResponse,
): void {
  exchange.whenWritten(() => later(exchange, latencyMs, () => front.send(call, answer, response)));
}
