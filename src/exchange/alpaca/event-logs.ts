// What is told by server-sent events: every update of an order, and every activity.
import type { Update } from "../core/world.ts";
import type { Exchange } from "../exchange.ts";
import { ulid } from "./event-id.ts";
import { EventLog } from "./event-log.ts";
import { entryEvent, feeEvent, tradeEvent } from "./json/activity-event.ts";
import type { Frame } from "./trade-updates.ts";
import { dataOf } from "./trade-updates.ts";

export class EventLogs {
  readonly #trades: EventLog;
  readonly #activities: EventLog;

  constructor(exchange: Exchange) {
    this.#trades = new EventLog(exchange);
    this.#activities = new EventLog(exchange);
    exchange.listen((update) => this.#takeTrade(update));
    exchange.listenToEntries((news) => {
      const { at, entry } = news;
      const eventId = ulid(at);
      this.#take(entry.accountId, { at, eventId, event: entryEvent(eventId, news) });
    });
  }

  /** By its path. */
  get(path: string): EventLog | undefined {
    if (path === "/v2/events/trades") return this.#trades;
    return path === "/v2beta1/events/activities" ? this.#activities : undefined;
  }

  addFrame(frame: Frame): void {
    const { accountId, eventId, at } = frame;
    const account = `{"account_id":${JSON.stringify(accountId)},`;
    this.#trades.add({ accountId, eventId, at, json: () => account + dataOf(frame).slice(1) });
  }

  #takeTrade({ execution, order }: Update): void {
    if (execution === null) return;
    const { accountId, at } = execution;
    const eventId = ulid(at);
    this.#take(accountId, { at, eventId, event: tradeEvent(eventId, execution, order) });
    if (execution.fee.isZero()) return;
    const feeId = ulid(at, 1);
    this.#take(accountId, { at, eventId: feeId, event: feeEvent(feeId, execution) });
  }

  /** Written now: an order goes on changing. */
  #take(accountId: string, { at, eventId, event }: Told): void {
    const json = JSON.stringify(event);
    this.#activities.add({ accountId, eventId, at, json: () => json });
  }
}

interface Told {
  readonly at: number;
  readonly eventId: string;
  readonly event: unknown;
}
