// A session lets go at once, whatever it is doing: a partition that is handed over does not wait for it.
import { describe, expect, it } from "vitest";
import type { AccountBook } from "../../../src/domain/book.ts";
import { createAccountBook } from "../../../src/domain/new-book.ts";
import type { BrokerReport } from "../../../src/domain/broker.ts";
import { asId, type AccountId } from "../../../src/domain/ids.ts";
import { Decimal } from "../../../src/domain/decimal.ts";
import {
  BrokerRateLimited,
  type BrokerAccountPort,
  type BrokerListener,
} from "../../../src/ports/broker.ts";
import { AccountSession } from "../../../src/worker/account-session.ts";
import { RateBudget } from "../../../src/worker/rate-budget.ts";
import { TRAITS } from "../../simulation/sim-broker-port.ts";
import { ManualClock, settle } from "../../support/manual-clock.ts";
import { Scene } from "../decide/scene.ts";
import { onePage } from "../../support/pages.ts";

const EVERY_MS = 60_000;

/** A broker that answers nothing until the caller gives up. */
function silentBroker(): BrokerAccountPort {
  const never = (_: unknown, { signal }: { readonly signal: AbortSignal }) =>
    new Promise<never>((_resolve, reject) => {
      signal.addEventListener("abort", () => reject(new Error("aborted")));
    });
  const read = (options: { readonly signal: AbortSignal }) => never(null, options);
  return {
    accountId: asId<AccountId>("north"),
    traits: TRAITS,
    submit: never,
    cancel: never,
    replace: never,
    findById: never,
    findByReference: never,
    account: read,
    openOrders: read,
    positions: read,
    time: read,
    executionsSince: (since, options) => onePage(never(since, options)),
    ordersSince: never,
    instrument: never,
    activitiesSince: never,
    rateBudget: () => null,
    listen: () => ({ lastHeardAt: () => null, close: () => Promise.resolve() }),
  };
}

/** A broker that answers everything with nothing, and a stream that the test opens and breaks. */
function quietBroker() {
  const asked: number[] = [];
  let listener: BrokerListener | null = null;
  const none = Decimal.ZERO;
  const port: BrokerAccountPort = {
    ...silentBroker(),
    account: () =>
      Promise.resolve({
        ...{ number: "1", currency: "USD", equity: none, cash: none, buyingPower: none },
        ...{ nonMarginableBuyingPower: null, shortingEnabled: false, tradingBlocked: false },
      }),
    openOrders: () => Promise.resolve([]),
    positions: () => Promise.resolve([]),
    time: () => Promise.resolve(null),
    executionsSince: () => onePage(Promise.resolve([])),
    activitiesSince: () => Promise.resolve([]),
    ordersSince: (since) => {
      asked.push(since);
      return Promise.resolve([]);
    },
    listen: (heard) => {
      listener = heard;
      return { lastHeardAt: () => null, close: () => Promise.resolve() };
    },
  };
  return { port, asked, stream: () => listener };
}

const OVERLAP_MS = 5 * 60_000;

const book: AccountBook = createAccountBook({
  id: asId<AccountId>("north"),
  broker: "silent",
  environment: "mock",
  currency: "USD",
  dayZone: "America/New_York",
  dayRoll: "00:00",
});

interface More {
  readonly budget?: RateBudget;
  readonly onState?: (detail: string) => void;
  readonly onReport?: (report: BrokerReport) => void;
  readonly account?: AccountBook;
}

