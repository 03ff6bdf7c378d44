// What holds for every life of an account, whatever is lost, late, doubled or out of order.
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { decide, nextDeadline } from "../../src/domain/decide.ts";
import type { Book } from "../../src/domain/book.ts";
import { Decimal } from "../../src/domain/decimal.ts";
import { isTerminal } from "../../src/domain/order/status.ts";
import { AAPL, ACCOUNT_ID, MSFT, replay, types } from "../unit/decide/scene.ts";
import { crowded, Life, steps } from "./book-steps.ts";

const RUNS = { numRuns: 150 };
const NEVER = Number.POSITIVE_INFINITY;
const TICKING: ReadonlySet<string> = new Set(["wait", "tokens", "broker"]);

/** Everything of a book that a decision can see, as text. */
function picture(book: Book): string {
  const account = book.accounts.get(ACCOUNT_ID);
  if (account === undefined) throw new Error("no account");
  const { orders, open, held, queued, unsettled, heard, closed, positions } = account;
  const sets = { open, held, queued, unsettled, followers: held.followers };
  return JSON.stringify({
    seq: book.seq,
    decided: [book.decidedSignals, book.decidedCommands, [...book.decidedAhead]],
    orders: [...orders.values()],
    sets: Object.entries(sets).map(([name, ids]) => [name, [...ids]]),
    heard: [...heard],
    closed: [...closed],
    names: [[...account.byReference], [...account.byBrokerOrderId]],
    byInstrument: [...account.openByInstrument].map(([id, ids]) => [id, [...ids]]),
    positions: [...positions.all()],
    day: account.day,
    equity: account.equity,
    counter: account.referenceCounter,
    recent: [account.recentOrders, [...account.pace], [...account.recentSignals]],
    cash: account.cash,
    gone: [...account.goneExternal],
    suspected: [...account.suspected],
    parked: [...account.parked],
  });
}

