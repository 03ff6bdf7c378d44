// What people are told without asking: from the committed log only, so that nobody hears of an order
// that never was.
import type { DomainEvent, LoggedEvent } from "../../domain/event.ts";
import type { LongUnresolved } from "../../ports/webhooks.ts";
import { publicLoggedEvent, type PublicEvent } from "../public-event.ts";

export const NOTICE_KINDS = [
  "rejected",
  "unresolved",
  "loss_limit",
  "trading_state",
  "difference",
  "frozen",
  "webhook_off",
  "filled",
  "cancelled",
  "expired",
  "decided",
  "test",
] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];

/** What an endpoint hears when it does not choose. */
export const USUAL_KINDS: readonly NoticeKind[] = [
  "rejected",
  "unresolved",
  "loss_limit",
  "trading_state",
  "difference",
  "frozen",
  "webhook_off",
];

/** An order whose fate is unknown for this long is worth a person's attention. */
export const UNRESOLVED_AFTER_MS = 30_000;

export interface Notice {
  readonly kind: NoticeKind;
  readonly account: string;
  readonly at: string;
  /** One sentence. */
  readonly text: string;
  /** Where it stands in the log; null for what is no event. */
  readonly event: PublicEvent | null;
}

interface Told {
  readonly kind: NoticeKind;
  readonly text: string;
}

export function noticesOf(logged: LoggedEvent): readonly Notice[] {
  const told = tell(logged.event);
  if (told === null) return [];
  const event = publicLoggedEvent(logged);
  const account = logged.accountId;
  return [{ ...told, account, at: event.at, event, text: `${account}: ${told.text}` }];
}

function tell(event: DomainEvent): Told | null {
  switch (event.type) {
    case "SignalDecided":
      return event.outcome === "rejected" && event.refusal !== null
        ? {
            kind: "rejected",
            text: `a signal for ${symbolOf(event.instrumentId)} was refused by ${event.refusal.by} (${event.refusal.code}): ${event.refusal.message}`,
          }
        : {
            kind: "decided",
            text: `a signal for ${symbolOf(event.instrumentId)} was decided: ${event.outcome}.`,
          };
    case "OrderRejected":
      return {
        kind: "rejected",
        text: `an order was rejected by ${event.by} (${event.code}): ${event.message}`,
      };
    case "OrderExecuted": {
      const { quantity, price } = event.execution;
      return { kind: "filled", text: `filled ${quantity.toString()} at ${price.toString()}.` };
    }
    case "OrderCancelled":
      return { kind: "cancelled", text: `an order was cancelled by the ${event.by}.` };
    case "OrderExpired":
      return { kind: "expired", text: "an order expired." };
    case "LossLimitCrossed":
      return {
        kind: "loss_limit",
        text: `the day's loss of ${event.loss.toString()} crossed ${event.limit} (${event.allowed.toString()}): entries stop.`,
      };
    case "LossLimitReset":
      return { kind: "loss_limit", text: `the loss limit was reset: ${event.reason}` };
    case "TradingStateChanged":
      return {
        kind: "trading_state",
        text: `trading is ${event.state}${event.strategyId === null ? "" : ` for ${event.strategyId}`}: ${event.reason}`,
      };
    case "DifferenceFound":
      return {
        kind: "difference",
        text: `${event.kind} ${event.subject} ${event.ours === event.theirs ? "agrees again" : "differs"}: ${event.ours ?? "nothing"} here, ${event.theirs ?? "nothing"} at the broker; ${event.action}`,
      };
    case "SymbolFrozen":
      return { kind: "frozen", text: `${symbolOf(event.instrumentId)} is frozen: ${event.reason}` };
    case "SymbolUnfrozen":
      return {
        kind: "frozen",
        text: `${symbolOf(event.instrumentId)} trades again: ${event.reason}`,
      };
    default:
      return null;
  }
}

export function unresolvedNotice(order: LongUnresolved, now: number): Notice {
  const seconds = Math.round((now - order.since.getTime()) / 1_000);
  return {
    kind: "unresolved",
    account: order.account,
    at: new Date(now).toISOString(),
    text: `${order.account}: nobody knows for ${seconds} s what became of the order to ${order.side} ${order.qty ?? ""} ${order.symbol} (${order.order_id}): ${order.cause}`,
    event: null,
  };
}

/** One endpoint hears nothing any more: the others are told. */
export function webhookOffNotice(name: string, reason: string, now: number): Notice {
  const text = `the webhook ${name} was switched off: ${reason}`;
  return {
    kind: "webhook_off",
    account: "none",
    at: new Date(now).toISOString(),
    text,
    event: null,
  };
}

function symbolOf(instrumentId: string): string {
  return instrumentId.slice(instrumentId.indexOf(":") + 1);
}
