// Paging through activities: whatever happened and however it is asked for, every activity comes once,
// in order, and no page is longer than asked for.
import fc from "fast-check";
import { expect, test } from "vitest";
import { Decimal } from "../../../src/domain/decimal.ts";
import { AssetBook } from "../../../src/exchange/alpaca/asset-book.ts";
import type { AlpacaContext } from "../../../src/exchange/alpaca/context.ts";
import { listActivities } from "../../../src/exchange/alpaca/routes/activities.ts";
import { Watchlists } from "../../../src/exchange/alpaca/watchlists.ts";
import { payDividend, restateEntry, transfer } from "../../../src/exchange/core/entries.ts";
import { bust, correct } from "../../../src/exchange/core/intervene.ts";
import { Faults } from "../../../src/exchange/faults/faults.ts";
import { Pit } from "../../unit/exchange/pit.ts";

const ACTS = [
  "buy",
  "coin",
  "sell coin",
  "pay",
  "split",
  "send",
  "bust",
  "correct",
  "wait",
] as const;
type Act = (typeof ACTS)[number];

interface Shown {
  readonly id: string;
  readonly activity_type: string;
  readonly transaction_time?: string;
  readonly created_at?: string;
}

function act(pit: Pit, what: Act): void {
  const { engine, clock } = pit.exchange;
  const { world } = engine;
  const asset = world.assets.get("AAPL");
  if (asset === undefined) throw new Error("AAPL is listed");
  const last = world.executions.all().findLast((execution) => world.executions.stands(execution));
  const intervene = (run: () => unknown) => void engine.intervene(clock.now(), run);
  // Sizes are new with each quote, so that orders fill, some of them in parts.
  for (const symbol of ["AAPL", "BTC/USD"]) pit.show(symbol, { bid: "100", ask: "101", size: "5" });
  switch (what) {
    case "buy":
      return void pit.send({ qty: "7" });
    case "coin":
      return void pit.send({ symbol: "BTC/USD", qty: "0.5" });
    case "sell coin":
      return void pit.send({ symbol: "BTC/USD", side: "sell", qty: "0.0001" });
    case "pay":
      return intervene(() => payDividend(world, asset, Decimal.of("0.37")));
    case "split":
      return void pit.exchange.split(asset, { from: 1, to: 2 });
    case "send": {
      const sent = { type: "CSD", amount: Decimal.of("12.5"), description: "" } as const;
      return intervene(() => transfer(world, pit.account(), sent));
    }
    case "bust":
      return last === undefined || last.quantity.isNegative()
        ? undefined
        : intervene(() => bust(world, last));
    case "correct": {
      const [entry] = world.entries.all();
      if (entry !== undefined) intervene(() => restateEntry(world, entry, Decimal.ONE));
      return last === undefined || last.quantity.isNegative()
        ? undefined
        : intervene(() => correct(world, last, last.quantity, Decimal.of("102")));
    }
    case "wait":
      pit.pass(1);
  }
}

function contextOf(pit: Pit, ids: AlpacaContext["settings"]["activityIds"]): AlpacaContext {
  const { exchange } = pit;
  return {
    exchange,
    assets: new AssetBook(exchange.engine.world.assets),
    watchlists: new Watchlists(),
    settings: { answerDelayMs: 0, streamDelayMs: 0, activityIds: ids, streamFrames: "binary" },
    faults: new Faults("activities"),
  };
}

function page(context: AlpacaContext, pit: Pit, query: Readonly<Record<string, string>>) {
  const answer = listActivities(context, {
    method: "GET",
    path: "/v2/account/activities",
    query: new URLSearchParams(query),
    body: "",
    params: {},
    account: pit.account(),
    now: pit.exchange.clock.now(),
  });
  return JSON.parse(answer.body ?? "[]") as readonly Shown[]; // the route's own answer
}

/** What must be shown, counted another way: each fill that stands, its fee, each entry. */
function expected(pit: Pit): number {
  const { world } = pit.exchange.engine;
  const { id } = pit.account();
  const standing = world.executions
    .of(id)
    .filter((one) => world.executions.stands(one) && !one.quantity.isNegative());
  const paid = standing.filter(({ fee }) => !fee.isZero()).length;
  return standing.length + paid + [...world.entries.all()].length;
}

test("every activity comes once, in order, on pages of any size", () => {
  const plan = fc.record({
    acts: fc.array(fc.constantFrom(...ACTS), { minLength: 1, maxLength: 25 }),
    size: fc.integer({ min: 1, max: 9 }),
    direction: fc.constantFrom("asc", "desc"),
    ids: fc.constantFrom("same" as const, "different" as const, "none" as const),
    types: fc.constantFrom("", "CFEE,FEE", "FILL,CFEE", "DIV,SPLIT", "TRANS", "MISC"),
  });
  fc.assert(
    fc.property(plan, ({ acts, size, direction, ids, types }) => {
      const pit = new Pit({ session: "open" });
      pit.exchange.policy.cryptoFeeRate = Decimal.of("0.0025");
      for (const each of acts) act(pit, each);
      const context = contextOf(pit, ids);
      const query = { direction, ...(types !== "" && { activity_types: types }) };
      const whole = page(context, pit, query);
      if (types === "" && expected(pit) <= 100) expect(whole).toHaveLength(expected(pit));
      const told = whole.map(({ id }) => id);
      expect(new Set(told).size).toBe(told.length);
      const times = whole.map((one) => one.transaction_time ?? one.created_at ?? "");
      const sorted = times.map((text) => Number(text.slice(17, -1).padEnd(9, "0")));
      expect(times.every((text) => text !== "")).toBe(true);
      expect(sorted).toEqual(sorted.toSorted((a, b) => (direction === "asc" ? a - b : b - a)));

      const paged: string[] = [];
      for (let token: string | undefined; ;) {
        const found = page(context, pit, {
          ...query,
          page_size: String(size),
          ...(token !== undefined && { page_token: token }),
        });
        expect(found.length).toBeLessThanOrEqual(size);
        paged.push(...found.map(({ id }) => id));
        token = found.at(-1)?.id;
        if (token === undefined || paged.length > told.length) break;
      }
      expect(paged.slice(0, 100)).toEqual(told);
    }),
    { numRuns: 150 },
  );
});
