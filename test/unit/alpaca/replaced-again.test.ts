// An order that is replaced more than once with fills between, through the core, the adapter and the
// exchange: whatever a broker counts of a replacement, no more is filled than was asked for.
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { BrokerReport } from "../../../src/domain/broker.ts";
import type { OrderId } from "../../../src/domain/ids.ts";
import type { TermsChange } from "../../../src/domain/order/spec.ts";
import type { BrokerStream } from "../../../src/ports/broker.ts";
import { startMockAlpaca } from "../../support/mock-alpaca.ts";
import type { MockAlpaca } from "../../support/mock-alpaca.ts";
import { eventually } from "../../support/real-clock.ts";
import { AAPL, ACCOUNT_ID, d, Scene } from "../decide/scene.ts";

const call = () => ({ signal: new AbortController().signal });

/** The account's calls are made, and what the broker tells of them comes in. */
class Desk {
  readonly scene = new Scene();
  readonly #alpaca: MockAlpaca;
  readonly #port;
  readonly #stream: BrokerStream;
  #isConnected = false;

  constructor(alpaca: MockAlpaca) {
    this.#alpaca = alpaca;
    this.#port = alpaca.account();
    this.scene.world.price(AAPL, "200");
    this.#stream = this.#port.listen({
      onReport: (report) => this.#hear(report),
      onConnected: () => (this.#isConnected = true),
      onDisconnected: () => undefined,
      onUnreadable: (raw, cause) => {
        throw new Error(`${cause}: ${raw}`);
      },
    });
  }

  #hear(report: BrokerReport): void {
    this.scene.when({ kind: "report", report: { ...report, accountId: ACCOUNT_ID } });
  }

  async bid(quantity: string): Promise<OrderId> {
    await eventually(() => this.#isConnected, "connected");
    this.scene.signal({ side: "buy", quantity, type: "limit", limitPrice: "90" });
    const sent = this.scene.calls.at(-1);
    if (sent?.kind !== "submit") throw new Error("nothing was sent");
    const { orderId, reference, terms, generation } = sent;
    const request = { instrument: this.#instrument, reference, terms };
    const outcome = await this.#port.submit(request, call());
    this.scene.outcome({ kind: "submit", orderId, generation, outcome });
    return orderId;
  }

  get #instrument() {
    const found = this.#alpaca.directory.resolve("AAPL");
    if (found === null) throw new Error("there is AAPL");
    return found;
  }

  /** So much, or all that the broker still works. */
  async fill(id: OrderId, quantity?: string): Promise<void> {
    const before = this.scene.order(id);
    const wanted = quantity === undefined ? {} : { qty: quantity };
    await this.#alpaca.control(`/orders/${before.brokerOrderId}/fill`, { ...wanted, price: "90" });
    await eventually(() => this.filled(id) !== String(before.filledQuantity), "a fill");
  }

  async replace(id: OrderId, change: TermsChange): Promise<void> {
    const { brokerOrderId: before } = this.scene.order(id);
    this.scene.command({ kind: "replace_order", orderId: id, change });
    const sent = this.scene.calls.at(-1);
    if (sent?.kind !== "replace") throw new Error("nothing was replaced");
    const { generation } = sent;
    const outcome = await this.#port.replace({ ...sent, instrument: this.#instrument }, call());
    this.scene.outcome({ kind: "replace", orderId: id, generation, outcome });
    await eventually(() => this.scene.order(id).brokerOrderId !== before, "the new order");
    await eventually(() => this.scene.order(id).shown !== null, "what it shows");
  }

  filled(id: OrderId): string {
    return this.scene.order(id).filledQuantity.toString();
  }

  async close(): Promise<void> {
    await this.#stream.close();
  }
}

let alpaca: MockAlpaca;
let desk: Desk;
beforeEach(async () => {
  alpaca = await startMockAlpaca({ tickMs: 3_600_000 });
  desk = new Desk(alpaca);
});
afterEach(async () => {
  await desk.close();
  await alpaca.stop();
});

describe.each([
  ["shows what is left", false],
  ["carries the fills", true],
])("where a replacement %s", (_name, carries) => {
  beforeEach(() => alpaca.control("/settings", { replace_carries_fills: carries }, "PATCH"));

  it("a second replace of the quantity fills no more than the new one", async () => {
    const id = await desk.bid("10");
    await desk.fill(id, "4");
    await desk.replace(id, { limitPrice: d("91") });
    await desk.fill(id, "2");
    await desk.replace(id, { quantity: d("7") });
    await desk.fill(id);
    expect(desk.scene.order(id)).toMatchObject({ status: "filled", flags: [] });
    expect(desk.filled(id)).toBe("7");
    expect(desk.scene.alarms).toEqual([]);
  });

  it("and a third one, to more, as much as that", async () => {
    const id = await desk.bid("10");
    await desk.fill(id, "4");
    await desk.replace(id, { quantity: d("9") });
    await desk.replace(id, { quantity: d("8") });
    await desk.fill(id, "1");
    await desk.replace(id, { quantity: d("20") });
    await desk.fill(id);
    expect([desk.scene.order(id).status, desk.filled(id)]).toEqual(["filled", "20"]);
  });
});
