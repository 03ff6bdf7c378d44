// Whoever trades in the contract's cases: places orders, listens, waits, and knows what was heard.
import { randomUUID } from "node:crypto";
import { expect } from "vitest";
import type { BrokerReport } from "../../src/domain/broker.ts";
import { Decimal } from "../../src/domain/decimal.ts";
import { asId } from "../../src/domain/ids.ts";
import type { BrokerOrderId, BrokerReference, OrderId } from "../../src/domain/ids.ts";
import type { OrderTerms, TermsChange } from "../../src/domain/order/spec.ts";
import type { BrokerStream, CallOptions } from "../../src/ports/broker.ts";
import type { BrokerUnderTest } from "./broker-contract.ts";

export type ReportOf<Kind extends BrokerReport["kind"]> = Extract<BrokerReport, { kind: Kind }>;

/** Any words at all; vitest types its matchers as `any`. */
export const WORDS = expect.stringMatching(/./) as unknown as string;

/** A broker gets this long, in turns, to do what it has to. */
const TURNS = 400;
const TURN_MS = 10;

export class Trader {
  readonly broker: BrokerUnderTest;
  readonly reports: BrokerReport[] = [];
  readonly unreadable: string[] = [];
  connections = 0;
  #stream: BrokerStream | null = null;
  #counter = 0;

  constructor(broker: BrokerUnderTest) {
    this.broker = broker;
  }

  get port() {
    return this.broker.port;
  }

  /** Each call has a signal of its own, as in life. */
  get call(): CallOptions {
    return { signal: new AbortController().signal };
  }

  reference(orderId = asId<OrderId>(randomUUID()), generation = 1): BrokerReference {
    this.#counter += 1;
    return this.port.traits.reference(orderId, generation, this.#counter);
  }

  /** A market order for ten shares, unless said otherwise. */
  terms(more: Partial<OrderTerms> = {}): OrderTerms {
    return {
      side: "buy",
      type: "market",
      timeInForce: "day",
      quantity: Decimal.ofInteger(10),
      notional: null,
      limitPrice: null,
      stopPrice: null,
      trailPrice: null,
      trailPercent: null,
      extendedHours: false,
      postOnly: false,
      exits: null,
      ...more,
    };
  }

  /** A price so far below the market that an order to buy there rests. */
  get low(): Decimal {
    return this.broker.price.dividedBy(Decimal.ofInteger(2), 0, "down");
  }

  resting(more: Partial<OrderTerms> = {}): OrderTerms {
    return this.terms({ type: "limit", limitPrice: this.low, ...more });
  }

  submit(terms: OrderTerms, reference = this.reference()) {
    return this.port.submit({ instrument: this.broker.stock, reference, terms }, this.call);
  }

  async place(terms: OrderTerms, reference = this.reference()) {
    const outcome = await this.submit(terms, reference);
    if (outcome.result !== "accepted") throw new Error(`not accepted: ${JSON.stringify(outcome)}`);
    return outcome.snapshot;
  }

  replace(
    brokerOrderId: BrokerOrderId,
    change: TermsChange,
    terms: OrderTerms,
    reference = this.reference(),
  ) {
    const instrument = this.broker.stock;
    return this.port.replace({ instrument, brokerOrderId, reference, change, terms }, this.call);
  }

  async find(brokerOrderId: BrokerOrderId) {
    const found = await this.port.findById(brokerOrderId, this.call);
    return found.result === "found" ? found.snapshot : null;
  }

  async listen(): Promise<void> {
    this.#stream = this.port.listen({
      onReport: (report) => this.reports.push(report),
      onConnected: () => (this.connections += 1),
      onDisconnected: () => undefined,
      onUnreadable: (raw, cause) => this.unreadable.push(`${cause}: ${raw}`),
    });
    await this.until(() => this.connections > 0, "connected");
  }

  get stream(): BrokerStream {
    if (this.#stream === null) throw new Error("nobody listens");
    return this.#stream;
  }

  heard<Kind extends BrokerReport["kind"]>(id: BrokerOrderId, kind: Kind): ReportOf<Kind>[] {
    return this.reports.filter(
      (report): report is ReportOf<Kind> => report.kind === kind && report.brokerOrderId === id,
    );
  }

  /** What the fills heard of an order add up to, each counted once. */
  executed(id: BrokerOrderId): Decimal {
    const fills = this.heard(id, "executed").map(({ execution }) => execution);
    const unique = new Map(fills.map((fill) => [fill.id, fill.quantity]));
    return Decimal.sum(unique.values());
  }

  async until(holds: () => boolean | Promise<boolean>, what: string): Promise<void> {
    for (let turn = 0; turn < TURNS; turn += 1) {
      if (await holds()) return;
      await this.broker.pass(TURN_MS);
    }
    expect.fail(`the broker never came to: ${what}`);
  }

  untilStatus(id: BrokerOrderId, status: string): Promise<void> {
    return this.until(async () => (await this.find(id))?.status === status, `${id} is ${status}`);
  }

  async close(): Promise<void> {
    await this.#stream?.close();
  }
}
