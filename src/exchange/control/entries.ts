// What happens to accounts beside trading, by hand: dividends, splits, transfers, and entries that are
// taken back or corrected.
import { z } from "zod";
import { Decimal } from "../../domain/decimal.ts";
import type { Asset } from "../core/asset.ts";
import { payDividend, restateEntry, transfer } from "../core/entries.ts";
import type { Entry } from "../core/entry.ts";
import { splitPrice } from "../core/split.ts";
import type { ControlContext, ControlHandler, ControlRequest } from "./context.ts";
import { ControlRefusal, missing, ok } from "./context.ts";
import { entryJson } from "./ledger-json.ts";
import { amount, parseBody, positive } from "./shapes.ts";

function shareOf({ exchange }: ControlContext, symbol: string): Asset {
  const asset = exchange.engine.world.assets.get(symbol);
  if (asset === undefined) throw missing(`asset ${symbol}`);
  if (asset.assetClass !== "us_equity") throw new ControlRefusal(409, `${symbol} is no share.`);
  return asset;
}

function told({ exchange }: ControlContext, entries: readonly Entry[]) {
  return ok({ entries: entries.map((entry) => entryJson(exchange.engine.world, entry)) });
}

/** Paid at once to all who hold the share, and by all who are short of it. */
export const payDividends: ControlHandler = (context, { body, now }) => {
  const shape = z.strictObject({ symbol: z.string(), per_share: positive });
  const { symbol, per_share: perShare } = parseBody(shape, body);
  const asset = shareOf(context, symbol);
  const { engine } = context.exchange;
  return told(
    context,
    engine.intervene(now, (world) => payDividend(world, asset, perShare)),
  );
};

const MAX_RATIO = 1_000;
const shares = z.int().min(1).max(MAX_RATIO);

/** `{"symbol": "AAPL", "from": 1, "to": 4}`: four new shares for each old one. */
export const splitShare: ControlHandler = (context, { body }) => {
  const { symbol, ...ratio } = parseBody(
    z.strictObject({ symbol: z.string(), from: shares, to: shares }),
    body,
  );
  const asset = shareOf(context, symbol);
  if (ratio.from === ratio.to) throw new ControlRefusal(400, "to: must differ from from");
  const walk = context.exchange.feed.walk(symbol);
  if (walk === undefined) throw missing(`price of ${symbol}`);
  const lowest = walk.shape.tick.times(Decimal.ofInteger(walk.shape.spreadTicks + 1));
  if (splitPrice(walk.quote.bid, ratio, asset).lt(lowest)) {
    throw new ControlRefusal(409, "A new share would cost less than the market can show.");
  }
  return told(context, context.exchange.split(asset, ratio));
};

const transferShape = z.strictObject({
  amount: amount.refine((value) => !value.isZero(), "must not be zero"),
  type: z.enum(["CSD", "CSW", "JNLC", "INT", "FEE"]).optional(),
  description: z.string().max(200).optional(),
});

/** Money in or out, with an entry that says so; a deposit or a withdrawal unless another type is named. */
export const transferCash: ControlHandler = (context, { params, body, now }) => {
  const account = context.exchange.account(params.key ?? "");
  if (account === null) throw new ControlRefusal(409, "There are too many accounts.");
  const wanted = parseBody(transferShape, body);
  const type = wanted.type ?? (wanted.amount.isPositive() ? "CSD" : "CSW");
  const wrongWay = wanted.amount.isPositive() ? "CSW" : "CSD";
  if (type === wrongWay) {
    throw new ControlRefusal(400, "type: a deposit comes in, a withdrawal goes out");
  }
  const sent = { type, amount: wanted.amount, description: wanted.description ?? WORDS[type] };
  const { engine } = context.exchange;
  return told(context, [engine.intervene(now, (world) => transfer(world, account, sent))]);
};

const WORDS = {
  CSD: "Cash deposit",
  CSW: "Cash withdrawal",
  JNLC: "Cash journal",
  INT: "Interest",
  FEE: "Fee",
} as const;

function restate(
  context: ControlContext,
  { params, now }: ControlRequest,
  to: Decimal | null,
): ReturnType<ControlHandler> {
  const { engine } = context.exchange;
  const id = params.id ?? "";
  const entry = engine.world.entries.get(id);
  if (entry === undefined) throw missing(`entry ${id}`);
  const restated = engine.intervene(now, (world) => restateEntry(world, entry, to));
  if (restated !== null) return ok(entryJson(engine.world, restated));
  const why =
    entry.split === null ? "The entry is already canceled." : "A split is not taken back.";
  throw new ControlRefusal(409, why);
}

export const cancelEntry: ControlHandler = (context, request) => restate(context, request, null);

export const correctEntry: ControlHandler = (context, request) =>
  restate(context, request, parseBody(z.strictObject({ amount }), request.body).amount);
