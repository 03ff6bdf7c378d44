// A broker in memory for the properties of the book: it keeps its own account of every order and fill,
// answers calls when told to, and loses, delays, repeats and reorders what it has to say.
import type {
  BrokerCall,
  BrokerOrderSnapshot,
  BrokerReport,
  BrokerView,
  CallOutcome,
} from "../../src/domain/broker.ts";
import { Decimal } from "../../src/domain/decimal.ts";
import { asId } from "../../src/domain/ids.ts";
import type { BrokerOrderId, ExecutionId, InstrumentId } from "../../src/domain/ids.ts";
import type { OrderTerms } from "../../src/domain/order/spec.ts";
import { ACCOUNT_ID } from "../unit/decide/scene.ts";
import type { Scene } from "../unit/decide/scene.ts";

interface Held {
  readonly brokerOrderId: BrokerOrderId;
  readonly reference: BrokerOrderSnapshot["reference"];
  readonly instrumentId: InstrumentId;
  terms: OrderTerms;
  filled: Decimal;
  status: "accepted" | "filled" | "cancelled" | "replaced";
  replacedBy: BrokerOrderId | null;
  replaces: BrokerOrderId | null;
  updatedAt: number;
}

type Told = BrokerView["executions"][number];

export class PaperBroker {
  readonly scene: Scene;
  readonly orders: Held[] = [];
  /** Reports that were made and not delivered yet. */
  readonly mail: BrokerReport[] = [];
  /** Fills as the activities list them. */
  readonly executions: Told[] = [];
  #ids = 0;
  #taken = 0;

  constructor(scene: Scene) {
    this.scene = scene;
  }

  get calls(): readonly BrokerCall[] {
    return this.scene.calls.slice(this.#taken);
  }

  /** Does the oldest call; its answer comes back unless it is lost on the way. */
  answer(fate: "told" | "lost" | "not_sent"): void {
    const call = this.scene.calls[this.#taken];
    if (call === undefined) return;
    this.#taken += 1;
    const outcome = fate === "not_sent" ? unsent(call) : this.#do(call);
    this.scene.outcome(fate === "lost" ? lost(call) : outcome);
  }

  #do(call: BrokerCall): CallOutcome {
    const { kind, orderId } = call;
    switch (kind) {
      case "submit":
        return this.#submit(call);
      case "cancel": {
        const order = this.orders.find((one) => one.brokerOrderId === call.brokerOrderId);
        if (order?.status !== "accepted") {
          return { kind, orderId, outcome: { result: "refused", message: "not open" } };
        }
        order.status = "cancelled";
        this.#post(order, { kind: "cancelled" });
        return { kind, orderId, outcome: { result: "requested" } };
      }
      case "replace":
        return this.#replace(call);
      case "lookup": {
        const order = this.orders.find(
          (one) =>
            one.brokerOrderId === call.brokerOrderId ||
            (call.brokerOrderId === null && one.reference === call.reference),
        );
        if (order === undefined) return { kind, orderId, outcome: { result: "not_found" } };
        return { kind, orderId, outcome: { result: "found", snapshot: this.snapshot(order) } };
      }
    }
  }

  #submit(call: Extract<BrokerCall, { kind: "submit" }>): CallOutcome {
    const { kind, orderId, generation, reference, instrumentId, terms } = call;
    if (this.orders.some((one) => one.reference === reference)) {
      return { kind, orderId, generation, outcome: { result: "duplicate" } };
    }
    const order = this.#open(instrumentId, terms, reference);
    this.#post(order, { kind: "accepted" });
    const snapshot = this.snapshot(order);
    return { kind, orderId, generation, outcome: { result: "accepted", snapshot } };
  }

