// One market data connection: its handshake, its subscriptions, its codec.
import { encode } from "@msgpack/msgpack";
import type { WebSocket } from "ws";
import type { FeedKind, Message } from "./data-channels.ts";
import { CHANNELS } from "./data-channels.ts";
import { readFrame } from "./frame-codec.ts";

export const ERRORS = {
  400: "invalid syntax",
  401: "not authenticated",
  402: "auth failed",
  403: "already authenticated",
  404: "auth timeout",
  405: "symbol limit exceeded",
  406: "connection limit exceeded",
  407: "slow client",
  409: "insufficient subscription",
  410: "invalid subscribe action for this feed",
  412: "option messages are only available in MessagePack",
  500: "internal error",
} as const;

type ErrorCode = keyof typeof ERRORS;

export interface SocketRules {
  readonly kind: FeedKind;
  readonly path: string;
  readonly msgpack: boolean;
  /** Null when the pair is not accepted. */
  readonly admit: (key: string, secret: string) => string | null;
  /** False when this key may have no further connection here. */
  readonly claim: (socket: DataSocket, keyId: string) => boolean;
}

const MAX_SYMBOLS = 5_000;
const MAX_UNREAD_BYTES = 8 * 1024 * 1024;
const STAR = "*";

export class DataSocket {
  readonly rules: SocketRules;
  readonly #socket: WebSocket;
  readonly #wanted = new Map<string, Set<string>>();
  keyId: string | null = null;
  #pending: Message[] = [];

  constructor(socket: WebSocket, rules: SocketRules) {
    this.#socket = socket;
    this.rules = rules;
    for (const channel of CHANNELS[rules.kind]) this.#wanted.set(channel, new Set());
    this.say([{ T: "success", msg: "connected" }]);
    if (rules.kind === "options" && !rules.msgpack) this.#end(412);
  }

  wants(channel: string, symbol: string): boolean {
    const symbols = this.#wanted.get(channel);
    return symbols !== undefined && (symbols.has(symbol) || symbols.has(STAR));
  }

  /** Kept until the batch is complete: real messages come in arrays too. */
  queue(message: Message): void {
    this.#pending.push(message);
  }

  flush(): void {
    if (this.#pending.length === 0) return;
    const messages = this.#pending;
    this.#pending = [];
    if (this.#socket.bufferedAmount > MAX_UNREAD_BYTES) this.#end(407);
    else this.say(messages);
  }

  say(messages: readonly Message[]): void {
    if (this.#socket.readyState !== this.#socket.OPEN) return;
    if (!this.rules.msgpack) {
      this.#socket.send(JSON.stringify(messages));
      return;
    }
    this.#socket.send(encode(messages.map(withInstant)), { binary: true });
  }

  hear(raw: Buffer, isBinary: boolean): void {
    const message = readFrame(raw, isBinary);
    switch (message?.action) {
      case "auth":
        this.#authenticate(message);
        return;
      case "subscribe":
      case "unsubscribe":
        this.#subscribe(message, message.action === "subscribe");
        return;
      default:
        this.#fail(400);
    }
  }

  timeOut(): void {
    if (this.keyId === null) this.#end(404);
  }

  terminate(): void {
    this.#socket.terminate();
  }

  /** Also called for keys that came in the headers of the upgrade. */
  authenticateAs(key: string, secret: string): void {
    const admitted = this.rules.admit(key, secret);
    if (admitted === null) {
      this.#end(402);
      return;
    }
    if (!this.rules.claim(this, admitted)) {
      this.#end(406);
      return;
    }
    this.keyId = admitted;
    this.say([{ T: "success", msg: "authenticated" }]);
  }

  #authenticate({ key, secret }: Message): void {
    if (this.keyId !== null) {
      this.#fail(403);
      return;
    }
    if (typeof key !== "string" || typeof secret !== "string") this.#end(402);
    else this.authenticateAs(key, secret);
  }

  #subscribe(message: Message, adds: boolean): void {
    if (this.keyId === null) {
      this.#fail(401);
      return;
    }
    for (const [channel, symbols] of Object.entries(message)) {
      if (channel === "action") continue;
      if (!Array.isArray(symbols)) {
        this.#fail(400);
        return;
      }
      const wanted = this.#wanted.get(channel);
      if (wanted === undefined) {
        this.#fail(410);
        return;
      }
      for (const symbol of symbols) {
        if (adds) wanted.add(String(symbol));
        else wanted.delete(String(symbol));
      }
      if (wanted.size > MAX_SYMBOLS) {
        this.#fail(405);
        return;
      }
    }
    this.say([this.#subscription()]);
  }

  #subscription(): Message {
    const state: Record<string, unknown> = { T: "subscription" };
    for (const [channel, symbols] of this.#wanted) state[channel] = [...symbols];
    if (this.rules.kind !== "stocks") return state;
    // Whoever takes trades is told of their corrections too.
    return { ...state, corrections: state.trades, cancelErrors: state.trades };
  }

  #fail(code: ErrorCode): void {
    this.say([{ T: "error", code, msg: ERRORS[code] }]);
  }

  #end(code: ErrorCode): void {
    this.#fail(code);
    this.#socket.close();
  }
}

/** MessagePack has a type of its own for instants. */
function withInstant(message: Message): Message {
  return typeof message.t === "string" ? { ...message, t: new Date(message.t) } : message;
}
