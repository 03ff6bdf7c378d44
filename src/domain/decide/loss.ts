// The trading day of an account and its loss limits: the day begins with a baseline, a limit once
// crossed is an event, and it stays crossed until the day rolls or a person resets it.
import { tradingDay } from "../calendar/calendar.ts";
import { parseClockTime } from "../calendar/date.ts";
import type { ClockTime } from "../calendar/date.ts";
import type { Refusal } from "../refusal.ts";
import { crossedLossLimit, profitFigures } from "../risk/day-result.ts";
import type { ProfitFigures } from "../risk/day-result.ts";
import { strategyResults } from "../risk/strategy-result.ts";
import { isMissing } from "../risk/rule.ts";
import type { Decimal } from "../decimal.ts";
import type { Account } from "../book.ts";
import type { Draft } from "./draft.ts";

const LOSS_RULES: ReadonlySet<string> = new Set(["max_daily_loss_usd", "max_daily_loss_percent"]);
const MIDNIGHT: ClockTime = "00:00";

/** The roll as a clock time; the edge that stores accounts has checked it. */
export function rollOf({ dayRoll }: Account): ClockTime {
  return parseClockTime(dayRoll) === null ? MIDNIGHT : (dayRoll as ClockTime); // just checked
}

export function dateOf(draft: Draft): string {
  return tradingDay(draft.account.dayZone, rollOf(draft.account), draft.now);
}

/** Starts the day when another one has begun, as soon as equity and profit are known. */
export function rollDay(draft: Draft): void {
  const { day, equity } = draft.accountBook;
  if (equity === null) return;
  const date = dateOf(draft);
  if (day?.date === date) return;
  startDay(draft, date, equity.equity);
}

function startDay(draft: Draft, date: string, equityBaseline: Decimal): void {
  const figures = currentFigures(draft);
  if (figures === null) return;
  draft.record({
    type: "TradingDayStarted",
    date,
    equityBaseline,
    realizedBaseline: figures.realized,
    unrealizedBaseline: figures.unrealized,
    strategyBaselines: strategyResults(draft.accountBook, draft.context),
  });
}

/** Null while a price or a rate is missing: then nothing is counted from a guess. */
export function currentFigures(draft: Draft): ProfitFigures | null {
  const figures = profitFigures(draft.accountBook, draft.context);
  return isMissing(figures) ? null : figures;
}

/** Judged between signals, on prices and executions. */
export function judgeLoss(draft: Draft): void {
  const { day } = draft.accountBook;
  if (day === null || day.lossLimitCrossed || day.date !== dateOf(draft)) return;
  const crossed = crossedLossLimit(draft.accountBook, draft.context);
  if (crossed === null) return;
  const { limit, loss, allowed, currency } = crossed;
  draft.record({ type: "LossLimitCrossed", limit, loss, allowed });
  const numbers = `${loss.toString()} of ${allowed.toString()} ${currency}`;
  draft.alarm(limit, `Account ${draft.account.id} lost ${numbers}: entries stop.`);
}

/** A signal refused for the day's loss is the crossing, if no tick saw it before. */
export function crossLossLimit(draft: Draft, { code }: Refusal): void {
  if (LOSS_RULES.has(code)) judgeLoss(draft);
}
