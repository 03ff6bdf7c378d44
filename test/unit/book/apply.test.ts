// The book's writer: indexes that follow, closed orders that are let go and come back.
import { describe, expect, it } from "vitest";
import { adoptLoadedOrders, tidyBook } from "../../../src/domain/apply.ts";
import { createAccountBook } from "../../../src/domain/new-book.ts";
import type { BrokerReport } from "../../../src/domain/broker.ts";
import { namesNeeded } from "../../../src/domain/decide.ts";
import { asId, type AccountId, type OrderId } from "../../../src/domain/ids.ts";
import { AAPL, ACCOUNT_ID, brokerIdOf, d, orderOf, replay, Scene } from "../decide/scene.ts";

const MINUTE = 60_000;

describe("the indexes", () => {
  it("name an order from its placing to its end", () => {
    const scene = new Scene();
    const { account } = scene;
    scene.tokens = 0;
    scene.signal({ side: "buy", quantity: "1" });
    const id = orderOf(1);
    expect([...account.held]).toEqual([id]);
    expect([...account.queued]).toEqual([id]);
    scene.tokens = 1;
    scene.tick();
    expect(account.held.size + account.queued.size).toBe(0);
    expect([...(account.openByInstrument.get(AAPL) ?? [])]).toEqual([id]);
    scene.accepted(id);
    expect(account.byBrokerOrderId.get(brokerIdOf(id))).toBe(id);
    scene.filled(id, "1");
    expect(account.open.size + account.openByInstrument.size + account.heard.size).toBe(0);
    expect(account.orders.get(id)?.status).toBe("filled");
  });

  it("keep both names of an order through a replace", () => {
    const scene = new Scene();
    const { account } = scene;
    const id = scene.working({ side: "buy", quantity: "1", limitPrice: "99" });
    scene.command({ kind: "replace_order", orderId: id, change: { limitPrice: d("98") } });
    expect(
      account.byReference.get(account.orders.get(id)?.pendingReplace?.reference as never),
    ).toBe(id);
    scene.report(id, {
      kind: "replaced",
      newBrokerOrderId: "B-new",
      newReference: `${id}.2`,
    });
    expect(account.byBrokerOrderId.get("B-new" as never)).toBe(id);
    expect(account.byBrokerOrderId.get(brokerIdOf(id))).toBe(id);
    expect(account.orders.get(id)?.terms.limitPrice?.toString()).toBe("98");
  });

  it("hold an order that was given up and turned out to live among the open ones again", () => {
    const scene = new Scene();
    scene.signal({ side: "buy", quantity: "2" });
    const id = orderOf(1);
    scene.command({ kind: "settle_order", orderId: id, as: "never_arrived", reason: "lost" });
    expect(scene.account.open.size).toBe(0);
    scene.report(id, { kind: "accepted" });
    expect(scene.order(id).status).toBe("accepted");
    expect([...scene.account.open]).toEqual([id]);
  });
});

