// A split: `to` new shares for `from` old ones, at the same cost. As the real one books it, the old
// shares go out and the new ones come in, in two entries of one group.
import { Decimal } from "../../domain/decimal.ts";
import type { Account, Position } from "./account.ts";
import { revalue } from "./account.ts";
import type { Asset } from "./asset.ts";
import { priceStep } from "./asset.ts";
import { enter } from "./entries.ts";
import type { Entry, Split, SplitRatio } from "./entry.ts";
import { endByVenue } from "./intervene.ts";
import type { World } from "./world.ts";

const SHARE_SCALE = 9;
const PRICE_SCALE = 9;

/**
 * Orders in the share are cancelled first: their prices and quantities were meant for the old ones.
 * The market's own price is the caller's to move.
 */
export function splitShares(world: World, asset: Asset, ratio: SplitRatio): readonly Entry[] {
  const entries: Entry[] = [];
  for (const account of world.accounts.values()) {
    for (const order of [...world.orders.open(account.id)]) {
      if (order.asset === asset) endByVenue(world, order, "canceled");
    }
    const position = account.positions.get(asset.symbol);
    if (position === undefined || position.quantity.isZero()) continue;
    const before = position.quantity;
    const after = scaled(before, ratio.to, ratio.from).round(SHARE_SCALE, "down");
    exchangeShares(world, account, { position, after });
    entries.push(...enterHalves(world, account, { asset, split: { ...ratio, before, after } }));
  }
  const close = world.closes.get(asset.symbol);
  if (close !== undefined) world.closes.set(asset.symbol, splitPrice(close, ratio, asset));
  return entries;
}

/** What a price of an old share is for a new one, in whole steps. */
export function splitPrice(price: Decimal, { from, to }: SplitRatio, asset: Asset): Decimal {
  const exact = scaled(price, from, to);
  return exact.toStep(priceStep(asset, exact), "half_up");
}

function scaled(value: Decimal, up: number, down: number): Decimal {
  const exact = value.times(Decimal.ofInteger(up));
  return exact.dividedBy(Decimal.ofInteger(down), PRICE_SCALE, "down");
}

function exchangeShares(
  world: World,
  account: Account,
  { position, after }: { readonly position: Position; readonly after: Decimal },
): void {
  position.quantity = after;
  if (after.isZero()) position.costBasis = Decimal.ZERO;
  const { symbol } = position.asset;
  revalue(account, position, world.quotes.get(symbol)?.last ?? Decimal.ZERO);
  if (after.isZero()) account.positions.delete(symbol);
  world.changes.positions.add(position);
}

function enterHalves(
  world: World,
  account: Account,
  { asset, split }: { readonly asset: Asset; readonly split: Split },
): readonly Entry[] {
  const { before, after } = split;
  const price = world.quotes.get(asset.symbol)?.last ?? Decimal.ZERO;
  const value = before.times(price).round(2, "half_up");
  const groupId = world.ids.next();
  const half = (word: string, quantity: Decimal, at: Decimal): Entry =>
    enter(world, account, {
      type: "SPLIT",
      subType: split.to > split.from ? "FSPLIT" : "RSPLIT",
      symbol: asset.symbol,
      quantity,
      price: at,
      amount: Decimal.ZERO,
      description: `${word}, From QTY:${before.negated()}, To QTY:${after}, Position Value:${value.abs()}`,
      groupId,
      split,
    });
  return [
    half("REMOVE", before.negated(), price),
    half("ADD", after, splitPrice(price, split, asset)),
  ];
}
