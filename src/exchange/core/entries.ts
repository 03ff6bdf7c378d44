// What happens to accounts beside trading: dividends are paid, cash comes and goes, and entries are
// taken back or corrected.
import { Decimal } from "../../domain/decimal.ts";
import type { Account } from "./account.ts";
import type { Asset } from "./asset.ts";
import type { Entry, EntryType } from "./entry.ts";
import type { World } from "./world.ts";

const CENTS = 2;

type Said = Pick<Entry, "type" | "amount" | "description"> & Partial<Entry>;

/** Books an entry: its amount comes in at once. */
export function enter(world: World, account: Account, said: Said): Entry {
  const entry: Entry = {
    id: world.ids.next(),
    accountId: account.id,
    subType: null,
    symbol: null,
    quantity: null,
    price: null,
    perShare: null,
    groupId: null,
    split: null,
    status: "executed",
    at: world.stamp(),
    ...said,
  };
  pay(world, account, entry.amount);
  const { id, at } = entry;
  world.enter({ entry, id, previousId: null, at });
  return entry;
}

function pay(world: World, account: Account, amount: Decimal): void {
  account.cash = account.cash.plus(amount);
  world.changes.accounts.add(account);
}

export interface Transfer {
  readonly type: EntryType;
  readonly amount: Decimal;
  readonly description: string;
}

export function transfer(world: World, account: Account, sent: Transfer): Entry {
  return enter(world, account, sent);
}

/** Who holds the share now is paid in whole cents; who is short of it pays in its place. */
export function payDividend(world: World, asset: Asset, perShare: Decimal): readonly Entry[] {
  const entries: Entry[] = [];
  for (const account of world.accounts.values()) {
    const quantity = account.positions.get(asset.symbol)?.quantity ?? Decimal.ZERO;
    const amount = quantity.times(perShare).round(CENTS, "half_up");
    if (amount.isZero()) continue;
    const isShort = quantity.isNegative();
    entries.push(
      enter(world, account, {
        type: "DIV",
        subType: isShort ? "SPD" : "CDIV",
        symbol: asset.symbol,
        quantity,
        perShare,
        amount,
        description: isShort ? "Substitute payment in lieu of a dividend" : "Cash dividend",
      }),
    );
  }
  return entries;
}

/**
 * Takes an entry back, or lets it say another amount; the cash follows. Null when it was taken back
 * before, or moved shares: those may have been traded since.
 */
export function restateEntry(world: World, entry: Entry, amount: Decimal | null): Entry | null {
  if (entry.status === "canceled" || entry.split !== null) return null;
  const after: Entry =
    amount === null ? { ...entry, status: "canceled" } : { ...entry, status: "correct", amount };
  pay(world, world.account(entry.accountId), (amount ?? Decimal.ZERO).minus(entry.amount));
  const id = world.ids.next();
  world.enter({ entry: after, id, previousId: entry.id, at: world.stamp() });
  return after;
}
