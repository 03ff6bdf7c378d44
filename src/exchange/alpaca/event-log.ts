// The last trade events of all accounts, for `GET /v2/events/trades`: server-sent events with a past.
// Kept in memory and bounded; the real one reaches further back.
import type { ServerResponse } from "node:http";
import type { Exchange } from "../exchange.ts";
import { ULID } from "./event-id.ts";
import { instantMicros } from "./instants.ts";
import type { Frame } from "./trade-updates.ts";
import { dataOf } from "./trade-updates.ts";
import { invalid } from "./wire.ts";

const MAX_EVENTS = 5_000;

interface Reader {
  readonly accountId: string;
  readonly response: ServerResponse;
  readonly isDone: (frame: Frame) => boolean;
}

export interface Asked {
  readonly follows: (frame: Frame) => boolean;
  readonly isDone: (frame: Frame) => boolean;
  /** Whether the past is wanted at all: without bounds only what comes is told. */
  readonly past: boolean;
  readonly endsAt: number | null;
}

/** Which events a reader asks for. Bounds are inclusive, except that an id means what follows it. */
export function askedEvents(query: URLSearchParams): Asked {
  const since = instantMicros(query.get("since"), "since");
  const until = instantMicros(query.get("until"), "until");
  const sinceId = idOf(query, "since_id");
  const untilId = idOf(query, "until_id");
  if (until !== null && since === null) throw invalid("since is required when until is given");
  if (untilId !== null && sinceId === null) {
    throw invalid("since_id is required when until_id is given");
  }
  if (since !== null && sinceId !== null) {
    throw invalid("only one of since or since_id is accepted");
  }
  return {
    follows: (frame) =>
      (since === null || frame.at >= since) && (sinceId === null || frame.eventId > sinceId),
    isDone: (frame) =>
      (until !== null && frame.at > until) || (untilId !== null && frame.eventId > untilId),
    past: since !== null || sinceId !== null,
    endsAt: until === null ? null : Math.floor(until / 1000),
  };
}

function idOf(query: URLSearchParams, name: string): string | null {
  const id = query.get(name) ?? "";
  if (id === "") return null;
  if (!ULID.test(id)) throw invalid(`invalid ${name}`);
  return id;
}

export class EventLog {
  readonly #exchange: Exchange;
  readonly #events: Frame[] = [];
  readonly #readers = new Set<Reader>();

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
  }

  add(frame: Frame): void {
    this.#events.push(frame);
    if (this.#events.length > MAX_EVENTS * 2) this.#events.splice(0, MAX_EVENTS);
    for (const reader of this.#readers) {
      if (reader.accountId === frame.accountId) this.#tell(reader, frame);
    }
  }

  read(accountId: string, asked: Asked, response: ServerResponse): void {
    response.writeHead(200, {
      "content-type": "text/event-stream; charset=UTF-8",
      "cache-control": "no-cache",
      "access-control-allow-origin": "*",
    });
    response.flushHeaders();
    const reader: Reader = { accountId, response, isDone: asked.isDone };
    this.#readers.add(reader);
    response.on("close", () => this.#readers.delete(reader));
    if (asked.past) {
      for (const frame of this.#events) {
        if (frame.accountId === accountId && asked.follows(frame)) this.#tell(reader, frame);
      }
    }
    const now = this.#exchange.clock.now();
    if (asked.endsAt !== null) {
      this.#exchange.clock.after(Math.max(0, asked.endsAt - now), () => this.#end(reader));
    }
  }

  closeAll(): void {
    for (const reader of this.#readers) reader.response.destroy();
  }

  #tell(reader: Reader, frame: Frame): void {
    if (!this.#readers.has(reader)) return;
    if (reader.isDone(frame)) {
      this.#end(reader);
      return;
    }
    const account = `{"account_id":${JSON.stringify(frame.accountId)},`;
    reader.response.write(`data: ${account}${dataOf(frame).slice(1)}\n\n`);
  }

  #end(reader: Reader): void {
    if (this.#readers.delete(reader)) reader.response.end();
  }
}
