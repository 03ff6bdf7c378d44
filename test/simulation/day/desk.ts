// Whoever trades on the day: signals of every kind, and cancels, replaces and closes among them.
import { encodeCommand } from "../../../src/domain/codec/command.ts";
import { encodeSignal } from "../../../src/domain/codec/signal.ts";
import type { CommandRequest } from "../../../src/domain/command.ts";
import { Decimal } from "../../../src/domain/decimal.ts";
import { asId, type AccountId, type CommandId, type SignalId } from "../../../src/domain/ids.ts";
import type { Instrument } from "../../../src/domain/instrument.ts";
import type { OrderState } from "../../../src/domain/order/state.ts";
import { partitionOf } from "../../../src/domain/partition.ts";
import type { Acceptance } from "../../../src/ports/store.ts";
import type { Random } from "../random.ts";
import { ACCOUNTS, PARTITIONS, type House } from "./house.ts";
import { quoteOf, type Venue } from "./venue.ts";
import { wishOf } from "./wishes.ts";

export const BELL = Date.parse("2026-07-06T13:30:00Z");

/** An account with more open orders than this is tidied up before it goes on. */
const TIDY_ABOVE = 150;
const MOST_AT_ONCE = Decimal.ofInteger(3);

export class Desk {
  readonly #house: House;
  readonly #venue: Venue;
  readonly #random: Random;
  #count = 0;
  #signals = 0;

  constructor(house: House, venue: Venue, random: Random) {
    this.#house = house;
    this.#venue = venue;
    this.#random = random;
  }

  get signals(): number {
    return this.#signals;
  }

  act(): void {
    const accountId = this.#random.pick(ACCOUNTS).id;
    const instrument = this.#random.pick(this.#venue.instruments);
    const chance = this.#random.next();
    if (chance < 0.14) this.#command(accountId, this.#request(accountId, instrument));
    else if (chance > 0.92) this.#haggle(accountId);
    else this.#signal(accountId, instrument);
  }

  /** A part of a resting order fills, and what is left of it is changed, often before the part is told. */
  #haggle(accountId: AccountId): void {
    const random = this.#random;
    const resting = this.#open(accountId).filter(
      ({ terms: { type, quantity, exits }, ...order }) => {
        const isAlone = exits === null && order.parentId === null && order.brokerOrderId !== null;
        const left = quantity?.minus(order.filledQuantity) ?? Decimal.ZERO;
        return type === "limit" && isAlone && quantity?.scale() === 0 && left.gt(MOST_AT_ONCE);
      },
    );
    const changed = resting.filter(({ brokerOrderChain }) => brokerOrderChain.length > 0);
    const among = changed.length > 0 && random.chance(0.7) ? changed : resting;
    if (among.length === 0) return;
    const { id: orderId, brokerOrderId, filledQuantity, terms } = random.pick(among);
    const part = Decimal.ofInteger(random.between(1, 3));
    if (brokerOrderId !== null) this.#venue.fillPart(brokerOrderId, part);
    const quantity = filledQuantity.plus(Decimal.ofInteger(random.between(4, 40)));
    const by = Decimal.of("0.01");
    const away = terms.limitPrice?.plus(terms.side === "buy" ? by.negated() : by);
    const change = away !== undefined && random.chance(0.3) ? { limitPrice: away } : { quantity };
    this.#command(accountId, { kind: "replace_order", orderId, change });
  }

  #signal(accountId: AccountId, instrument: Instrument): void {
    const { database } = this.#house;
    const { bid, ask } = quoteOf(this.#venue, instrument);
    const held =
      database.holdings.rows.get(`${accountId} ${instrument.id} `)?.quantity ?? Decimal.ZERO;
    const now = this.#now();
    const beforeTheBell = now < BELL;
    const wish = wishOf({ random: this.#random, instrument, bid, ask, held, beforeTheBell });
    this.#signals += 1;
    const signal = {
      id: asId<SignalId>(this.#nextId()),
      accountId,
      instrumentId: instrument.id,
      strategyId: null,
      wish,
      reason: null,
      validUntil: null,
      // Given in the session, an order for the opening auction would wait for tomorrow's.
      onMarketClosed: wish.terms.timeInForce === "opg" ? "reject" : "queue",
      receivedAt: now,
      actor: "desk",
      traceParent: null,
    } as const;
    this.#send("signals", accountId, signal.id, encodeSignal(signal));
  }

  #command(accountId: AccountId, request: CommandRequest): void {
    const id = asId<CommandId>(this.#nextId());
    const receivedAt = this.#now();
    const body = encodeCommand({
      ...{ id, accountId, request, receivedAt },
      actor: "desk",
      traceParent: null,
    });
    this.#send("control", accountId, id, body);
  }

  #request(accountId: AccountId, { id: instrumentId }: Instrument): CommandRequest {
    const random = this.#random;
    const open = this.#open(accountId);
    const filter = { instrumentId, strategyId: null, side: null };
    if (open.length > TIDY_ABOVE) {
      const { instrumentId: crowded } = random.pick(open);
      return { kind: "cancel_orders", filter: { ...filter, instrumentId: crowded } };
    }
    const style = random.next();
    if (open.length === 0 || style < 0.15) {
      return { kind: "close_position", instrumentId, quantity: null };
    }
    const { id: orderId, terms, instrumentId: ofOrder } = random.pick(open);
    if (style < 0.5) return { kind: "cancel_order", orderId };
    if (terms.limitPrice !== null && style < 0.75) {
      const { bid, ask } = quoteOf(this.#venue, this.#instrument(ofOrder));
      const isDear = terms.limitPrice.gt(ask) || terms.limitPrice.lt(bid);
      const by = Decimal.of(isDear ? "0.05" : "0.01");
      const limitPrice = terms.limitPrice.plus(terms.side === "buy" ? by : by.negated());
      return { kind: "replace_order", orderId, change: { limitPrice } };
    }
    return {
      kind: "replace_order",
      orderId,
      change: { quantity: Decimal.ofInteger(random.between(1, 80)) },
    };
  }

  #open(accountId: AccountId): OrderState[] {
    const { orders } = this.#house.database;
    return [...orders.values()].filter(
      (order) => order.closedAt === null && order.accountId === accountId,
    );
  }

  #instrument(id: Instrument["id"]): Instrument {
    const found = this.#venue.instruments.find((instrument) => instrument.id === id);
    if (found === undefined) throw new Error(`${id} is not traded`);
    return found;
  }

  #send(lane: Acceptance["lane"], accountId: AccountId, id: string, body: string): void {
    const { database, stream } = this.#house;
    const partition = partitionOf(accountId, PARTITIONS);
    const [answer] = database.accept([
      {
        ...{ lane, id, accountId, partition, body },
        idempotency: null,
        fingerprint: body,
        receivedAt: this.#now(),
        actor: "desk",
        traceParent: null,
      },
    ]);
    if (answer?.result !== "accepted") throw new Error(`${id} was not accepted`);
    stream.add({ partition, lane, number: answer.number, body });
  }

  #now(): number {
    return this.#house.process.clock().now();
  }

  /** Shaped like the real ones: a UUID whose last byte is left to the orders. */
  #nextId(): string {
    this.#count += 1;
    return `019a0000-0000-7000-8000-${this.#count.toString(16).padStart(10, "0")}00`;
  }
}
