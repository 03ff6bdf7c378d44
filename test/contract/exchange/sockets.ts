// A plain WebSocket for tests: every frame is kept, and can be waited for.
import { WebSocket } from "ws";

export interface Heard {
  readonly binary: boolean;
  readonly text: string;
}

export class Ear {
  readonly socket: WebSocket;
  readonly heard: Heard[] = [];
  closed = false;
  #waiting: (() => void)[] = [];

  constructor(url: string, headers: Record<string, string> = {}) {
    this.socket = new WebSocket(url, { headers, perMessageDeflate: false });
    this.socket.on("message", (raw: Buffer, binary: boolean) => {
      this.heard.push({ binary, text: raw.toString("utf8") });
      this.#wake();
    });
    this.socket.on("close", () => {
      this.closed = true;
      this.#wake();
    });
    this.socket.on("error", () => this.#wake());
  }

  opened(): Promise<void> {
    return new Promise((resolve, reject) => {
      this.socket.once("open", resolve);
      this.socket.once("error", reject);
    });
  }

  say(message: unknown): void {
    this.socket.send(typeof message === "string" ? message : JSON.stringify(message));
  }

  messages(): Record<string, unknown>[] {
    return this.heard.map(({ text }) => JSON.parse(text));
  }

  /** Resolves when the condition holds after some frame, or the close. */
  async until(holds: () => boolean): Promise<void> {
    while (!holds()) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  async count(frames: number): Promise<Record<string, unknown>[]> {
    await this.until(() => this.heard.length >= frames || this.closed);
    return this.messages();
  }

  #wake(): void {
    for (const wake of this.#waiting.splice(0)) wake();
  }
}

export function wsUrl(url: string, path: string): string {
  return url.replace(/^http/, "ws") + path;
}

/** A trade stream that has been authenticated and is listening. */
export async function tradeStream(url: string, key = "lab"): Promise<Ear> {
  const ear = new Ear(wsUrl(url, "/stream"));
  await ear.opened();
  ear.say({ action: "auth", key, secret: "secret" });
  ear.say({ action: "listen", data: { streams: ["trade_updates"] } });
  await ear.count(2);
  ear.heard.splice(0);
  return ear;
}

export interface TradeUpdate {
  readonly event: string;
  readonly order: Record<string, unknown>;
  readonly [key: string]: unknown;
}

export function updates(ear: Ear): TradeUpdate[] {
  return ear.messages().map(({ data }) => data as TradeUpdate); // every frame after the handshake
}
