// Days in the life of an account, generated: signals, commands, answers, losses, delays, prices, time.
import fc from "fast-check";
import { AAPL, d, MSFT, Scene } from "../unit/decide/scene.ts";
import { PaperBroker } from "./book-broker.ts";

export type Step =
  | {
      readonly do: "signal";
      readonly side: "buy" | "sell";
      readonly size: number;
      readonly msft: boolean;
    }
  | {
      readonly do: "limit";
      readonly side: "buy" | "sell";
      readonly size: number;
      readonly msft: boolean;
    }
  | { readonly do: "target"; readonly size: number; readonly msft: boolean }
  | { readonly do: "answer"; readonly fate: "told" | "lost" | "not_sent" }
  | { readonly do: "fill"; readonly pick: number; readonly part: number }
  | { readonly do: "deliver"; readonly pick: number; readonly again: boolean }
  | { readonly do: "cancel"; readonly pick: number }
  | { readonly do: "replace"; readonly pick: number; readonly size: number }
  | { readonly do: "close"; readonly msft: boolean }
  | { readonly do: "flatten" }
  | { readonly do: "wait"; readonly ms: number }
  | { readonly do: "tokens"; readonly count: number }
  | { readonly do: "broker"; readonly up: boolean }
  | { readonly do: "view" };

const side = fc.constantFrom("buy" as const, "sell" as const);
const size = fc.integer({ min: 1, max: 12 });
const pick = fc.nat({ max: 20 });
const msft = fc.boolean();
const step = <Do extends Step["do"]>(name: Do, fields: Record<string, fc.Arbitrary<unknown>>) =>
  // Each call below gives the fields of its own kind of step.
  fc.record({ do: fc.constant(name), ...fields }) as unknown as fc.Arbitrary<Step>;

const fate = fc.constantFrom("told", "told", "told", "lost", "not_sent");

export const steps: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: step("signal", { side, size, msft }) },
    { weight: 4, arbitrary: step("limit", { side, size, msft }) },
    { weight: 2, arbitrary: step("target", { size: fc.integer({ min: -8, max: 8 }), msft }) },
    { weight: 10, arbitrary: step("answer", { fate }) },
    { weight: 6, arbitrary: step("fill", { pick, part: size }) },
    { weight: 10, arbitrary: step("deliver", { pick, again: fc.boolean() }) },
    { weight: 2, arbitrary: step("cancel", { pick }) },
    { weight: 2, arbitrary: step("replace", { pick, size }) },
    { weight: 1, arbitrary: step("close", { msft }) },
    { weight: 1, arbitrary: step("flatten", {}) },
    { weight: 4, arbitrary: step("wait", { ms: fc.integer({ min: 1, max: 20_000 }) }) },
    { weight: 2, arbitrary: step("tokens", { count: fc.integer({ min: 0, max: 3 }) }) },
    { weight: 1, arbitrary: step("broker", { up: fc.boolean() }) },
    { weight: 2, arbitrary: step("view", {}) },
  ),
  { maxLength: 70, size: "max" },
);

/** One market whose limit is nearly reached: orders fill in part and are cancelled, and word of it is late. */
export const crowded: fc.Arbitrary<readonly Step[]> = fc.array(
  fc.oneof(
    {
      weight: 3,
      arbitrary: step("limit", {
        side: fc.constant("buy"),
        size: fc.integer({ min: 7, max: 12 }),
        msft: fc.constant(false),
      }),
    },
    { weight: 6, arbitrary: step("answer", { fate: fc.constant("told") }) },
    { weight: 3, arbitrary: step("fill", { pick, part: size }) },
    { weight: 2, arbitrary: step("deliver", { pick, again: fc.constant(false) }) },
    { weight: 3, arbitrary: step("cancel", { pick }) },
  ),
  { minLength: 30, maxLength: 60, size: "max" },
);

export class Life {
  readonly scene = new Scene();
  readonly broker = new PaperBroker(this.scene);

  constructor() {
    this.scene.world.set("allow_short", "true");
    this.scene.world.set("max_orders_per_minute", "100000");
    this.scene.world.set("check_wash_trade", "false");
  }

  run(all: readonly Step[], after: (step: Step) => void = () => undefined): this {
    for (const one of all) {
      this.#do(one);
      after(one);
    }
    return this;
  }

  #do(one: Step): void {
    const { scene, broker } = this;
    switch (one.do) {
      case "signal":
        scene.signal({ side: one.side, quantity: String(one.size), of: this.#of(one) });
        return;
      case "limit": {
        const limitPrice = one.side === "buy" ? "99" : "101";
        scene.signal({ side: one.side, quantity: String(one.size), limitPrice, of: this.#of(one) });
        return;
      }
      case "target":
        scene.signal({ target: String(one.size), of: this.#of(one) });
        return;
      case "answer":
        broker.answer(one.fate);
        return;
      case "fill":
        broker.fill(one.pick, one.part);
        return;
      case "deliver":
        broker.deliver(one.pick, one.again);
        return;
      case "cancel":
      case "replace":
        this.#change(one);
        return;
      case "close":
        scene.command({ kind: "close_position", instrumentId: this.#of(one), quantity: null });
        return;
      case "flatten":
        scene.command({ kind: "flatten" });
        return;
      case "wait":
        this.wait(one.ms);
        return;
      case "tokens":
        scene.tokens = one.count;
        scene.tick();
        return;
      case "broker":
        scene.up = one.up;
        scene.tick();
        return;
      case "view":
        scene.view(broker.view());
    }
  }

  #of({ msft: isOther }: { readonly msft: boolean }) {
    return isOther ? MSFT : AAPL;
  }

  #change(one: Extract<Step, { do: "cancel" | "replace" }>): void {
    const orders = [...this.scene.account.orders.keys()];
    const orderId = orders[one.pick % Math.max(1, orders.length)];
    if (orderId === undefined) return;
    if (one.do === "cancel") this.scene.command({ kind: "cancel_order", orderId });
    else {
      const change = { quantity: d(String(one.size)) };
      this.scene.command({ kind: "replace_order", orderId, change });
    }
  }

  wait(ms: number): void {
    this.scene.world.now += ms;
    for (const id of [AAPL, MSFT]) this.scene.world.price(id, "100");
    this.scene.tick();
  }

  /** Everything heals: answers come, mail is delivered, time passes, until nothing moves any more. */
  settle(): this {
    const { scene, broker } = this;
    scene.up = true;
    for (let round = 0; round < 40; round += 1) {
      scene.tokens = 50;
      while (broker.calls.length > 0) broker.answer("told");
      while (broker.mail.length > 0) broker.deliver(0, false);
      this.wait(3_000);
    }
    scene.view(broker.view());
    return this;
  }
}
