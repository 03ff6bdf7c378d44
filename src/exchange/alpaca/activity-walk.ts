// All activities of an account as one row, in the order of time: the fills, behind each its fee, and
// the entries that are no trades. Pages are cut from it, so none can hold more than it may, and the last
// of a page says where the next begins.
import { Decimal } from "../../domain/decimal.ts";
import type { Entry } from "../core/entry.ts";
import { firstFrom } from "../core/first-from.ts";
import type { Execution, Micros } from "../core/order.ts";
import type { World } from "../core/world.ts";
import { meantBy } from "./activity-id.ts";
import { feeTypeOf } from "./json/activity.ts";

/** No two executions or entries have the same stamp; the fee of a fill has its fill's. */
export interface Place {
  readonly at: Micros;
  readonly rank: 0 | 1;
}

export type Step = Place &
  (
    | { readonly kind: "fill" | "fee"; readonly execution: Execution }
    | { readonly kind: "entry"; readonly entry: Entry }
  );

export function activityTypeOf(step: Step): string {
  switch (step.kind) {
    case "fill":
      return "FILL";
    case "fee":
      return feeTypeOf(step.execution);
    case "entry":
      return step.entry.type;
  }
}

/** The dollars that came in beside trading; the fee of a purchase is taken in its coin. */
export function netAmountOf(step: Step): Decimal {
  if (step.kind === "entry") {
    return step.entry.status === "canceled" ? Decimal.ZERO : step.entry.amount;
  }
  const inDollars = step.kind === "fee" && step.execution.side === "sell";
  return inDollars ? step.execution.fee.negated() : Decimal.ZERO;
}

export interface Walk {
  readonly accountId: string;
  /** From this instant on, and before that one. */
  readonly from: Micros;
  readonly to: Micros;
  /** Everything up to and with this place was shown on the page before. */
  readonly after: Place | null;
  readonly descending: boolean;
}

/** Null when the account has no such activity. */
export function placeOf(world: World, accountId: string, token: string): Place | null {
  const { fillOf, feeOf, entry: entryId } = meantBy(token);
  const entry = world.entries.get(entryId);
  if (entry?.accountId === accountId) return { at: entry.at, rank: 0 };
  const paid = world.executions.get(feeOf);
  if (paid?.accountId === accountId) return { at: paid.at, rank: 1 };
  for (const id of fillOf) {
    const filled = world.executions.get(id);
    if (filled?.accountId === accountId) return { at: filled.at, rank: 0 };
  }
  return null;
}

export function* walkActivities(world: World, walk: Walk): Generator<Step> {
  const { descending, after } = walk;
  const executions = slice(world.executions.of(walk.accountId), walk);
  const entries = slice(world.entries.of(walk.accountId), walk);
  for (;;) {
    const execution = executions.peek();
    const entry = entries.peek();
    if (execution === undefined && entry === undefined) return;
    if (execution !== undefined && (entry === undefined || isNext(execution, entry, descending))) {
      executions.advance();
      for (const step of stepsOf(world, execution, descending)) {
        if (!isBehind(step, after, descending)) yield step;
      }
    } else if (entry !== undefined) {
      entries.advance();
      const step: Step = { kind: "entry", entry, at: entry.at, rank: 0 };
      if (!isBehind(step, after, descending)) yield step;
    }
  }
}

interface Dated {
  readonly at: Micros;
}

const isNext = (one: Dated, other: Dated, descending: boolean): boolean =>
  descending ? one.at > other.at : one.at < other.at;

function isBehind(step: Place, after: Place | null, descending: boolean): boolean {
  if (after === null) return false;
  const distance = step.at - after.at || step.rank - after.rank;
  return descending ? distance >= 0 : distance <= 0;
}

/** A busted fill is no activity, and a corrected one is shown as corrected. */
function stepsOf(world: World, execution: Execution, descending: boolean): readonly Step[] {
  const isBust = execution.quantity.isNegative();
  if (isBust || !world.executions.stands(execution)) return [];
  const { at } = execution;
  const fill: Step = { kind: "fill", execution, at, rank: 0 };
  if (execution.fee.isZero()) return [fill];
  const fee: Step = { kind: "fee", execution, at, rank: 1 };
  return descending ? [fee, fill] : [fill, fee];
}

/** One list between the bounds, begun where the page begins. */
function slice<Item extends Dated>(list: readonly Item[], { from, to, after, descending }: Walk) {
  // A place may be between a fill and its fee, so its own instant is looked at again.
  const first = firstFrom(list, after === null || descending ? from : Math.max(from, after.at));
  const end = firstFrom(list, after !== null && descending ? Math.min(to, after.at + 1) : to);
  let index = descending ? end - 1 : first;
  return {
    peek: (): Item | undefined => (index >= first && index < end ? list[index] : undefined),
    advance: (): void => {
      index += descending ? -1 : 1;
    },
  };
}
