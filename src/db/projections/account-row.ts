// What a part's events change of each account beside its orders and positions, folded to one row: what
// the broker said last, the trading day, and how much the counters grow.
import type { DomainEvent, EventOf, RecordedEvent } from "../../domain/event.ts";
import type { AccountId } from "../../domain/ids.ts";
import { rowShape } from "./row.ts";

export interface AccountChange {
  readonly accountId: AccountId;
  readonly partition: number;
  observed: EventOf<"AccountObserved"> | null;
  firstContactAt: number | null;
  day: EventOf<"TradingDayStarted"> | null;
  baselines: Pick<EventOf<"LossLimitReset">, "realizedBaseline" | "unrealizedBaseline"> | null;
  lossLimitCrossed: boolean | null;
  /** Orders placed since the day began, or since before this part when it began earlier. */
  placed: number;
  lastPlacedAt: number | null;
  updatedAt: number;
}

export const ACCOUNT_ROW = rowShape<AccountChange>("account_states", [
  ["account_id", "text", ({ accountId }) => accountId],
  ["partition", "plain", ({ partition }) => partition],
  ["equity", "numeric", ({ observed }) => observed?.equity],
  ["cash", "numeric", ({ observed }) => observed?.cash],
  ["buying_power", "numeric", ({ observed }) => observed?.buyingPower],
  ["non_marginable_buying_power", "numeric", ({ observed }) => observed?.nonMarginableBuyingPower],
  ["shorting_enabled", "plain", ({ observed }) => observed?.shortingEnabled],
  ["observed_at", "instant", ({ observed }) => observed?.asOf],
  ["first_contact_at", "instant", ({ firstContactAt }) => firstContactAt],
  ["day_date", "plain", ({ day }) => day?.date],
  ["day_equity_baseline", "numeric", ({ day }) => day?.equityBaseline],
  ["day_realized_baseline", "numeric", ({ baselines }) => baselines?.realizedBaseline],
  ["day_unrealized_baseline", "numeric", ({ baselines }) => baselines?.unrealizedBaseline],
  ["day_orders_placed", "plain", ({ placed }) => placed],
  ["day_loss_limit_crossed", "plain", ({ lossLimitCrossed }) => lossLimitCrossed],
  ["last_placed_at", "instant", ({ lastPlacedAt }) => lastPlacedAt],
  ["updated_at", "instant", ({ updatedAt }) => updatedAt],
]);

export class AccountChanges {
  readonly #partition: number;
  readonly #changes = new Map<AccountId, AccountChange>();

  constructor(partition: number) {
    this.#partition = partition;
  }

  values(): Iterable<AccountChange> {
    return this.#changes.values();
  }

  add({ accountId, at, event }: RecordedEvent): void {
    if (!touchesAccount(event)) return;
    const change = this.#of(accountId);
    change.updatedAt = at;
    switch (event.type) {
      case "AccountObserved":
        change.observed = event;
        change.firstContactAt ??= event.asOf;
        return;
      case "TradingDayStarted":
        change.day = event;
        change.baselines = event;
        change.lossLimitCrossed = false;
        change.placed = 0;
        return;
      case "LossLimitCrossed":
        change.lossLimitCrossed = true;
        return;
      case "LossLimitReset":
        change.baselines = event;
        change.lossLimitCrossed = false;
        return;
      default:
        // Legs that the broker makes are no orders of ours to count.
        if (event.type === "OrderPlaced" && event.order.parentId === null) change.placed += 1;
        if (event.type === "OrderPlaced") change.lastPlacedAt = at;
    }
  }

  #of(accountId: AccountId): AccountChange {
    const known = this.#changes.get(accountId);
    if (known !== undefined) return known;
    const fresh: AccountChange = {
      accountId,
      partition: this.#partition,
      observed: null,
      firstContactAt: null,
      day: null,
      baselines: null,
      lossLimitCrossed: null,
      placed: 0,
      lastPlacedAt: null,
      updatedAt: 0,
    };
    this.#changes.set(accountId, fresh);
    return fresh;
  }
}

/** The two last ones take a reference, which is counted where it is stored. */
const TOUCHING: ReadonlySet<DomainEvent["type"]> = new Set([
  "AccountObserved",
  "TradingDayStarted",
  "LossLimitCrossed",
  "LossLimitReset",
  "OrderPlaced",
  "OrderSubmitted",
  "ReplaceRequested",
]);

const touchesAccount = (event: DomainEvent): boolean => TOUCHING.has(event.type);
