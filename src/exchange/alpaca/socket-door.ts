// Which socket is which: upgrades by path, and what the control interface may do to all of them.
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import type { TradeUpdates } from "./trade-updates.ts";

const MAX_PAYLOAD_BYTES = 1024 * 1024;

export class SocketDoor {
  readonly #server = new WebSocketServer({
    noServer: true,
    maxPayload: MAX_PAYLOAD_BYTES,
    // Pongs are given by hand, since a silent socket gives none.
    autoPong: false,
    perMessageDeflate: false,
  });
  readonly #updates: TradeUpdates;
  #refusing = false;

  constructor(updates: TradeUpdates) {
    this.#updates = updates;
  }

  get count(): number {
    return this.#updates.connections;
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on("error", () => socket.destroy());
    const path = (request.url ?? "").split("?")[0];
    if (this.#refusing || path !== "/stream") {
      socket.end("HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (opened) => this.#updates.open(opened));
  }

  close(code: number | null): void {
    this.#updates.closeAll(code);
  }

  silence(on: boolean): void {
    this.#updates.silence(on);
  }

  refuse(on: boolean): void {
    this.#refusing = on;
  }

  stop(): void {
    this.#updates.closeAll(null);
    this.#server.close();
  }
}
