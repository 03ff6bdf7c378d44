// The market data sockets: which path is which feed, who is connected, and the prices on their way out.
import type { IncomingMessage } from "node:http";
import type { WebSocket } from "ws";
import type { Exchange } from "../exchange.ts";
import type { Print } from "../market/feed.ts";
import type { Gatekeeper } from "./credentials.ts";
import { pairFromHeaders } from "./credentials.ts";
import type { FeedKind } from "./data-channels.ts";
import { barMessage, printMessages } from "./data-channels.ts";
import { DataSocket } from "./data-socket.ts";
import { wantsMsgpack } from "./frame-codec.ts";

const STOCK_FEEDS = new Set(["iex", "sip", "delayed_sip", "boats", "overnight", "otc", "test"]);
const OPTION_FEEDS = new Set(["indicative", "opra"]);
const AUTH_TIMEOUT_MS = 10_000;
const MINUTE_MS = 60_000;
/** The symbol of the test feed, which is always on; it mirrors a listed one. */
const TEST_SYMBOL = "FAKEPACA";
const TEST_MIRRORS = "AAPL";

export function feedKind(path: string): FeedKind | null {
  const parts = path.split("/");
  const last = parts[parts.length - 1] ?? "";
  if (parts.length === 3 && parts[1] === "v2" && STOCK_FEEDS.has(last)) return "stocks";
  if (path.startsWith("/v1beta3/crypto/") && parts.length === 4) return "crypto";
  if (path === "/v1beta1/news") return "news";
  if (parts[1] === "v1beta1" && OPTION_FEEDS.has(last)) return "options";
  return null;
}

export class DataStreams {
  readonly #exchange: Exchange;
  readonly #gatekeeper: Gatekeeper;
  readonly #sockets = new Set<DataSocket>();
  /** Last minute that a bar was told of, per symbol. */
  readonly #barTold = new Map<string, number>();
  #silent = false;
  /** The real host allows one connection per endpoint and user. */
  connectionsPerKey = 1;

  constructor(exchange: Exchange, gatekeeper: Gatekeeper) {
    this.#exchange = exchange;
    this.#gatekeeper = gatekeeper;
    exchange.feed.listen((print) => this.#tell(print));
    exchange.onFlushed(() => {
      for (const socket of this.#sockets) socket.flush();
    });
  }

  get connections(): number {
    return this.#sockets.size;
  }

  open(socket: WebSocket, request: IncomingMessage, path: string, kind: FeedKind): void {
    const data = new DataSocket(socket, {
      kind,
      path,
      msgpack: wantsMsgpack(request.headers),
      admit: (keyId, secret) => this.#admit(keyId, secret),
      claim: (claiming, keyId) => this.#claim(claiming, keyId),
    });
    this.#sockets.add(data);
    const callOff = this.#exchange.clock.after(AUTH_TIMEOUT_MS, () => data.timeOut());
    socket.on("close", () => {
      callOff();
      this.#sockets.delete(data);
    });
    socket.on("error", () => socket.terminate());
    socket.on("ping", (bytes: Buffer) => {
      if (!this.#silent) socket.pong(bytes);
    });
    socket.on("message", (raw: Buffer, isBinary: boolean) => {
      const hear = (): void => data.hear(raw, isBinary);
      if (!this.#exchange.mishaps.survive(`a message on ${path}`, hear)) socket.terminate();
    });
    const pair = pairFromHeaders(request.headers);
    if (pair !== null) data.authenticateAs(pair.keyId, pair.secret);
  }

  silence(on: boolean): void {
    this.#silent = on;
  }

  closeAll(): void {
    for (const socket of this.#sockets) socket.terminate();
  }

  #admit(keyId: string, secret: string): string | null {
    return this.#gatekeeper.admit(
      keyId === "oauth" ? { keyId: `oauth:${secret}`, secret } : { keyId, secret },
    );
  }

  #claim(claiming: DataSocket, keyId: string): boolean {
    let others = 0;
    for (const socket of this.#sockets) {
      if (socket === claiming || socket.keyId !== keyId) continue;
      if (socket.rules.path === claiming.rules.path) others += 1;
    }
    return others < this.connectionsPerKey;
  }

  #tell(print: Print): void {
    if (this.#sockets.size === 0 || this.#silent) return;
    const isStock =
      this.#exchange.engine.world.assets.get(print.symbol)?.assetClass === "us_equity";
    this.#spread(print, isStock ? "stocks" : "crypto", false);
    if (print.symbol === TEST_MIRRORS) {
      this.#spread({ ...print, symbol: TEST_SYMBOL }, "stocks", true);
    }
  }

  #spread(print: Print, kind: "stocks" | "crypto", onTestFeed: boolean): void {
    const messages = Object.entries(printMessages(kind, print));
    const bar = this.#finishedBar(print);
    for (const socket of this.#sockets) {
      const { rules } = socket;
      if (rules.kind !== kind || (rules.path === "/v2/test") !== onTestFeed) continue;
      for (const [channel, message] of messages) {
        if (socket.wants(channel, print.symbol)) socket.queue(message);
      }
      if (bar !== null && socket.wants("bars", print.symbol)) socket.queue(bar);
    }
  }

  /** The bar of the minute before, once, with the first print of the next. */
  #finishedBar({ symbol, at }: Print): ReturnType<typeof barMessage> | null {
    const minute = Math.floor(at / MINUTE_MS) * MINUTE_MS;
    const told = this.#barTold.get(symbol);
    this.#barTold.set(symbol, minute);
    if (told === undefined || told === minute) return null;
    const bar = this.#exchange.bars.bar(symbol, told, MINUTE_MS, at);
    return bar === null ? null : barMessage(symbol, bar);
  }
}
