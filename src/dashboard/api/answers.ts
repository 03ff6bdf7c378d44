// The API's own answers as types: what it publishes is what the page compiles against.
import type { z } from "zod";
import type {
  deadLetterAnswer,
  limitAnswer,
  limitHistoryAnswer,
  reconciliationAnswer,
  stateChangedAnswer,
  tradingStatesAnswer,
} from "../../api/answers/operations.ts";
import type {
  eventAnswer,
  orderAnswer,
  orderListed,
  orderWithHistory,
} from "../../api/answers/order.ts";
import type {
  portfolioAnswer,
  portfolioHistoryAnswer,
  positionAnswer,
} from "../../api/answers/position.ts";
import type {
  commandAnswer,
  commandReceipt,
  ledgerAnswer,
  markAnswer,
  problemAnswerSchema,
  receiptAnswer,
  signalAnswer,
  verdictAnswer,
} from "../../api/answers/signal.ts";
import type {
  limitUsageAnswer,
  statusAnswer,
  venueSessionAnswer,
} from "../../api/answers/status.ts";

export type Order = z.output<typeof orderAnswer>;
export type OrderListed = z.output<typeof orderListed>;
export type OrderStory = z.output<typeof orderWithHistory>;
export type LoggedEvent = z.output<typeof eventAnswer>;
export type Position = z.output<typeof positionAnswer>;
export type Portfolio = z.output<typeof portfolioAnswer>;
export type PortfolioMoment = z.output<typeof portfolioHistoryAnswer>;
export type TradeSignal = z.output<typeof signalAnswer>;
export type SignalStory = z.output<typeof ledgerAnswer>;
export type Verdict = z.output<typeof verdictAnswer>;
export type Mark = z.output<typeof markAnswer>;
export type Receipt = z.output<typeof receiptAnswer>;
export type CommandReceipt = z.output<typeof commandReceipt>;
export type Command = z.output<typeof commandAnswer>;
export type Limit = z.output<typeof limitAnswer>;
export type LimitChange = z.output<typeof limitHistoryAnswer>;
export type LimitUsage = z.output<typeof limitUsageAnswer>;
export type TradingStates = z.output<typeof tradingStatesAnswer>;
export type StateChanged = z.output<typeof stateChangedAnswer>;
export type Inbox = z.output<typeof reconciliationAnswer>;
export type DeadLetter = z.output<typeof deadLetterAnswer>;
export type Status = z.output<typeof statusAnswer>;
export type VenueSession = z.output<typeof venueSessionAnswer>;
export type ProblemBody = z.output<typeof problemAnswerSchema>;

export type TradingState = Portfolio["trading_state"];
export type Role = Status["sender"]["role"];

export interface List<Row> {
  readonly data: readonly Row[];
  readonly next_cursor: string | null;
}

export interface Preview {
  readonly account: string;
  readonly symbol: string;
  readonly outcome: NonNullable<TradeSignal["outcome"]>;
  readonly rejected_by: TradeSignal["rejected_by"];
  readonly reject_code: string | null;
  readonly error_message: string | null;
  readonly verdicts: readonly Verdict[];
  readonly mark: Mark | null;
}