describe("closed orders", () => {
  const closeOne = (scene: Scene) => {
    const id = scene.bought("1");
    return { id, closed: scene.order(id) };
  };

  it("are let go after a while, with all their names", () => {
    const scene = new Scene();
    const { id } = closeOne(scene);
    scene.world.now += 11 * MINUTE;
    scene.world.price(AAPL, "100");
    closeOne(scene);
    // Not by what happens in a batch: another input of it may name the order.
    expect(scene.account.orders.has(id)).toBe(true);
    tidyBook(scene.book, scene.now);
    expect(scene.account.orders.has(id)).toBe(false);
    expect(scene.account.byReference.size).toBe(1);
    expect(scene.account.byBrokerOrderId.size).toBe(1);
  });

  it("are asked back when a late fact names one, and the fact counts", () => {
    const scene = new Scene();
    const { id, closed } = closeOne(scene);
    scene.world.now += 11 * MINUTE;
    scene.world.price(AAPL, "100");
    closeOne(scene);
    tidyBook(scene.book, scene.now);
    const report: BrokerReport = {
      kind: "busted",
      accountId: ACCOUNT_ID,
      brokerOrderId: brokerIdOf(id),
      reference: closed.reference,
      at: scene.now,
      snapshot: null,
      executionId: closed.executions[0]?.id as never,
    };
    const needed = namesNeeded(scene.book, { kind: "report", report });
    expect(needed).toMatchObject({ brokerOrderIds: [brokerIdOf(id)] });
    adoptLoadedOrders(scene.book, ACCOUNT_ID, [closed]);
    expect(namesNeeded(scene.book, { kind: "report", report })).toBeNull();
    scene.when({ kind: "report", report });
    expect(scene.position()).toBe("1");
  });

  it("stay until they are decided, however many one view names", () => {
    const scene = new Scene();
    const { id, closed } = closeOne(scene);
    scene.world.now += 11 * MINUTE;
    tidyBook(scene.book, scene.now);
    const named = Array.from({ length: 6_000 }, (_, index) => ({
      ...closed,
      id: asId<OrderId>(`${id}-${index}`),
      brokerOrderId: brokerIdOf(asId<OrderId>(`${id}-${index}`)),
      reference: null,
    }));
    adoptLoadedOrders(scene.book, ACCOUNT_ID, named);
    for (const { brokerOrderId } of named) {
      expect(scene.account.byBrokerOrderId.has(brokerOrderId)).toBe(true);
    }
    tidyBook(scene.book, scene.now);
    expect(scene.account.orders.size).toBe(0);
  });

  it.each([
    [1, 2_000],
    [4, 500],
    [50, 250],
  ])(
    "are no more than a bounded number between batches, of one of %i accounts",
    (accounts, most) => {
      const scene = new Scene();
      for (let other = 1; other < accounts; other += 1) {
        const account = { ...scene.account.account, id: asId<AccountId>(`other-${other}`) };
        scene.book.accounts.set(account.id, createAccountBook(account));
      }
      const { id, closed } = closeOne(scene);
      const named = Array.from({ length: 3_000 }, (_, n) => ({
        ...closed,
        id: asId<OrderId>(`${id}-${n}`),
      }));
      adoptLoadedOrders(scene.book, ACCOUNT_ID, named);
      tidyBook(scene.book, scene.now);
      expect(scene.account.closed.size).toBe(most);
      expect(scene.account.orders.has(asId<OrderId>(`${id}-2999`))).toBe(true);
    },
  );

  it("that a held order waits for are asked back before a tick", () => {
    const scene = new Scene();
    scene.world.set("allow_short", "true");
    scene.bought("10");
    scene.signal({ side: "sell", quantity: "15" });
    scene.account.orders.delete(orderOf(2, 1));
    const needed = namesNeeded(scene.book, { kind: "tick", accountId: ACCOUNT_ID });
    expect(needed?.ids).toEqual([orderOf(2, 1)]);
  });
});

describe("the log", () => {
  it("alone gives the same book again", () => {
    const scene = new Scene();
    scene.bought("10");
    scene.working({ side: "sell", quantity: "10", limitPrice: "108" });
    scene.command({ kind: "close_position", instrumentId: AAPL, quantity: null });
    const book = replay(scene);
    const again = book.accounts.get(ACCOUNT_ID);
    expect([...(again?.orders.values() ?? [])]).toEqual([...scene.account.orders.values()]);
    expect(again?.positions.net(AAPL)).toEqual(scene.account.positions.net(AAPL));
    expect([...(again?.open ?? [])]).toEqual([...scene.account.open]);
  });

  it("refuses an event before its order: a broken log is no book", () => {
    const scene = new Scene();
    scene.bought("1");
    const [, ...rest] = scene.log.filter(({ event }) => "orderId" in event);
    const broken = new Scene();
    expect(() => {
      for (const { event } of rest) broken.world.apply(event);
    }).toThrow(/before order/);
  });
});
