// A split is two entries on the wire: the old shares go out, the new ones come in, perhaps minutes later.
// Counted one by one they would empty the position and lose its cost, so both together are one entry here,
// whose quantity is the difference. One alone is told as pending: the position may have moved by it already.
import { Decimal } from "../../domain/decimal.ts";
import type { WireActivity } from "./schema.ts";
import { activityStatusOf } from "./words.ts";

export function joinSplits(entries: readonly WireActivity[]): readonly WireActivity[] {
  const splits = new Map<string, WireActivity[]>();
  const rest: WireActivity[] = [];
  for (const entry of entries) {
    if (!isHalf(entry)) {
      rest.push(entry);
      continue;
    }
    const halves = splits.get(keyOf(entry));
    if (halves === undefined) splits.set(keyOf(entry), [entry]);
    else halves.push(entry);
  }
  return [...rest, ...[...splits.values()].flatMap(joined)];
}

function isHalf(entry: WireActivity): boolean {
  return entry.activity_type === "SPLIT" && entry.qty !== null && !entry.qty.isZero();
}

/** Without a group, two halves of one day and share belong together. */
function keyOf({ group_id, symbol, date }: WireActivity): string {
  return `${group_id ?? date} ${symbol ?? ""}`;
}

function joined(halves: readonly WireActivity[]): readonly WireActivity[] {
  // The name must be the same on every look, in whatever order they are told.
  const [first] = halves.toSorted((left, right) => (left.id < right.id ? -1 : 1));
  const quantities = halves.map(({ qty }) => qty ?? Decimal.ZERO);
  const signs = new Set(quantities.map((quantity) => quantity.sign()));
  const statuses = new Set(halves.map(({ status }) => status));
  if (first === undefined || statuses.size > 1) return [];
  if (signs.size < 2) return isExecuted(first) ? [{ ...first, status: "pending" }] : [];
  const times = halves.flatMap(({ created_at }) => (created_at === null ? [] : [created_at]));
  return [
    {
      ...first,
      qty: Decimal.sum(quantities),
      net_amount: Decimal.sum(halves.map(({ net_amount }) => net_amount ?? Decimal.ZERO)),
      created_at: times.length === 0 ? null : Math.max(...times),
    },
  ];
}

const isExecuted = ({ status }: WireActivity): boolean => activityStatusOf(status) === "executed";
