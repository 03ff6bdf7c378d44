// A WebSocket that is opened again for ever. Its modes: connecting (a deadline runs until the protocol
// says it is ready), ready (pings prove that the other side lives), waiting (for the next attempt), closed.
import WebSocket from "ws";
import type { Clock } from "../../ports/clock.ts";
import type { Connect } from "./agent.ts";
import { storableText } from "./storable-text.ts";

export interface SocketProtocol {
  /** The connection stands: whoever speaks first, speaks. */
  onOpen(send: (text: string) => void): void;
  /** Text and binary frames alike, as text. */
  onText(text: string, send: (text: string) => void): void;
  onDown(cause: string): void;
}

export interface KeptSocketOptions {
  readonly url: string;
  readonly clock: Clock;
  readonly protocol: SocketProtocol;
  readonly connect?: Connect;
}

/** Connecting, authenticating and subscribing together. */
const READY_WITHIN_MS = 10_000;
/** Two pings without any answer, then it is dead: noticed after 13.5 s at the latest. */
const PING_EVERY_MS = 4_500;
const UNANSWERED_PINGS = 2;
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 30_000;
/** A connection that stood this long was a good one: the next attempt is made at once. */
const STABLE_MS = 10_000;
const MAX_FRAME_BYTES = 16 * 1024 * 1024;

export class KeptSocket {
  readonly #options: KeptSocketOptions;
  #socket: WebSocket | null = null;
  #attempts = 0;
  #unanswered = 0;
  #heardAt: number | null = null;
  #readySince: number | null = null;
  #closed = false;
  #cancelTimer: () => void = () => undefined;

  constructor(options: KeptSocketOptions) {
    this.#options = options;
  }

  open(): void {
    const { url, clock, protocol, connect } = this.#options;
    const socket = new WebSocket(url, {
      perMessageDeflate: false,
      maxPayload: MAX_FRAME_BYTES,
      followRedirects: false,
      ...(connect === undefined ? {} : { createConnection: connect }),
    });
    this.#socket = socket;
    this.#timer(READY_WITHIN_MS, () => this.drop(`not ready within ${READY_WITHIN_MS} ms`));
    const send = (text: string) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(text);
    };
    const heard = () => {
      this.#unanswered = 0;
      this.#heardAt = clock.now();
    };
    let failure: string | null = null;
    socket.on("open", () => {
      if (socket !== this.#socket) return;
      heard();
      protocol.onOpen(send);
    });
    socket.on("message", (data: WebSocket.RawData) => {
      if (socket !== this.#socket) return;
      heard();
      protocol.onText(storableText(textOf(data)), send);
    });
    socket.on("pong", heard);
    socket.on("ping", heard);
    // `close` follows every error: one place to end.
    socket.on("error", (error) => (failure = error.message));
    socket.on("close", (code, reason) => {
      if (socket !== this.#socket) return;
      const said = storableText(reason.toString("utf8"));
      this.#down(failure ?? `closed by the other side: ${code} ${said}`.trim());
    });
  }

  /** The protocol has what it wants: from here on, silence is checked instead of the deadline. */
  ready(): void {
    if (this.#readySince !== null) return;
    this.#readySince = this.#options.clock.monotonic();
    this.#unanswered = 0;
    this.#watch();
  }

  isReady(): boolean {
    return this.#readySince !== null;
  }

  send(text: string): void {
    if (this.#socket?.readyState === WebSocket.OPEN) this.#socket.send(text);
  }

  lastHeardAt(): number | null {
    return this.#readySince === null ? null : this.#heardAt;
  }

  /** Gives this connection up and makes the next. `slowly`: what is wrong will not pass by itself soon. */
  drop(cause: string, pace: "soon" | "slowly" = "soon"): void {
    const socket = this.#socket;
    if (socket === null) return;
    this.#down(cause, pace);
    socket.terminate();
  }

  close(): Promise<void> {
    this.#closed = true;
    this.#cancelTimer();
    const socket = this.#socket;
    this.#socket = null;
    this.#readySince = null;
    if (socket === null || socket.readyState === WebSocket.CLOSED) return Promise.resolve();
    return new Promise((resolve) => {
      socket.once("close", () => resolve());
      // A closing handshake would wait for a peer that may be gone.
      socket.terminate();
    });
  }

  #watch(): void {
    this.#timer(PING_EVERY_MS, () => {
      if (this.#unanswered >= UNANSWERED_PINGS) {
        return this.drop(`silent for ${UNANSWERED_PINGS} pings`);
      }
      this.#unanswered += 1;
      this.#socket?.ping();
      this.#watch();
    });
  }

  #down(cause: string, pace: "soon" | "slowly" = "soon"): void {
    const { clock, protocol } = this.#options;
    const wasStable =
      this.#readySince !== null && clock.monotonic() - this.#readySince >= STABLE_MS;
    this.#socket = null;
    this.#readySince = null;
    this.#heardAt = null;
    this.#attempts = wasStable ? 0 : this.#attempts + 1;
    const doubled = FIRST_WAIT_MS * 2 ** Math.min(this.#attempts, 16);
    const wait = pace === "slowly" ? LONGEST_WAIT_MS : Math.min(doubled, LONGEST_WAIT_MS);
    if (!this.#closed) this.#timer(wait, () => this.open());
    protocol.onDown(cause);
  }

  /** One timer at a time: each mode waits for one thing. */
  #timer(ms: number, then: () => void): void {
    this.#cancelTimer();
    this.#cancelTimer = this.#options.clock.after(ms, () => {
      if (!this.#closed) then();
    });
  }
}

function textOf(data: WebSocket.RawData): string {
  if (Array.isArray(data)) return Buffer.concat(data).toString("utf8");
  return Buffer.isBuffer(data) ? data.toString("utf8") : Buffer.from(data).toString("utf8");
}