  #replace(call: Extract<BrokerCall, { kind: "replace" }>): CallOutcome {
    const { kind, orderId, generation, reference, brokerOrderId, terms, change } = call;
    const old = this.orders.find((one) => one.brokerOrderId === brokerOrderId);
    const whole = change.quantity ?? old?.terms.quantity ?? null;
    const isTooSmall = old !== undefined && whole?.lte(old.filled) === true;
    if (old?.status !== "accepted" || isTooSmall) {
      return { kind, orderId, generation, outcome: { result: "refused", message: "not open" } };
    }
    // The new order is for what the old one has left of it.
    const quantity = whole?.minus(old.filled) ?? null;
    const next = this.#open(old.instrumentId, { ...terms, quantity }, reference);
    next.replaces = old.brokerOrderId;
    old.status = "replaced";
    old.replacedBy = next.brokerOrderId;
    this.#post(old, {
      kind: "replaced",
      newBrokerOrderId: next.brokerOrderId,
      newReference: next.reference,
    });
    const snapshot = this.snapshot(next);
    return { kind, orderId, generation, outcome: { result: "requested", snapshot } };
  }

  #open(
    instrumentId: InstrumentId,
    terms: OrderTerms,
    reference: BrokerOrderSnapshot["reference"],
  ): Held {
    this.#ids += 1;
    const order: Held = {
      brokerOrderId: asId(`X-${this.#ids}`),
      reference,
      instrumentId,
      terms,
      filled: Decimal.ZERO,
      status: "accepted",
      replacedBy: null,
      replaces: null,
      updatedAt: this.scene.now,
    };
    this.orders.push(order);
    return order;
  }

  /** Fills part of an open order; the report waits in the mail, the activity is listed at once. */
  fill(pick: number, part: number): void {
    const open = this.orders.filter(({ status }) => status === "accepted");
    const order = open[pick % Math.max(1, open.length)];
    const whole = order?.terms.quantity;
    if (order === undefined || whole === null || whole === undefined) return;
    const left = whole.minus(order.filled);
    const quantity = Decimal.min(left, Decimal.ofInteger(part));
    order.filled = order.filled.plus(quantity);
    if (order.filled.eq(whole)) order.status = "filled";
    order.updatedAt = this.scene.now;
    this.#ids += 1;
    const execution = this.scene.execution(quantity.toString(), "100", {
      id: asId<ExecutionId>(`F-${this.#ids}`),
      brokerOrderId: order.brokerOrderId,
      cumulativeQuantity: order.filled,
    });
    const { side } = order.terms;
    const id = asId<ExecutionId>(`A-${this.#ids}`);
    this.executions.push({ ...execution, id, symbol: order.instrumentId, side });
    this.#post(order, { kind: "executed", execution });
  }

  #post(
    order: Held,
    fact: { readonly kind: BrokerReport["kind"] } & Record<string, unknown>,
  ): void {
    const { brokerOrderId, reference } = order;
    const head = { accountId: ACCOUNT_ID, brokerOrderId, reference, at: this.scene.now };
    // As on a wire every fact comes with the order as it was then.
    const snapshot = this.snapshot(order);
    // The head is the same for every kind; what differs came in as it is.
    this.mail.push({ ...head, snapshot, ...fact } as BrokerReport);
  }

  /** Delivers one waiting report, the pick deciding which; `again` leaves it in the mail as well. */
  deliver(pick: number, again: boolean): void {
    const index = pick % Math.max(1, this.mail.length);
    const report = this.mail[index];
    if (report === undefined) return;
    if (!again) this.mail.splice(index, 1);
    this.scene.when({ kind: "report", report });
  }

  snapshot(order: Held): BrokerOrderSnapshot {
    const { brokerOrderId, reference, instrumentId, terms, filled, updatedAt } = order;
    const { side, type, timeInForce, quantity, notional, limitPrice, stopPrice } = terms;
    return {
      brokerOrderId,
      reference,
      symbol: instrumentId,
      instrumentId,
      side,
      type,
      timeInForce,
      quantity,
      notional,
      limitPrice,
      stopPrice,
      status: order.status,
      filledQuantity: filled,
      averagePrice: null,
      replacedBy: order.replacedBy,
      replaces: order.replaces,
      legs: [],
      submittedAt: updatedAt,
      updatedAt,
      message: null,
    };
  }

  held(instrumentId: InstrumentId): Decimal {
    return Decimal.sum(
      this.executions
        .filter(({ symbol }) => symbol === instrumentId)
        .map(({ side, quantity }) => (side === "buy" ? quantity : quantity.negated())),
    );
  }

  /** What is held on a side at worst, when everything that is open there fills and nothing on the other. */
  worst(instrumentId: InstrumentId, side: "buy" | "sell"): Decimal {
    const open = this.orders.filter(
      (one) =>
        one.status === "accepted" && one.instrumentId === instrumentId && one.terms.side === side,
    );
    const left = Decimal.sum(
      open.map(({ terms, filled }) => (terms.quantity ?? Decimal.ZERO).minus(filled)),
    );
    const held = this.held(instrumentId);
    return left.plus(side === "buy" ? held : held.negated());
  }

  /** What all fills together brought in. */
  paid(): Decimal {
    return Decimal.sum(
      this.executions.map(({ side, quantity, price }) => {
        const value = quantity.times(price);
        return side === "buy" ? value.negated() : value;
      }),
    );
  }

  view(): Partial<BrokerView> {
    const { account } = this.scene.viewOf();
    const open = new Set(this.scene.account.open);
    const ours = new Set(
      [...open].map((id) => this.scene.account.orders.get(id)?.brokerOrderId ?? null),
    );
    const instruments = [...new Set(this.orders.map(({ instrumentId }) => instrumentId))];
    return {
      account: { ...account, cash: account.cash.plus(this.paid()) },
      openOrders: this.orders
        .filter(({ status }) => status === "accepted")
        .map((order) => this.snapshot(order)),
      pastOrders: [],
      askedOrders: this.orders
        .filter((order) => order.status !== "accepted" && ours.has(order.brokerOrderId))
        .map((order) => this.snapshot(order)),
      executions: this.executions,
      positions: instruments.map((instrumentId) => ({
        symbol: instrumentId,
        instrumentId,
        quantity: this.held(instrumentId),
        averagePrice: Decimal.HUNDRED,
      })),
    };
  }
}

function lost(call: BrokerCall): CallOutcome {
  const { orderId } = call;
  const outcome = { result: "unresolved", cause: "the answer was lost", alarm: false } as const;
  switch (call.kind) {
    case "submit":
    case "replace":
      return { kind: call.kind, orderId, generation: call.generation, outcome };
    case "cancel":
      return { kind: "cancel", orderId, outcome };
    case "lookup":
      return { kind: "lookup", orderId, outcome: { result: "unavailable", cause: "lost" } };
  }
}

function unsent(call: BrokerCall): CallOutcome {
  const { orderId } = call;
  const outcome = { result: "not_sent", cause: "the lease would end" } as const;
  switch (call.kind) {
    case "submit":
    case "replace":
      return { kind: call.kind, orderId, generation: call.generation, outcome };
    case "cancel":
      return { kind: "cancel", orderId, outcome };
    case "lookup":
      return { kind: "lookup", orderId, outcome: { result: "unavailable", cause: "unsent" } };
  }
}
