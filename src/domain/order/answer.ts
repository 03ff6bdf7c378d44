// What a fact or a call's end means for one order: events to record, and wishes for the shell. The
// facts of one report are taken in one after the other, each on the order as the one before left it.
import type { BrokerTraits } from "../broker.ts";
import type { OrderFlag, OrderState } from "./state.ts";
import type { OrderEvent } from "./status.ts";
import { evolve } from "./evolve.ts";

/** What should happen next and is not ours to do. `notBefore` is an instant. */
export type OrderWish =
  /** Ask the broker what became of the order, by broker id or reference. */
  | { readonly kind: "lookup"; readonly notBefore: number }
  /** Pending again after a send that did not arrive: may go out under the same reference. */
  | { readonly kind: "release"; readonly notBefore: number }
  /** The cancel that is still wanted did not leave: send it again. */
  | { readonly kind: "resend_cancel"; readonly notBefore: number };

export const ORDER_ALARMS = [
  "broker_duplicate_mismatch",
  "unknown_broker_status",
  "unknown_broker_order",
  "unknown_execution_busted",
  "order_not_found",
  "needs_a_person",
  "broker_outcome",
] as const;
export type OrderAlarmCode = (typeof ORDER_ALARMS)[number];

export interface OrderAlarm {
  readonly code: OrderAlarmCode;
  readonly message: string;
}

export interface OrderAnswer {
  readonly events: readonly OrderEvent[];
  readonly wishes: readonly OrderWish[];
  readonly alarms: readonly OrderAlarm[];
  /** The broker shows more filled than was booked: ask for its executions. Nothing is inferred. */
  readonly missingExecutions: boolean;
}

export interface OutcomeContext {
  readonly traits: BrokerTraits;
  readonly now: number;
  /** The signal is young enough, and trading allowed: an order that never arrived may be sent again. */
  readonly mayResend: boolean;
}

export class OrderFacts {
  readonly now: number;
  readonly #events: OrderEvent[] = [];
  readonly #wishes: OrderWish[] = [];
  readonly #alarms: OrderAlarm[] = [];
  #missingExecutions = false;
  #state: OrderState;

  constructor(state: OrderState, now: number) {
    this.#state = state;
    this.now = now;
  }

  /** The order as the events recorded so far leave it. */
  get state(): OrderState {
    return this.#state;
  }

  record(event: OrderEvent): void {
    this.#events.push(event);
    this.#state = evolve(this.#state, event, this.now);
  }

  /** Once for each kind of flag: a broker that repeats itself adds nothing. */
  flag(flag: OrderFlag, detail: string): void {
    if (this.#state.flags.includes(flag)) return;
    this.record({ type: "OrderFlagged", orderId: this.#state.id, flag, detail });
  }

  wish(wish: OrderWish): void {
    this.#wishes.push(wish);
  }

  alarm(code: OrderAlarmCode, message: string): void {
    this.#alarms.push({ code, message });
  }

  missExecutions(): void {
    this.#missingExecutions = true;
  }

  answer(): OrderAnswer {
    return {
      events: this.#events,
      wishes: this.#wishes,
      alarms: this.#alarms,
      missingExecutions: this.#missingExecutions,
    };
  }
}
