// Which socket is which: upgrades by path, and what the control interface may do to all of them.
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { WebSocketServer } from "ws";
import type { DataStreams } from "./data-streams.ts";
import { feedKind } from "./data-streams.ts";
import type { Mishaps } from "../mishaps.ts";
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
  readonly #data: DataStreams;
  readonly #mishaps: Mishaps;
  #refusing = false;

  constructor(updates: TradeUpdates, data: DataStreams, mishaps: Mishaps) {
    this.#updates = updates;
    this.#data = data;
    this.#mishaps = mishaps;
  }

  get count(): number {
    return this.#updates.connections + this.#data.connections;
  }

  upgrade(request: IncomingMessage, socket: Duplex, head: Buffer): void {
    socket.on("error", () => socket.destroy());
    const [path = ""] = (request.url ?? "").split("?");
    const feed = feedKind(path);
    if (this.#refusing || (path !== "/stream" && feed === null)) {
      socket.end("HTTP/1.1 404 Not Found\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
      return;
    }
    this.#server.handleUpgrade(request, socket, head, (opened) => {
      const open = (): void => {
        if (feed === null) this.#updates.open(opened, request, socket);
        else this.#data.open(opened, request, path, feed);
      };
      if (!this.#mishaps.survive(`a socket of ${path}`, open)) opened.terminate();
    });
  }

  close(code: number | null): void {
    this.#updates.closeAll(code);
    this.#data.closeAll();
  }

  silence(on: boolean): void {
    this.#updates.silence(on);
    this.#data.silence(on);
  }

  refuse(on: boolean): void {
    this.#refusing = on;
  }

  stop(): void {
    this.close(null);
    this.#server.close();
  }
}
