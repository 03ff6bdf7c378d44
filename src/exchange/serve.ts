// Starts the simulated exchange: one HTTP server that speaks Alpaca's trading and data wires, with
// its own durable ledger behind it and a control interface beside it.
import { createServer } from "node:http";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import type { Duplex } from "node:stream";
import { randomBytes } from "node:crypto";
import { AssetBook } from "./alpaca/asset-book.ts";
import type { AlpacaContext } from "./alpaca/context.ts";
import type { KeyPair } from "./alpaca/credentials.ts";
import { Gatekeeper } from "./alpaca/credentials.ts";
import { DataStreams } from "./alpaca/data-streams.ts";
import { ulid } from "./alpaca/event-id.ts";
import { EventLogs } from "./alpaca/event-logs.ts";
import { FrameQueue } from "./alpaca/frame-queue.ts";
import { AlpacaFront } from "./alpaca/front.ts";
import { Watchlists } from "./alpaca/watchlists.ts";
import { RateLimit } from "./alpaca/rate-limit.ts";
import { SocketDoor } from "./alpaca/socket-door.ts";
import { frameOf, TradeUpdates } from "./alpaca/trade-updates.ts";
import type { ExchangeClock } from "./clock.ts";
import { systemClock } from "./clock.ts";
import { ControlDoor } from "./control/door.ts";
import { Exchange } from "./exchange.ts";
import { Faults } from "./faults/faults.ts";
import { watchVenueFaults } from "./faults/venue.ts";
import { HttpDoor } from "./http-door.ts";
import { openLedger } from "./ledger/ledger.ts";
import { errorCode, OperatorError } from "../operator-error.ts";
import type { OnMishap } from "./mishaps.ts";
import type { SessionMode } from "./session-switch.ts";
import { SessionSwitch } from "./session-switch.ts";
import type { ActivityIds, Settings } from "./settings.ts";

export interface ExchangeOptions {
  readonly host?: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Where the ledger lives; null keeps everything in memory. */
  readonly dataDir: string | null;
  /** The same seed and the same inputs give the same exchange; without one it differs each time. */
  readonly seed?: string | number;
  readonly session?: SessionMode;
  readonly activityIds?: ActivityIds;
  /** How long every answer takes, and every frame after it. */
  readonly latencyMs?: number;
  /** The one accepted key pair; null accepts any, each with an account of its own. */
  readonly keys?: KeyPair | null;
  readonly rateLimitPerMinute?: number;
  readonly clock?: ExchangeClock;
  /** Recorded prices to play from the start: CSV rows of time, symbol, price, and more. */
  readonly prices?: string;
  /** How often prices move. */
  readonly tickMs?: number;
  /** Told of what must never happen and was survived; without it, standard error is. */
  readonly onMishap?: OnMishap;
}

export interface RunningExchange {
  readonly url: string;
  readonly port: number;
  readonly exchange: Exchange;
  /** Serves a connection that came by another way than the port. */
  accept(connection: Duplex): void;
  stop(): Promise<void>;
}

const DEFAULT_TICK_MS = 250;
const DEFAULT_RATE = 200;
/** Longer than clients keep idle connections, so that none sends into one that is being closed. */
const KEEP_ALIVE_MS = 75_000;
const LOOPBACK = "127.0.0.1";

export async function startExchange(options: ExchangeOptions): Promise<RunningExchange> {
  const sessions = new SessionSwitch(options.session ?? "open");
  const exchange = new Exchange({
    seed: String(options.seed ?? randomBytes(8).toString("hex")),
    clock: options.clock ?? systemClock,
    sessions,
    tickMs: options.tickMs ?? DEFAULT_TICK_MS,
    ...(options.onMishap === undefined ? {} : { onMishap: options.onMishap }),
  });
  if (options.dataDir !== null) exchange.keepLedger(openLedger(options.dataDir, exchange));
  const unplayable = options.prices === undefined ? null : playPrices(exchange, options.prices);
  if (unplayable !== null) {
    exchange.stop();
    throw new OperatorError(`The prices cannot be played: ${unplayable}.`);
  }
  const { door, sockets } = openDoors(exchange, sessions, options);
  const server = createServer((request, response) => door.receive(request, response));
  server.keepAliveTimeout = KEEP_ALIVE_MS;
  server.on("upgrade", (request, socket, head) => sockets.upgrade(request, socket, head));
  const host = options.host ?? LOOPBACK;
  const port = await listen(server, host, options.port).catch((error: unknown) => {
    exchange.stop();
    if (errorCode(error) !== "EADDRINUSE") throw error;
    throw new OperatorError(`Port ${options.port} is taken: the exchange needs another one.`);
  });
  exchange.start();
  return {
    url: `http://${host}:${port}`,
    port,
    exchange,
    // Documented for servers: whoever emits it hands the connection in.
    accept: (connection) => void server.emit("connection", connection),
    async stop() {
      sockets.stop();
      exchange.stop();
      server.closeAllConnections();
      await new Promise<void>((resolve) => server.close(() => resolve()));
    },
  };
}

function playPrices(exchange: Exchange, csv: string): string | null {
  return exchange.replay.start(csv, 1, exchange.clock.now());
}

interface Doors {
  readonly door: HttpDoor;
  readonly sockets: SocketDoor;
}

function openDoors(exchange: Exchange, sessions: SessionSwitch, options: ExchangeOptions): Doors {
  const faults = new Faults(exchange.seed);
  const settings: Settings = {
    answerDelayMs: options.latencyMs ?? 0,
    streamDelayMs: options.latencyMs ?? 0,
    activityIds: options.activityIds ?? "same",
    streamFrames: "binary",
  };
  const assets = new AssetBook(exchange.engine.world.assets);
  const watchlists = new Watchlists();
  const context: AlpacaContext = { exchange, assets, watchlists, settings, faults };
  const gatekeeper = new Gatekeeper(options.keys ?? null);
  const perMinute = options.rateLimitPerMinute ?? DEFAULT_RATE;
  const limits = { tradingLimit: new RateLimit(perMinute), dataLimit: new RateLimit(perMinute) };
  const updates = new TradeUpdates(context, gatekeeper);
  const data = new DataStreams(exchange, gatekeeper);
  const sockets = new SocketDoor(updates, data, exchange.mishaps);
  const frames = new FrameQueue(exchange, faults, settings, (batch) => updates.deliver(batch));
  const events = new EventLogs(exchange);
  exchange.listen((update) => {
    const frame = frameOf(context, update, ulid(update.at));
    frames.add(frame);
    events.addFrame(frame);
  });
  watchVenueFaults(exchange, faults);
  const control = new ControlDoor({
    exchange,
    faults,
    settings,
    sessions,
    streams: sockets,
    ...limits,
  });
  const front = new AlpacaFront({ context, gatekeeper, events, ...limits });
  const door = new HttpDoor({ exchange, front, control, faults, settings });
  return { door, sockets };
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
