// What is decided on one symbol leaves in the order of its decision, also behind sends of a process that is
// gone; and no symbol waits for another.
import { describe, expect, it } from "vitest";
import { awaitEarlierAnswers } from "../../../src/domain/apply.ts";
import { AAPL, MSFT, orderOf, Scene } from "./scene.ts";
import type { Sent } from "./scene.ts";

const buy = (more: Sent = {}): Sent => ({ side: "buy", quantity: "1", limitPrice: "100", ...more });
const holdOf = (scene: Scene, number: number) => scene.order(orderOf(number)).hold?.reason;
const sent = (scene: Scene) =>
  scene.calls.flatMap(({ kind, orderId }) => (kind === "submit" ? [orderId] : []));

it("an order behind one that waits for a price leaves right behind it", () => {
  const scene = new Scene();
  scene.world.price(AAPL, null);
  scene.signal({ side: "buy", quantity: "1" });
  scene.signal(buy());
  scene.world.price(AAPL, "100");
  scene.tick();
  expect(sent(scene)).toEqual([orderOf(1), orderOf(2)]);
});

describe("an order behind a send of which another process would have heard the answer", () => {
  /** The first was sent; whoever sent it is gone. */
  const takenOver = () => {
    const scene = new Scene();
    scene.world.price(MSFT, "100");
    scene.signal(buy());
    awaitEarlierAnswers(scene.book);
    scene.signal(buy({ quantity: "2" }));
    return scene;
  };

  it("waits until it is known what became of it, and the other symbols do not", () => {
    const scene = takenOver();
    scene.signal(buy({ of: MSFT }));
    expect(holdOf(scene, 2)).toBe("turn");
    scene.tick();
    expect(sent(scene)).toEqual([orderOf(1), orderOf(3)]);
  });

  it("leaves once the broker is found to have it", () => {
    const scene = takenOver();
    const snapshot = scene.snapshot(orderOf(1));
    const found = { result: "found", snapshot } as const;
    scene.outcome({ kind: "lookup", orderId: orderOf(1), outcome: found });
    expect(sent(scene)).toEqual([orderOf(1), orderOf(2)]);
  });

  it.each([{ result: "not_found" }, { result: "unavailable", cause: "maintenance" }] as const)(
    "is asked for again soon when a look has $result",
    (outcome) => {
      const scene = takenOver();
      scene.outcome({ kind: "lookup", orderId: orderOf(1), outcome });
      const before = scene.calls.length;
      for (const _second of [1, 2, 3]) scene.tick(1_000);
      expect(scene.calls.slice(before).map(({ kind }) => kind)).toContain("lookup");
    },
  );

  it("is judged with its symbol frozen once the broker does not know it: an entry is refused", () => {
    const scene = takenOver();
    scene.outcome({ kind: "lookup", orderId: orderOf(1), outcome: { result: "not_found" } });
    expect(scene.order(orderOf(1)).unresolved).not.toBeNull();
    expect(scene.order(orderOf(2))).toMatchObject({
      status: "rejected",
      rejectCode: "symbol_frozen",
    });
  });

  it("waits for nothing where the broker cannot be asked by our name for it", () => {
    const scene = new Scene();
    scene.traits = { findsByReference: false };
    scene.signal(buy());
    awaitEarlierAnswers(scene.book);
    scene.signal(buy({ quantity: "2" }));
    expect(sent(scene)).toEqual([orderOf(1), orderOf(2)]);
  });

  it("an exit passes then, as any exit passes a frozen symbol", () => {
    const scene = new Scene();
    scene.bought("5");
    scene.signal(buy());
    awaitEarlierAnswers(scene.book);
    scene.signal({ side: "sell", quantity: "5" });
    expect(holdOf(scene, 3)).toBe("turn");
    scene.outcome({ kind: "lookup", orderId: orderOf(2), outcome: { result: "not_found" } });
    expect(sent(scene).at(-1)).toBe(orderOf(3));
  });
});

it("a send says until when it may leave: the age of its signal, or its own end if that is sooner", () => {
  const scene = new Scene();
  scene.world.set("max_signal_age_seconds", "30");
  const at = scene.now;
  scene.signal(buy());
  scene.signal(buy({ quantity: "2", validUntil: at + 5_000 }));
  const ends = scene.calls.map((call) => (call.kind === "submit" ? call.leavesBy : undefined));
  expect(ends).toEqual([at + 30_000, at + 5_000]);
});
