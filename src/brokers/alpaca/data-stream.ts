// Marks as they happen, one socket for stocks and one for pairs. As JSON text and not as MessagePack,
// which would carry every price as a binary float.
import type { InstrumentId } from "../../domain/ids.ts";
import type { AssetClass, Instrument } from "../../domain/instrument.ts";
import type { Clock } from "../../ports/clock.ts";
import type { MarkListener, MarkStream } from "../../ports/market-data.ts";
import { KeptSocket } from "./kept-socket.ts";
import { dataMessagesSchema, parseMarketJson } from "./market-schema.ts";
import type { DataMessage, WireQuote, WireTrade } from "./market-schema.ts";
import { quotationFrom } from "./quotation.ts";

export interface DataStreamOptions {
  readonly url: string;
  readonly stockFeed: string;
  readonly keyId: string;
  readonly secret: string;
  readonly clock: Clock;
  readonly listener: MarkListener;
}

interface Followed {
  readonly id: InstrumentId;
  trade: WireTrade | null;
  quote: WireQuote | null;
}

/** 402 auth failed, 405 too many symbols, 406 too many connections, 409 plan: trying at once is no help. */
const SLOW_ERRORS: ReadonlySet<number> = new Set([401, 402, 404, 405, 406, 409, 411]);

export function streamMarks(options: DataStreamOptions): MarkStream {
  const base = options.url.replace(/\/+$/, "");
  const feeds: Readonly<Record<AssetClass, MarkFeed>> = {
    stock: new MarkFeed(`${base}/v2/${options.stockFeed}`, options),
    crypto: new MarkFeed(`${base}/v1beta3/crypto/us`, options),
  };
  return {
    follow(instruments) {
      for (const [assetClass, feed] of Object.entries(feeds)) {
        feed.follow(instruments.filter((item) => item.assetClass === assetClass));
      }
    },
    lastHeardAt() {
      const heard = Object.values(feeds).map((feed) => feed.lastHeardAt());
      return heard.reduce((best, at) => (best === null || (at ?? 0) > best ? at : best), null);
    },
    async close() {
      await Promise.all(Object.values(feeds).map((feed) => feed.close()));
    },
  };
}

/** One endpoint. Its connection is only opened once there is something to follow. */
class MarkFeed {
  readonly #options: DataStreamOptions;
  readonly #socket: KeptSocket;
  #followed = new Map<string, Followed>();
  #opened = false;

  constructor(url: string, options: DataStreamOptions) {
    this.#options = options;
    const { keyId: key, secret, listener } = options;
    this.#socket = new KeptSocket({
      url,
      clock: options.clock,
      protocol: {
        onOpen: (send) => send(JSON.stringify({ action: "auth", key, secret })),
        onText: (text) => this.#hear(text),
        onDown: (cause) => listener.onDisconnected(cause),
      },
    });
  }

  follow(instruments: readonly Instrument[]): void {
    const before = this.#followed;
    this.#followed = new Map(
      instruments.map(({ id, symbol }) => [
        symbol,
        before.get(symbol) ?? { id, trade: null, quote: null },
      ]),
    );
    if (!this.#opened && instruments.length > 0) {
      this.#opened = true;
      this.#socket.open();
      return;
    }
    if (!this.#socket.isReady()) return;
    this.#ask(
      "unsubscribe",
      [...before.keys()].filter((symbol) => !this.#followed.has(symbol)),
    );
    this.#ask(
      "subscribe",
      [...this.#followed.keys()].filter((symbol) => !before.has(symbol)),
    );
  }

  lastHeardAt(): number | null {
    return this.#socket.lastHeardAt();
  }

  close(): Promise<void> {
    return this.#socket.close();
  }

  #ask(action: "subscribe" | "unsubscribe", symbols: readonly string[]): void {
    if (symbols.length === 0) return;
    this.#socket.send(JSON.stringify({ action, trades: symbols, quotes: symbols }));
  }

  #hear(text: string): void {
    const messages = dataMessagesSchema.safeParse(parseMarketJson(text));
    // A price that cannot be read is a price that did not come: its age will tell.
    if (!messages.success) return;
    for (const message of messages.data) this.#take(message);
  }

  #take(message: DataMessage): void {
    switch (message.T) {
      case "t":
        return this.#update(message.S, (followed) => (followed.trade = message));
      case "q":
        return this.#update(message.S, (followed) => (followed.quote = message));
      case "success":
        if (message.msg !== "authenticated") return;
        this.#socket.ready();
        return this.#ask("subscribe", [...this.#followed.keys()]);
      case "error":
        // 400 and 410 concern one request, 403 says that we are in: the prices go on.
        if (message.code === 400 || message.code === 403 || message.code === 410) return;
        return this.#socket.drop(
          `the data stream answers ${message.code} ${message.msg}`,
          SLOW_ERRORS.has(message.code) ? "slowly" : "soon",
        );
      case "subscription":
      case "other":
        return;
    }
  }

  #update(symbol: string, apply: (followed: Followed) => void): void {
    const followed = this.#followed.get(symbol);
    if (followed === undefined) return;
    apply(followed);
    const told = quotationFrom(followed.id, followed.trade, followed.quote);
    if (told !== null) this.#options.listener.onPrice(told);
  }
}
