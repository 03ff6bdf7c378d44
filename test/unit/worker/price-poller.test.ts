// The poller on a virtual clock: what it believes it keeps, saves and tells; what is stale changes nothing.
import { describe, expect, it } from "vitest";
import { Decimal } from "../../../src/domain/decimal.ts";
import { asId, type InstrumentId } from "../../../src/domain/ids.ts";
import type { Instrument } from "../../../src/domain/instrument.ts";
import { MarkTable } from "../../../src/domain/mark-table.ts";
import type { Mark } from "../../../src/domain/market.ts";
import { marketHours, type Quotation } from "../../../src/domain/quotation.ts";
import type { MarkListener } from "../../../src/ports/market-data.ts";
import { PricePoller } from "../../../src/worker/price-poller.ts";
import { ManualClock } from "../../support/manual-clock.ts";
import { AMZN, BTC } from "../alpaca/fixtures.ts";
import { AAPL } from "../risk/market.ts";
import { World } from "../risk/world.ts";

const d = (text: string) => Decimal.of(text);
/** A Monday, a second after the open in New York. */
const MONDAY = Date.parse("2026-06-08T13:30:01Z");
const FRIDAY = Date.parse("2026-06-05T19:59:59Z");

class Desk {
  readonly clock: ManualClock;
  readonly cache = new MarkTable();
  readonly saved: Mark[] = [];
  readonly errors: unknown[] = [];
  /** What the table holds from before. */
  kept: Mark[] = [];
  /** What fails of each question while the rest of it is answered. */
  partly: Error | null = null;
  told: Quotation[] = [];
  leads = true;
  wanted: readonly Instrument[] = [AMZN, BTC];
  /** How many each question was about. */
  readonly asked: number[] = [];
  takesMs = 0;
  refuse: (instruments: readonly Instrument[]) => Error | null = () => null;
  followed: readonly Instrument[] | null = null;
  listener: MarkListener | null = null;
  ticks = 0;
  saves = 0;
  /** What a save waits for. */
  hang: Promise<void> = Promise.resolve();
  readonly poller: PricePoller;

  constructor(now = MONDAY) {
    this.clock = new ManualClock(now);
    const known = new Map([AMZN, BTC].map((instrument) => [instrument.id, instrument]));
    this.poller = new PricePoller({
      clock: this.clock,
      cache: this.cache,
      pollEveryMs: 5_000,
      leads: () => this.leads,
      wanted: () => Promise.resolve(this.wanted),
      source: {
        name: "told",
        latest: async (instruments, _signal, failed) => {
          this.asked.push(instruments.length);
          if (this.takesMs > 0) await this.clock.sleep(this.takesMs);
          const refusal = this.refuse(instruments);
          if (refusal !== null) throw refusal;
          if (this.partly !== null) failed?.(this.partly);
          return this.told;
        },
        stream: (listener) => {
          this.listener = listener;
          return {
            follow: (instruments) => (this.followed = instruments),
            lastHeardAt: () => null,
            close: () => {
              this.listener = null;
              return Promise.resolve();
            },
          };
        },
      },
      store: {
        saveMarks: async (marks) => {
          this.saves += 1;
          await this.hang;
          this.saved.push(...marks);
        },
        loadMarks: () => Promise.resolve(this.kept),
      },
      world: {
        instrument: (id) => known.get(id),
        moment: ({ venue }, at) => ({
          ...{ now: at, hours: marketHours(venue, at), quoteAgeMaxMs: 30_000 },
        }),
      },
      onMarks: () => (this.ticks += 1),
      onError: (error) => this.errors.push(error),
    });
  }

  /** From now on saves wait for what is returned. */
  hold(): () => void {
    let release = (): void => undefined;
    this.hang = new Promise((resolve) => (release = resolve));
    return release;
  }

  async poll(afterMs = 5_000): Promise<void> {
    await this.clock.advance(afterMs);
  }

  get shown(): readonly string[] {
    return [...this.cache.values()].map(
      ({ instrumentId, last, bid }) => `${instrumentId} ${(last ?? bid)?.toString()}`,
    );
  }
}