describe("an account's session", () => {
  const sessionOn = (
    clock: ManualClock,
    port = silentBroker(),
    onView: () => void = () => undefined,
    { budget = new RateBudget(200, clock.now()), onState, onReport, account = book }: More = {},
  ) =>
    new AccountSession({
      port,
      clock,
      budget,
      reconcileEveryMs: EVERY_MS,
      book: () => account,
      logSeq: () => 0,
      settled: () => Promise.resolve([]),
      onReport: (report) => onReport?.(report),
      onView,
      onUnreadable: () => undefined,
      onState: (_event, detail) => onState?.(detail),
    });

  it("ends at once while it reads the past", async () => {
    const session = sessionOn(new ManualClock());
    session.start();
    await settle();
    let isOver = false;
    const stopping = session.stop().then(() => {
      isOver = true;
    });
    await settle();
    expect(isOver).toBe(true);
    await stopping;
  });

  it("is looked at in the account's own turn, so that many are not looked at at once", async () => {
    const clock = new ManualClock();
    const looks = new Map<AccountId, number[]>();
    const sessions = Array.from({ length: 64 }, (_, index) => {
      const accountId = asId<AccountId>(`mock-${index}`);
      const times: number[] = [];
      looks.set(accountId, times);
      return sessionOn(clock, { ...quietBroker().port, accountId }, () => times.push(clock.now()));
    });
    for (const session of sessions) session.start();
    const begun = clock.now();
    await clock.advance(10 * EVERY_MS);
    const bySecond = new Map<number, number>();
    for (const times of looks.values()) {
      // The first at once; from then on as often as before.
      expect(times[0]).toBe(begun);
      expect(times.length).toBeGreaterThanOrEqual(10);
      times.slice(1).forEach((at, index) => {
        const pause = at - (times[index] ?? 0);
        expect(pause).toBeLessThanOrEqual(EVERY_MS);
        expect(index === 0 || pause === EVERY_MS).toBe(true);
        const second = Math.floor(at / 1_000);
        bySecond.set(second, (bySecond.get(second) ?? 0) + 1);
      });
    }
    expect(Math.max(...bySecond.values())).toBeLessThanOrEqual(4);
    await Promise.all(sessions.map((session) => session.stop()));
  });

  it("goes on with a look that takes long, and tells meanwhile what is heard", async () => {
    const clock = new ManualClock();
    const { port, stream } = quietBroker();
    const heard: string[] = [];
    const seen: number[] = [];
    let pages = 0;
    const slow: BrokerAccountPort = {
      ...port,
      async *executionsSince(_since, { onRequest }) {
        for (pages = 1; pages < 8; pages += 1) {
          onRequest?.();
          await clock.sleep(4_000);
          yield [];
        }
      },
    };
    const session = sessionOn(clock, slow, () => seen.push(clock.now()), {
      onReport: ({ kind }) => heard.push(kind),
    });
    session.start();
    await settle();
    stream()?.onReport({ kind: "accepted" } as BrokerReport); // nothing of it is looked at
    await clock.advance(9_000);
    expect(heard).toEqual([]);
    await clock.advance(1_000);
    expect(heard).toEqual(["accepted"]);
    expect(seen).toEqual([]);
    await clock.advance(20_000);
    expect([pages, seen.length]).toEqual([8, 1]);
    await session.stop();
  });

  it("reads a long list for half of the time while somebody waits for it, and else for a fifth", async () => {
    const clock = new ManualClock();
    const { port, stream } = quietBroker();
    let pages: number[] = [];
    const busy: BrokerAccountPort = {
      ...port,
      async *executionsSince() {
        pages = [];
        for (let page = 1; page <= 6; page += 1) {
          await clock.sleep(20);
          pages.push(clock.now());
          yield [];
        }
      },
    };
    const session = sessionOn(clock, busy);
    session.start();
    await settle();
    stream()?.onConnected();
    // Once begun before the stream was there, and twice behind it.
    await clock.advance(2_000);
    const pause = () => (pages.at(-1) ?? 0) - (pages.at(-2) ?? 0);
    expect(pause()).toBe(40);
    await clock.advance(EVERY_MS);
    expect(pause()).toBe(40);
    await clock.advance(EVERY_MS);
    expect(pause()).toBe(100);
    await session.stop();
  });

  it("keeps back what is heard behind a reconnect no longer for the look that goes on", async () => {
    const clock = new ManualClock();
    const { port, stream } = quietBroker();
    const heard: number[] = [];
    const slow: BrokerAccountPort = {
      ...port,
      async *executionsSince(_since, { onRequest, signal }) {
        for (let page = 0; page < 20; page += 1) {
          onRequest?.();
          await clock.sleep(4_000, signal);
          yield [];
        }
      },
    };
    const onReport = () => heard.push(clock.now());
    const session = sessionOn(clock, slow, () => undefined, { onReport });
    session.start();
    await clock.advance(12_000);
    stream()?.onConnected();
    stream()?.onReport({ kind: "accepted" } as BrokerReport); // nothing of it is looked at
    const told = clock.now();
    await clock.advance(30_000);
    expect(heard).toEqual([told + 10_000]);
    await session.stop();
  });

  it("reads on with nothing of a look of which a part has failed", async () => {
    const clock = new ManualClock();
    const { port } = quietBroker();
    let pages = 0;
    const failing: BrokerAccountPort = {
      ...port,
      positions: () => Promise.reject(new Error("away")),
      async *executionsSince(_since, { signal }) {
        while (!signal.aborted) {
          pages += 1;
          await clock.sleep(10, signal);
          yield [];
        }
      },
    };
    const session = sessionOn(clock, failing);
    session.start();
    await clock.advance(400);
    expect(pages).toBe(1);
    await session.stop();
  });

  it("lists all orders placed in a gap of its stream, and none while the stream is whole", async () => {
    const clock = new ManualClock();
    const { port, asked, stream } = quietBroker();
    const session = sessionOn(clock, port);
    session.start();
    stream()?.onConnected();
    await clock.advance(4 * EVERY_MS);
    const whole = asked.length;
    await clock.advance(4 * EVERY_MS);
    expect(asked).toHaveLength(whole);
    const begun = clock.now();
    stream()?.onDisconnected("cut");
    await clock.advance(4 * EVERY_MS);
    expect(asked.length).toBeGreaterThan(whole);
    stream()?.onConnected();
    await clock.advance(EVERY_MS);
    // It begins at the first look behind the break: up to then the account is known.
    for (const since of asked.slice(whole)) {
      expect(since).toBeLessThanOrEqual(begun + EVERY_MS - OVERLAP_MS);
    }
    await session.stop();
  });

  it("lists them again as long as one of them tells what the record lacks", async () => {
    const clock = new ManualClock();
    const { port, stream } = quietBroker();
    const scene = new Scene();
    const id = scene.bought("10");
    // The stream told ten at 100; a correction of the price fell into the gap.
    const corrected = scene.snapshot(id, { status: "filled", averagePrice: Decimal.of("101") });
    let asked = 0;
    const { firstContactAt } = scene.account;
    let shown = [{ ...corrected, updatedAt: (firstContactAt ?? 0) + 1_000 }];
    const telling: BrokerAccountPort = {
      ...port,
      ordersSince: () => {
        asked += 1;
        return Promise.resolve(shown);
      },
    };
    const session = sessionOn(clock, telling, undefined, { account: scene.account });
    session.start();
    stream()?.onConnected();
    for (let look = 0; look < 5; look += 1) await clock.advance(EVERY_MS);
    expect(asked).toBeGreaterThan(4);
    shown = [];
    await clock.advance(EVERY_MS);
    const settled = asked;
    for (let look = 0; look < 3; look += 1) await clock.advance(EVERY_MS);
    expect(asked).toBe(settled);
    await session.stop();
  });

  it("tells what is open now while the past of a gap takes too long, and asks for that again", async () => {
    const clock = new ManualClock();
    const { port, stream } = quietBroker();
    let [views, asked] = [0, 0];
    const busy: BrokerAccountPort = {
      ...port,
      ordersSince: (since, options) => {
        asked += 1;
        return silentBroker().ordersSince(since, options);
      },
    };
    const session = sessionOn(clock, busy, () => (views += 1));
    session.start();
    stream()?.onConnected();
    for (let second = 0; second < 240; second += 1) await clock.advance(1_000);
    expect(views).toBeGreaterThan(2);
    expect(asked).toBe(views);
    await session.stop();
  });

  it("counts every page of a list against the rate budget", async () => {
    const clock = new ManualClock();
    const { port, stream } = quietBroker();
    const budget = new RateBudget(200, clock.now());
    const long: BrokerAccountPort = {
      ...port,
      ordersSince: (_, options) => {
        for (let page = 0; page < 30; page += 1) options.onRequest?.();
        return Promise.resolve([]);
      },
    };
    const session = sessionOn(clock, long, undefined, { budget });
    session.start();
    stream()?.onConnected();
    await settle();
    await settle();
    expect(budget.forUrgent(clock.now())).toBeLessThanOrEqual(170);
    await session.stop();
  });

  it("leaves what is kept for cancels to them when the budget is nearly out, and goes on in the next window", async () => {
    const clock = new ManualClock();
    const { port, stream } = quietBroker();
    const budget = new RateBudget(200, clock.now());
    budget.take(185, clock.now());
    let pages = 0;
    let [views, whole] = [0, 0];
    const long: BrokerAccountPort = {
      ...port,
      ordersSince: (_, options) => {
        for (let page = 0; page < 30; page += 1) {
          options.onRequest?.();
          pages += 1;
        }
        whole += 1;
        return Promise.resolve([]);
      },
    };
    const session = sessionOn(clock, long, () => (views += 1), { budget });
    session.start();
    stream()?.onConnected();
    await settle();
    await settle();
    expect(pages).toBe(5);
    expect(budget.forUrgent(clock.now())).toBe(10);
    // What is open now is told; the orders of the gap are asked for again once there is budget.
    expect([views > 0, whole]).toEqual([true, 0]);
    await clock.advance(2 * EVERY_MS);
    expect(whole).toBeGreaterThan(0);
    await session.stop();
  });

  it("asks nothing more, and lets nothing leave, before the broker says that it may", async () => {
    const clock = new ManualClock();
    const { port, stream } = quietBroker();
    const budget = new RateBudget(200, clock.now());
    const retryAt = clock.now() + 20_000;
    const limited = () => Promise.reject(new BrokerRateLimited("positions", retryAt));
    const session = sessionOn(clock, { ...port, positions: limited }, undefined, { budget });
    session.start();
    stream()?.onConnected();
    await settle();
    await settle();
    expect(budget.waitForUrgent(clock.now())).toBe(20_000);
    await session.stop();
  });

  it("believes the broker that less is left than we have counted", async () => {
    const clock = new ManualClock();
    const { port } = quietBroker();
    let pages = 0;
    const failed: string[] = [];
    const told: BrokerAccountPort = {
      ...port,
      rateBudget: () => ({ limit: 200, remaining: 12, resetAt: clock.now() + 30_000 }),
      openOrders: (options) => {
        for (let page = 0; page < 30; page += 1) {
          options.onRequest?.();
          pages += 1;
        }
        return Promise.resolve([]);
      },
    };
    const session = sessionOn(clock, told, undefined, {
      onState: (detail) => failed.push(detail),
    });
    session.start();
    await settle();
    expect(pages).toBe(2);
    expect(failed[0]).toContain("kept for cancels");
    await session.stop();
  });

  it("ends at once between two looks", async () => {
    const clock = new ManualClock();
    const session = sessionOn(clock);
    session.start();
    await clock.advance(EVERY_MS / 2);
    let isOver = false;
    const stopping = session.stop().then(() => {
      isOver = true;
    });
    await settle();
    expect(isOver).toBe(true);
    await stopping;
  });
});
