// The `trade_updates` socket: silent until spoken to, no replay. JSON in binary frames as on paper, or
// in text frames as live; MessagePack for those who ask for it.
import type { IncomingMessage } from "node:http";
import type { Duplex } from "node:stream";
import { encode } from "@msgpack/msgpack";
import type { WebSocket } from "ws";
import type { Update } from "../core/world.ts";
import type { FaultSubject } from "../faults/rule.ts";
import { subjectOf } from "../faults/rule.ts";
import type { AlpacaContext } from "./context.ts";
import type { Gatekeeper } from "./credentials.ts";
import type { SocketMessage } from "./frame-codec.ts";
import { readFrame, wantsMsgpack } from "./frame-codec.ts";
import { streamOrderText } from "./json/order.ts";
import { timestamp } from "./json/time.ts";

interface Connection {
  readonly socket: WebSocket;
  /** The connection below it, to hold writes together. */
  readonly wire: Duplex;
  readonly msgpack: boolean;
  accountId: string | null;
  listening: boolean;
}

/** One told event, already in wire form. */
export interface Frame {
  readonly accountId: string;
  readonly subject: FaultSubject;
  readonly eventId: string;
  readonly at: number;
  /** The whole frame in JSON. Bytes, since thousands of frames are kept and text would weigh on the heap. */
  readonly bytes: Buffer;
}

const HEAD = '{"stream":"trade_updates","data":';

/** What the frame carries, without its envelope. */
export function dataOf(frame: Frame): string {
  return frame.bytes.toString("utf8", HEAD.length, frame.bytes.length - 1);
}

export function frameOf(context: AlpacaContext, update: Update, eventId: string): Frame {
  const { order, execution } = update;
  const at = timestamp(update.at);
  let data = `${HEAD}{"event":"${update.event}","timestamp":"${at}","order":${streamOrderText(order)}`;
  data += `,"at":"${at}","event_id":"${eventId}"`;
  if (update.executionId !== null && context.settings.activityIds !== "none") {
    data += `,"execution_id":"${update.executionId}"`;
  }
  if (execution !== null) {
    data += `,"price":"${execution.price}","qty":"${execution.quantity}"`;
    data += `,"position_qty":"${execution.positionQuantity}"`;
    if (execution.corrects !== null) data += `,"previous_execution_id":"${execution.corrects}"`;
  }
  const subject = subjectOf(order, update.event);
  const bytes = Buffer.from(`${data}}}`);
  return { accountId: order.accountId, subject, eventId, at: update.at, bytes };
}

/** A wrong key is answered late, so that a client that tries again at once does not spin. */
const UNAUTHORIZED_DELAY_MS = 100;
/** A reader that falls this far behind is cut off, as a slow client is. */
const MAX_UNREAD_BYTES = 32 * 1024 * 1024;
const MAX_MESSAGE_BYTES = 64 * 1024;

export class TradeUpdates {
  readonly #context: AlpacaContext;
  readonly #gatekeeper: Gatekeeper;
  readonly #connections = new Set<Connection>();
  #silent = false;

  constructor(context: AlpacaContext, gatekeeper: Gatekeeper) {
    this.#context = context;
    this.#gatekeeper = gatekeeper;
  }

  get connections(): number {
    return this.#connections.size;
  }

  open(socket: WebSocket, request: IncomingMessage, wire: Duplex): void {
    const msgpack = wantsMsgpack(request.headers);
    const connection: Connection = { socket, wire, msgpack, accountId: null, listening: false };
    this.#connections.add(connection);
    socket.on("close", () => this.#connections.delete(connection));
    socket.on("error", () => socket.terminate());
    socket.on("ping", (data: Buffer) => {
      if (!this.#silent) socket.pong(data);
    });
    const { mishaps } = this.#context.exchange;
    socket.on("message", (raw: Buffer, isBinary: boolean) => {
      const hear = (): void => this.#hear(connection, raw, isBinary);
      if (!mishaps.survive("a message on /stream", hear)) socket.terminate();
    });
  }

  /** All frames of a batch leave each socket in one write. */
  deliver(frames: readonly Frame[]): void {
    if (this.#silent) return;
    for (const connection of this.#connections) {
      if (!connection.listening) continue;
      if (connection.socket.bufferedAmount > MAX_UNREAD_BYTES) {
        connection.socket.terminate();
        continue;
      }
      connection.wire.cork();
      for (const frame of frames) {
        if (connection.accountId !== frame.accountId) continue;
        this.#send(connection, frame.bytes);
      }
      connection.wire.uncork();
    }
  }

  /** A silent socket stays open, and says nothing more: no frame, no answer, no pong. */
  silence(on: boolean): void {
    this.#silent = on;
  }

  closeAll(code: number | null): void {
    for (const { socket } of this.#connections) {
      if (code === null) socket.terminate();
      else socket.close(code);
    }
  }

  #say(connection: Connection, message: unknown): void {
    if (this.#silent || connection.socket.readyState !== connection.socket.OPEN) return;
    this.#send(connection, Buffer.from(JSON.stringify(message)));
  }

  /** The same values in either form: instants stay text in MessagePack too. */
  #send({ socket, msgpack }: Connection, json: Buffer): void {
    if (msgpack) socket.send(encode(JSON.parse(json.toString("utf8"))), { binary: true });
    else socket.send(json, { binary: this.#context.settings.streamFrames === "binary" });
  }

  #hear(connection: Connection, raw: Buffer, isBinary: boolean): void {
    const message = raw.length > MAX_MESSAGE_BYTES ? null : readFrame(raw, isBinary);
    switch (message?.action) {
      case "authenticate":
      case "auth":
        this.#authenticate(connection, message);
        return;
      case "listen":
        this.#listen(connection, message);
        return;
      default:
        this.#say(connection, {
          action: "error",
          data: { error_message: "internal server error" },
        });
        connection.socket.close();
    }
  }

  #authenticate(connection: Connection, message: SocketMessage): void {
    const data = object(message.data);
    const keyId = text(data?.key_id ?? message.key);
    const secret = text(data?.secret_key ?? message.secret);
    const pair = keyId === null || secret === null ? null : { keyId, secret };
    const admitted = this.#gatekeeper.admit(pair);
    const account = admitted === null ? null : this.#context.exchange.account(admitted);
    if (account === null) {
      this.#context.exchange.clock.after(UNAUTHORIZED_DELAY_MS, () =>
        this.#authorization(connection, "unauthorized", "authenticate"),
      );
      return;
    }
    connection.accountId = account.id;
    this.#authorization(connection, "authorized", "authenticate");
  }

  #authorization(connection: Connection, status: string, action: string): void {
    this.#say(connection, { stream: "authorization", data: { status, action } });
  }

  #listen(connection: Connection, message: SocketMessage): void {
    if (connection.accountId === null) {
      this.#authorization(connection, "unauthorized", "listen");
      return;
    }
    const streams = object(message.data)?.streams;
    const asked: readonly unknown[] = Array.isArray(streams) ? streams : [];
    connection.listening = asked.includes("trade_updates");
    const known = connection.listening ? ["trade_updates"] : [];
    this.#say(connection, { stream: "listening", data: { streams: known } });
  }
}

function object(value: unknown): SocketMessage | null {
  if (typeof value !== "object" || value === null || Array.isArray(value)) return null;
  return value as SocketMessage; // a non-null, non-array object has string keys
}

function text(value: unknown): string | null {
  return typeof value === "string" && value !== "" ? value : null;
}
