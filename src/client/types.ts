// What a bot sends and is answered, from the API's own schemas: the two cannot drift apart.
import type { z } from "zod";
import type { signalRequest } from "../app/signal-request.ts";
import type {
  keyAnswer,
  limitAnswer,
  newKeyAnswer,
  reconciliationAnswer,
  stateChangedAnswer,
  tradingStatesAnswer,
} from "../api/answers/operations.ts";
import type { orderAnswer, orderWithHistory } from "../api/answers/order.ts";
import type { portfolioAnswer, positionAnswer } from "../api/answers/position.ts";
import type { previewAnswer } from "../api/answers/preview.ts";
import type {
  batchAnswer,
  commandAnswer,
  commandReceipt,
  ledgerAnswer,
  problemAnswerSchema,
  receiptAnswer,
  signalAnswer,
} from "../api/answers/signal.ts";
import type {
  deliveryAnswer,
  newWebhookAnswer,
  webhookAnswer,
  webhookTestAnswer,
} from "../api/answers/webhook.ts";

/** An exact amount: text keeps every digit, a number keeps what JavaScript has of it. */
export type Amount = string | number;

/** A signal as a bot writes it. */
export interface NewSignal {
  readonly symbol: string;
  readonly side?: "buy" | "sell";
  readonly qty?: Amount;
  readonly notional?: Amount;
  /** The holding to end up with, instead of a trade. */
  readonly position?: Amount;
  readonly type?: "market" | "limit" | "stop" | "stop_limit" | "trailing_stop";
  readonly limit_price?: Amount;
  readonly stop_price?: Amount;
  readonly trail_price?: Amount;
  readonly trail_percent?: Amount;
  readonly time_in_force?: "day" | "gtc" | "ioc" | "fok" | "opg" | "cls";
  readonly extended_hours?: boolean;
  readonly take_profit?: Amount | { readonly limit_price: Amount };
  readonly stop_loss?: Amount | { readonly stop_price: Amount; readonly limit_price?: Amount };
  readonly order_class?: "simple" | "bracket" | "oto" | "oco";
  readonly account?: string;
  readonly strategy?: string;
  readonly reason?: string;
  readonly valid_until?: string;
  readonly on_market_closed?: "reject" | "queue";
  /** Sent again with the same name it is not traded again. */
  readonly client_signal_id?: string;
}

type Same<One, Other> = [One] extends [Other] ? ([Other] extends [One] ? true : never) : never;
/** `never` when the API takes a field that a bot cannot write, or the other way round: a test asks. */
export type NewSignalIsWhole = Same<keyof NewSignal, keyof z.output<typeof signalRequest>>;

export type Receipt = z.output<typeof receiptAnswer>;
export type BatchReceipt = z.output<typeof batchAnswer>;
export type Signal = z.output<typeof signalAnswer>;
export type Ledger = z.output<typeof ledgerAnswer>;
export type Order = z.output<typeof orderAnswer>;
export type OrderStory = z.output<typeof orderWithHistory>;
export type Position = z.output<typeof positionAnswer>;
export type Portfolio = z.output<typeof portfolioAnswer>;
export type Preview = z.output<typeof previewAnswer>;
export type CommandReceipt = z.output<typeof commandReceipt>;
export type Command = z.output<typeof commandAnswer>;
export type Limit = z.output<typeof limitAnswer>;
export type TradingStates = z.output<typeof tradingStatesAnswer>;
export type StateChanged = z.output<typeof stateChangedAnswer>;
export type Reconciliation = z.output<typeof reconciliationAnswer>;
export type Key = z.output<typeof keyAnswer>;
export type NewKey = z.output<typeof newKeyAnswer>;
export type Webhook = z.output<typeof webhookAnswer>;
export type NewWebhook = z.output<typeof newWebhookAnswer>;
export type WebhookTest = z.output<typeof webhookTestAnswer>;
export type Delivery = z.output<typeof deliveryAnswer>;
export type ProblemDocument = z.output<typeof problemAnswerSchema>;

export interface Page<Row> {
  readonly data: readonly Row[];
  readonly next_cursor: string | null;
}
