// The last events of one kind, of all accounts: server-sent events with a past.
// Kept in memory and bounded; the real one reaches further back.
import type { ServerResponse } from "node:http";
import type { Exchange } from "../exchange.ts";
import { ULID } from "./event-id.ts";
import { instantMicros } from "./instants.ts";
import { invalid } from "./wire.ts";

const MAX_EVENTS = 5_000;

export interface LoggedEvent {
  readonly accountId: string;
  readonly eventId: string;
  /** In microseconds. */
  readonly at: number;
  readonly json: () => string;
}

interface Reader {
  readonly accountId: string;
  readonly response: ServerResponse;
  readonly isDone: (event: LoggedEvent) => boolean;
}

export interface Asked {
  readonly follows: (event: LoggedEvent) => boolean;
  readonly isDone: (event: LoggedEvent) => boolean;
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
    follows: ({ at, eventId }) =>
      (since === null || at >= since) && (sinceId === null || eventId > sinceId),
    isDone: ({ at, eventId }) =>
      (until !== null && at > until) || (untilId !== null && eventId > untilId),
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
  readonly #events: LoggedEvent[] = [];
  readonly #readers = new Set<Reader>();

  constructor(exchange: Exchange) {
    this.#exchange = exchange;
  }

  add(event: LoggedEvent): void {
    this.#events.push(event);
    if (this.#events.length > MAX_EVENTS * 2) this.#events.splice(0, MAX_EVENTS);
    for (const reader of this.#readers) {
      if (reader.accountId === event.accountId) this.#tell(reader, event);
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
      for (const event of this.#events) {
        if (event.accountId === accountId && asked.follows(event)) this.#tell(reader, event);
      }
    }
    const now = this.#exchange.clock.now();
    if (asked.endsAt !== null) {
      this.#exchange.clock.after(Math.max(0, asked.endsAt - now), () => this.#end(reader));
    }
  }

  #tell(reader: Reader, event: LoggedEvent): void {
    if (!this.#readers.has(reader)) return;
    if (reader.isDone(event)) {
      this.#end(reader);
      return;
    }
    reader.response.write(`data: ${event.json()}\n\n`);
  }

  #end(reader: Reader): void {
    if (this.#readers.delete(reader)) reader.response.end();
  }
}