const traded = (at: number, price = "100", { id }: Instrument = AMZN): Quotation => ({
  ...{ instrumentId: id, trade: { price: d(price), at }, quote: null },
});
const quoted = (at: number, bid: string, ask: string): Quotation => ({
  ...{ instrumentId: AMZN.id, trade: null, quote: { bid: d(bid), ask: d(ask), at } },
});

describe("the poll", () => {
  const many = Array.from({ length: 1_300 }, (_, index) => ({
    ...AMZN,
    id: asId<InstrumentId>(`XNYS:A${index}`),
  }));
  const away = new Error("prices: away");

  /** A desk that wants the prices of all of them, and a source that takes so long for each question. */
  function desk(takesMs = 0): Desk {
    const made = new Desk();
    made.wanted = many;
    made.told = [traded(MONDAY)];
    made.takesMs = takesMs;
    made.poller.start();
    return made;
  }

  it("of very many asks for some at a time, with rests, and begins as often as it is to", async () => {
    const slow = desk(20);
    const begun = slow.clock.now();
    await slow.clock.advance(20);
    expect([slow.asked, slow.ticks]).toEqual([[600], 1]);
    await slow.clock.advance(19);
    expect(slow.asked).toEqual([600]);
    await slow.clock.advance(1);
    expect(slow.asked).toEqual([600, 600]);
    await slow.clock.advance(60);
    expect([slow.asked, slow.ticks]).toEqual([[600, 600, 100], 3]);
    await slow.clock.advance(begun + 4_999 - slow.clock.now());
    expect(slow.asked).toHaveLength(3);
    await slow.clock.advance(1);
    expect(slow.asked).toHaveLength(4);
    slow.leads = false;
    await slow.clock.advance(10_000);
    await slow.poller.stop();
  });

  it("goes on behind a group that failed, and ends when another leads", async () => {
    const partly = desk();
    partly.refuse = ([first]) => (first === many[600] ? away : null);
    await partly.clock.advance(0);
    expect([partly.ticks, partly.errors, partly.poller.polledAt]).toEqual([2, [away], null]);
    partly.refuse = () => {
      partly.leads = false;
      return away;
    };
    await partly.poll();
    expect(partly.asked.slice(3)).toEqual([600]);
    await partly.poller.stop();
  });

  it("ends where the source is away, and the next one begins behind that", async () => {
    const lost = desk();
    lost.refuse = () => away;
    await lost.clock.advance(0);
    expect([lost.asked, lost.errors.length]).toEqual([[600, 600], 2]);
    lost.refuse = () => null;
    await lost.poll();
    expect(lost.asked.slice(2)).toEqual([100, 600, 600]);
    expect(lost.poller.polledAt).toBe(lost.clock.now());
    await lost.poller.stop();
  });

  it("tells what failed of a question beside what it was told", async () => {
    const desk = new Desk();
    desk.told = [traded(MONDAY)];
    desk.partly = new Error("the pairs did not come");
    desk.poller.start();
    await desk.poll(0);
    expect(desk.shown).toEqual(["XNYS:AMZN 100"]);
    expect(desk.errors.map(String)).toEqual(["Error: the pairs did not come"]);
    await desk.poller.stop();
  });

  it("keeps, saves and tells what it believes", async () => {
    const desk = new Desk();
    desk.told = [traded(MONDAY)];
    desk.poller.start();
    await desk.poll(0);
    expect(desk.shown).toEqual(["XNYS:AMZN 100"]);
    expect(desk.saved).toHaveLength(1);
    expect(desk.ticks).toBe(1);
    await desk.poller.stop();
  });

  it.each([
    ["a trade of Friday", [traded(FRIDAY, "90")]],
    ["a stale quote", [quoted(MONDAY - 60_000, "90", "91")]],
    ["a crossed quote", [quoted(MONDAY, "92", "91")]],
    ["a price from the future", [traded(MONDAY + 3_600_000, "90")]],
    ["what nobody knows", [{ ...traded(MONDAY), instrumentId: BTC.id, trade: null }]],
  ])("changes nothing for %s: the mark before it stays, with its age", async (_what, told) => {
    const desk = new Desk();
    desk.told = [traded(MONDAY)];
    desk.poller.start();
    await desk.poll(0);
    desk.told = told;
    await desk.poll();
    expect(desk.shown).toEqual(["XNYS:AMZN 100"]);
    expect(desk.cache.get(AMZN.id)?.at).toBe(MONDAY);
    expect(desk.saved).toHaveLength(1);
    expect(desk.ticks).toBe(1);
    await desk.poller.stop();
  });

  it("does not hold a price from the future against those that come after it", async () => {
    const desk = new Desk();
    desk.told = [traded(MONDAY + 3_600_000, "90")];
    desk.poller.start();
    await desk.poll(0);
    desk.told = [traded(MONDAY + 5_000, "101")];
    await desk.poll();
    expect(desk.shown).toEqual(["XNYS:AMZN 101"]);
    await desk.poller.stop();
  });
});

