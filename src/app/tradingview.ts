// An alert of TradingView as a signal. The alert's message is what its author typed, so the names are
// those of TradingView's own placeholders, and numbers come as text or as numbers.
import { z } from "zod";
import { Decimal } from "../domain/decimal.ts";
import { exactPrice, exactQuantity, name, sentence, word } from "./fields.ts";
import { parseRequest } from "./parse.ts";
import { invalid, invalidFields, type FieldProblem } from "./problem.ts";
import { readSignalRequest, signalFields, type SignalRequest } from "./signal-request.ts";

/** Text that is only read by people, or by nobody. */
const anyText = z.unknown().optional();

export const tradingViewAlert = z.strictObject({
  ticker: sentence(60).describe("`{{ticker}}`, with or without the exchange before a colon."),
  action: word(["buy", "sell", "close"])
    .nullish()
    .describe("`{{strategy.order.action}}`, or `close` for flat."),
  contracts: exactQuantity().nullish().describe("`{{strategy.order.contracts}}`."),
  position_size: exactQuantity("any")
    .nullish()
    .describe("`{{strategy.position_size}}`, after this order."),
  market_position: word(["long", "short", "flat"])
    .nullish()
    .describe("`{{strategy.market_position}}`, after this order."),
  price: exactPrice()
    .nullish()
    .describe("`{{strategy.order.price}}`: for the record, not a limit."),
  time: sentence(40).nullish().describe("`{{time}}`: the bar, which makes the alert unique."),
  id: sentence(120).nullish().describe("A name of your own for this alert."),
  secret: sentence(200).nullish().describe("Where it is not in the path."),
  account: name().nullish(),
  strategy: name().nullish(),
  comment: sentence(300).nullish().describe("`{{strategy.order.comment}}`."),
  type: signalFields.type,
  limit_price: signalFields.limit_price,
  stop_price: signalFields.stop_price,
  time_in_force: signalFields.time_in_force,
  take_profit: signalFields.take_profit,
  stop_loss: signalFields.stop_loss,
  // Placeholders that people leave in their alerts.
  exchange: anyText,
  interval: anyText,
  open: anyText,
  high: anyText,
  low: anyText,
  close: anyText,
  volume: anyText,
  timenow: anyText,
  currency: anyText,
  basecurrency: anyText,
  order_id: anyText,
  alert_message: anyText,
  prev_market_position: anyText,
  prev_market_position_size: anyText,
  market_position_size: anyText,
});
export type TradingViewAlert = z.output<typeof tradingViewAlert>;

const NAMES = Object.keys(tradingViewAlert.shape);

export interface MappedAlert {
  readonly request: SignalRequest;
  /** What makes a repetition of it; null when nothing does. */
  readonly key: string | null;
  /** The holding that the sender believes in once this is done; null when it does not say. */
  readonly believed: Decimal | null;
}

export function readAlert(given: unknown): TradingViewAlert {
  return parseRequest(tradingViewAlert, given, NAMES);
}

export function mapAlert(alert: TradingViewAlert): MappedAlert {
  const believed = believedPosition(alert);
  const { action, contracts, strategy, comment } = alert;
  const request = readSignalRequest({
    symbol: symbolOf(alert.ticker),
    ...wishOf(alert, believed),
    type: alert.type,
    limit_price: alert.limit_price?.toString(),
    stop_price: alert.stop_price?.toString(),
    time_in_force: alert.time_in_force,
    ...exitsOf(alert),
    account: alert.account,
    strategy,
    reason: comment ?? `TradingView ${action ?? alert.market_position ?? ""}`.trim(),
  });
  const bar = [strategy, alert.ticker, alert.time, action, contracts?.toString()];
  const ofBar = alert.time == null ? null : bar.map((part) => part ?? "").join("|");
  return { request, key: alert.id ?? ofBar, believed };
}

function wishOf(alert: TradingViewAlert, believed: Decimal | null): object {
  const { action, contracts } = alert;
  if (action === "close") return { position: "0" };
  if (action != null && contracts != null) return { side: action, qty: contracts.toString() };
  if (action == null && believed !== null) return { position: believed.toString() };
  if (action == null) throw invalid("action", "is required (or market_position with its size)");
  throw invalid("contracts", "is required");
}

/** A size may be signed already, or named by the side. */
function believedPosition(alert: TradingViewAlert): Decimal | null {
  const { market_position: side, position_size: size } = alert;
  if (side === "flat") return Decimal.ZERO;
  if (size == null) return null;
  if (side === "short") return size.abs().negated();
  return side === "long" ? size.abs() : size;
}

function exitsOf(alert: TradingViewAlert): object {
  const { take_profit: profit, stop_loss: loss } = alert;
  return {
    ...(profit == null ? {} : { take_profit: profit.limit_price.toString() }),
    ...(loss == null
      ? {}
      : {
          stop_loss: {
            stop_price: loss.stop_price.toString(),
            limit_price: loss.limit_price?.toString(),
          },
        }),
  };
}

/** `NASDAQ:AAPL` is AAPL: the exchange is TradingView's name for its source, not a venue of ours. */
function symbolOf(ticker: string): string {
  const colon = ticker.lastIndexOf(":");
  const symbol = ticker.slice(colon + 1).trim();
  if (symbol !== "") return symbol;
  const problem: FieldProblem = { field: "ticker", message: "names no symbol" };
  throw invalidFields([problem]);
}

/**
 * How far the sender's belief is from what is held and on its way once this signal is done; zero when
 * they agree. Something else means that an alert was lost, or was never meant for here.
 */
export function gapOf(
  mapped: MappedAlert,
  known: { readonly held: Decimal; readonly onItsWay: Decimal },
): Decimal | null {
  const { believed, request } = mapped;
  if (believed === null || request.qty == null) return null;
  const change = request.side === "sell" ? request.qty.negated() : request.qty;
  const gap = believed.minus(known.held.plus(known.onItsWay).plus(change));
  return gap.isZero() ? null : gap;
}