describe("every life of an account", () => {
  it("is told completely by its log: replay and live book are the same", () => {
    fc.assert(
      fc.property(steps, (all) => {
        const { scene } = new Life().run(all);
        expect(picture(replay(scene))).toBe(picture(scene.book));
      }),
      RUNS,
    );
  });

  it("ends with the broker's own positions and cash, and with every order at rest", () => {
    fc.assert(
      fc.property(steps, (all) => {
        const { scene, broker } = new Life().run(all).settle();
        for (const id of [AAPL, MSFT]) {
          expect(scene.position(id)).toBe(broker.held(id).toString());
        }
        const paid = scene.account.positions.cash(() => "USD").get("USD") ?? Decimal.ZERO;
        expect(paid.toString()).toBe(broker.paid().toString());
        for (const id of scene.account.open) {
          const order = scene.order(id);
          expect([order.status, order.unresolved, order.pendingAction]).toEqual([
            expect.stringMatching(/accepted|partially_filled/),
            null,
            null,
          ]);
        }
      }),
      RUNS,
    );
  });

  it("has at most one broker order for each order and generation", () => {
    fc.assert(
      fc.property(steps, (all) => {
        const { broker } = new Life().run(all).settle();
        const references = broker.orders.map(({ reference }) => reference);
        expect(new Set(references).size).toBe(references.length);
      }),
      RUNS,
    );
  });

  it("never holds more at the broker than a limit allows, whatever we have heard of it", () => {
    const MOST = Decimal.of("15");
    fc.assert(
      fc.property(fc.oneof(crowded, steps), (all) => {
        const life = new Life();
        life.scene.world.set("max_position_qty", MOST.toString());
        life.run(all, () => {
          for (const id of [AAPL, MSFT]) {
            for (const side of ["buy", "sell"] as const) {
              const worst = life.broker.worst(id, side);
              expect(worst.lte(MOST), `${worst.toString()} of ${id}, ${side}`).toBe(true);
            }
          }
        });
      }),
      RUNS,
    );
  });

  it("finds what is held as a walk through all that is open would", () => {
    fc.assert(
      fc.property(steps, (all) => {
        const life = new Life();
        const { account } = life.scene;
        life.run(all, () => {
          const pending = [...account.open]
            .map((id) => life.scene.order(id))
            .filter(({ status }) => status === "pending");
          expect([...account.held]).toEqual(pending.map(({ id }) => id));
          expect(account.held.size).toBe(pending.length);
          const followers = pending.filter(({ waitsFor }) => waitsFor.length > 0);
          expect(account.held.followers).toEqual(new Set(followers.map(({ id }) => id)));
          for (const of of [AAPL, MSFT]) {
            const here = pending.filter(({ instrumentId }) => instrumentId === of);
            expect(account.held.on(of)).toEqual(new Set(here.map(({ id }) => id)));
          }
        });
      }),
      RUNS,
    );
  });

  it("makes every decision without touching the book", () => {
    fc.assert(
      fc.property(steps, (all) => {
        const life = new Life().run(all);
        const before = picture(life.scene.book);
        const { book, context } = life.scene;
        decide(book, { kind: "tick", accountId: ACCOUNT_ID }, context);
        decide(
          book,
          { kind: "view", accountId: ACCOUNT_ID, view: life.scene.viewOf(life.broker.view()) },
          context,
        );
        expect(picture(book)).toBe(before);
      }),
      RUNS,
    );
  });

  it("reconciles once: the same view again changes nothing", () => {
    fc.assert(
      fc.property(steps, (all) => {
        const { scene, broker } = new Life().run(all);
        scene.view(broker.view());
        expect(types(scene.view(broker.view()))).toEqual([]);
      }),
      RUNS,
    );
  });

  it("intends nothing after a halt", () => {
    fc.assert(
      fc.property(steps, steps, (before, after) => {
        const life = new Life().run(before);
        const { scene } = life;
        scene.world.stop({ state: "halted" });
        const sent = scene.log.length;
        life.run(after);
        const intents = scene.log
          .slice(sent)
          .filter(
            ({ event }) => event.type === "OrderSubmitted" || event.type === "ReplaceRequested",
          );
        expect(intents).toEqual([]);
      }),
      RUNS,
    );
  });

  it("has no deadline before the ones of its events and the one that was known", () => {
    fc.assert(
      fc.property(steps, (all) => {
        const life = new Life();
        const { scene } = life;
        let known = NEVER;
        let told = 0;
        life.run(all, ({ do: what }) => {
          const events = scene.log.slice(told);
          told = scene.log.length;
          const whole = scene.deadline ?? NEVER;
          const touched = new Set(
            events.flatMap(({ event }) => ("orderId" in event ? [event.orderId] : [])),
          );
          const ofTouched = nextDeadline(scene.book, scene.context, touched) ?? NEVER;
          // What ends with a tick is looked at as a whole.
          known = TICKING.has(what) ? whole : Math.min(known, ofTouched);
          expect(known).toBeLessThanOrEqual(whole);
        });
      }),
      RUNS,
    );
  });

  it("names a next deadline that lies ahead", () => {
    fc.assert(
      fc.property(steps, (all) => {
        const life = new Life();
        let late = 0;
        life.run(all, () => {
          late += (life.scene.deadline ?? Number.POSITIVE_INFINITY) > life.scene.now ? 0 : 1;
        });
        expect(late).toBe(0);
      }),
      RUNS,
    );
  });

  it("gives the same orders and positions in whatever order the facts arrive", () => {
    fc.assert(
      fc.property(steps, fc.array(fc.nat({ max: 1_000 })), (all, picks) => {
        const quiet = all.filter(({ do: name }) => name !== "deliver" && name !== "view");
        const inOrder = new Life().run(quiet);
        const shuffled = new Life().run(quiet);
        while (inOrder.broker.mail.length > 0) inOrder.broker.deliver(0, false);
        for (let turn = 0; shuffled.broker.mail.length > 0; turn += 1) {
          shuffled.broker.deliver(picks[turn % Math.max(1, picks.length)] ?? 0, false);
        }
        for (const id of [AAPL, MSFT]) {
          expect(shuffled.scene.account.positions.net(id)?.quantity.toString()).toBe(
            inOrder.scene.account.positions.net(id)?.quantity.toString(),
          );
        }
        // An end that overtook its fills waits for the look that it asked for.
        shuffled.scene.view(shuffled.broker.view());
        for (const [id, order] of inOrder.scene.account.orders) {
          const other = shuffled.scene.order(id);
          expect(other.filledQuantity.toString()).toBe(order.filledQuantity.toString());
          // What never left was refused by a decision, and decisions see what has arrived by then.
          const isAtBroker = order.brokerOrderId !== null;
          const status = isAtBroker && isTerminal(order.status) ? order.status : other.status;
          expect(other.status).toBe(status);
        }
      }),
      RUNS,
    );
  });

  it("never blocks an exit within the free quantity, whatever the limits are", () => {
    fc.assert(
      fc.property(steps, fc.integer({ min: 1, max: 20 }), tightened, (all, size, tight) => {
        const life = new Life().run(all);
        const { scene } = life;
        scene.command({ kind: "flatten" });
        life.settle();
        scene.world.hold(AAPL, "40", "150");
        const { positions, openByInstrument } = scene.account;
        const free = openByInstrument.has(AAPL) ? Decimal.ZERO : positions.quantity(AAPL);
        fc.pre(free.gte(Decimal.ofInteger(size)));
        scene.world.set("allow_short", "false");
        for (const [key, value] of tight) scene.world.set(key, value);
        if (tight.length % 2 === 1) scene.world.stop({ state: "reducing" });
        scene.world.price(AAPL, "100", { at: scene.now - 90_000 });
        const events = scene.signal({ side: "sell", quantity: String(size) });
        const decided = events.find(({ type }) => type === "SignalDecided");
        expect(decided).toMatchObject({ outcome: "ordered" });
      }),
      RUNS,
    );
  });
});

const tightened = fc.subarray([
  ["max_position_size_usd", "1"],
  ["max_order_qty_stock", "0.5"],
  ["max_open_orders", "0"],
  ["max_orders_per_minute", "0"],
  ["max_orders_per_day", "0"],
  ["max_daily_loss_percent", "0.01"],
  ["max_daily_loss_usd", "1"],
  ["max_leverage", "0.01"],
  ["max_positions", "0"],
  ["duplicate_window_seconds", "3600"],
  ["max_order_notional", "1"],
  ["max_position_qty", "1"],
  ["max_concentration_percent", "1"],
  ["price_collar_percent", "0.01"],
  ["symbols_allowed", "MSFT"],
  ["quote_age_max_ms", "1"],
] as const);