describe("what was saved before", () => {
  const kept = (at: number, sides: Partial<Mark> = { last: d("90") }): Mark => ({
    ...{ instrumentId: AMZN.id, bid: null, ask: null, last: null, at, ...sides },
  });

  it("is back as it was after a restart within the session, with its age", async () => {
    const desk = new Desk();
    const old = kept(MONDAY - 45_000, { bid: d("90"), ask: d("91") });
    desk.kept = [old];
    await desk.poller.recall();
    expect([...desk.cache.values()]).toEqual([old]);
    expect(desk.ticks).toBe(1);
  });

  it("is the same for who follows as for who leads", async () => {
    const desk = new Desk();
    const old = kept(MONDAY - 45_000, { bid: d("90"), ask: d("91") });
    desk.kept = [old];
    desk.leads = false;
    desk.poller.start();
    await desk.poll(0);
    expect([...desk.cache.values()]).toEqual([old]);
    await desk.poller.stop();
  });

  it("prices no entry of the next session: it is as old as it is", async () => {
    const desk = new Desk();
    desk.kept = [kept(FRIDAY)];
    await desk.poller.recall();
    expect(desk.shown).toEqual(["XNYS:AMZN 90"]);
    const world = new World();
    world.now = MONDAY;
    world.observe("100000");
    world.startDay();
    for (const mark of desk.cache.values()) world.marks.put({ ...mark, instrumentId: AAPL });
    const { refusal, refusalWithoutPrice } = world.ask({ side: "buy", quantity: "1" });
    expect((refusal ?? refusalWithoutPrice)?.code).toBe("quote_age_max_ms");
  });

  it.each([
    ["crossed", kept(MONDAY, { bid: d("92"), ask: d("91") })],
    ["from the future", kept(MONDAY + 3_600_000)],
    ["empty", kept(MONDAY, {})],
  ])("stays away where it is %s", async (_what, old) => {
    const desk = new Desk();
    desk.kept = [old];
    await desk.poller.recall();
    expect(desk.shown).toEqual([]);
    expect(desk.ticks).toBe(0);
  });

  it("is what a holding is worth over the weekend", async () => {
    const desk = new Desk(Date.parse("2026-06-06T15:00:00Z"));
    desk.kept = [kept(FRIDAY)];
    await desk.poller.recall();
    expect(desk.shown).toEqual(["XNYS:AMZN 90"]);
  });
});

describe("while the store hangs", () => {
  const last = (marks: readonly Mark[]) => marks.map((mark) => String(mark.last));

  it("one save is under way, and behind it waits the newest price of each instrument", async () => {
    const desk = new Desk();
    desk.poller.start();
    await desk.poll(0);
    const release = desk.hold();
    for (let price = 1; price <= 50; price += 1) {
      desk.listener?.onPrice(traded(desk.clock.now(), String(price)));
      desk.listener?.onPrice(traded(desk.clock.now(), String(1_000 * price), BTC));
      await desk.poll(250);
    }
    expect(desk.saves).toBe(1);
    expect(desk.shown).toEqual(["XNYS:AMZN 50", "CRYPTO:BTC/USD 50000"]);
    release();
    await desk.poll(0);
    expect(desk.saves).toBe(2);
    expect(last(desk.saved)).toEqual(["1", "1000", "50", "50000"]);
    await desk.poller.stop();
  });

  it("one side of a quote does not take the place of a price that waits", async () => {
    const desk = new Desk();
    desk.told = [traded(MONDAY, "100")];
    desk.poller.start();
    await desk.poll(0);
    const release = desk.hold();
    for (const told of [traded(MONDAY + 1), traded(MONDAY + 2, "102")]) {
      desk.listener?.onPrice(told);
      await desk.poll(250);
    }
    const side = { bid: null, ask: d("103"), at: MONDAY + 3 };
    desk.listener?.onPrice({ instrumentId: AMZN.id, trade: null, quote: side });
    await desk.poll(250);
    release();
    await desk.poll(0);
    await desk.poller.stop();
    expect(desk.saved.map(({ last }) => last?.toString())).toEqual(["100", "100", "102"]);
  });

  it("the poll goes on, and decisions have its prices", async () => {
    const desk = new Desk();
    const release = desk.hold();
    desk.told = [traded(MONDAY, "100")];
    desk.poller.start();
    await desk.poll(0);
    desk.told = [traded(MONDAY + 5_000, "101")];
    await desk.poll();
    expect(desk.shown).toEqual(["XNYS:AMZN 101"]);
    release();
    await desk.poller.stop();
    expect(last(desk.saved)).toEqual(["100", "101"]);
  });

  it("a save that fails is told, and the next one is made", async () => {
    const desk = new Desk();
    desk.hang = Promise.reject(new Error("the store is away"));
    desk.told = [traded(MONDAY, "100")];
    desk.poller.start();
    await desk.poll(0);
    expect(desk.errors.map(String)).toEqual(["Error: the store is away"]);
    desk.hang = Promise.resolve();
    await desk.poll();
    expect(last(desk.saved)).toEqual(["100"]);
    await desk.poller.stop();
  });
});

describe("the stream", () => {
  it("is followed by whoever leads, and its prices are taken together", async () => {
    const desk = new Desk();
    desk.poller.start();
    await desk.poll(0);
    expect(desk.followed).toEqual([AMZN, BTC]);
    desk.listener?.onPrice(traded(MONDAY, "100"));
    desk.listener?.onPrice(traded(MONDAY, "101"));
    desk.listener?.onPrice(traded(MONDAY, "64000", BTC));
    expect(desk.shown).toEqual([]);
    await desk.poll(250);
    expect(desk.shown).toEqual(["XNYS:AMZN 101", "CRYPTO:BTC/USD 64000"]);
    expect(desk.saved).toHaveLength(2);
    expect(desk.ticks).toBe(1);
    await desk.poller.stop();
    expect(desk.listener).toBeNull();
  });

  it("marks nothing with what is stale or crossed", async () => {
    const desk = new Desk();
    desk.poller.start();
    await desk.poll(0);
    desk.listener?.onPrice(quoted(MONDAY, "92", "91"));
    await desk.poll(250);
    desk.listener?.onPrice(traded(FRIDAY));
    await desk.poll(250);
    expect([desk.shown, desk.saved, desk.ticks]).toEqual([[], [], 0]);
    await desk.poller.stop();
  });

  it("is left by who leads no more, and what it still tells is not taken", async () => {
    const desk = new Desk();
    desk.poller.start();
    await desk.poll(0);
    const late = desk.listener;
    desk.leads = false;
    await desk.poll();
    expect(desk.listener).toBeNull();
    late?.onPrice(traded(MONDAY));
    await desk.poll(250);
    expect(desk.shown).toEqual([]);
    desk.leads = true;
    await desk.poll();
    expect(desk.listener).not.toBeNull();
    await desk.poller.stop();
  });

  it("that breaks is told, and the poll goes on", async () => {
    const desk = new Desk();
    desk.poller.start();
    await desk.poll(0);
    desk.listener?.onDisconnected("the data stream answers 406");
    desk.told = [traded(MONDAY)];
    await desk.poll();
    expect(String(desk.errors[0])).toContain("406");
    expect(desk.shown).toEqual(["XNYS:AMZN 100"]);
    await desk.poller.stop();
  });
});
