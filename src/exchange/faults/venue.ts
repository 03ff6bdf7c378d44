// Faults of the venue itself: they strike when the exchange tells of an event, and act a little later.
import { Decimal } from "../../domain/decimal.ts";
import { bust, correct, forceFill } from "../core/intervene.ts";
import type { Execution, Order } from "../core/order.ts";
import { leaves } from "../core/order.ts";
import type { Update } from "../core/world.ts";
import type { Exchange } from "../exchange.ts";
import type { Faults } from "./faults.ts";
import { subjectOf } from "./rule.ts";

export function watchVenueFaults(exchange: Exchange, faults: Faults): void {
  exchange.listen((update) => {
    if (faults.none) return;
    if (update.event === "canceled") afterCancel(exchange, faults, update.order);
    const { execution } = update;
    if (execution !== null && execution.corrects === null) {
      afterFill(exchange, faults, update, execution);
    }
  });
}

/** The cancel was told, and yet a fill was under way. */
function afterCancel(exchange: Exchange, faults: Faults, order: Order): void {
  const rule = faults.strike(["fill_after_cancel"], subjectOf(order, "canceled"));
  if (rule === null) return;
  exchange.soon(rule.delayMs, () => {
    const quote = exchange.engine.world.quotes.get(order.asset.symbol);
    if (quote === undefined) return;
    const market = order.side === "buy" ? quote.ask : quote.bid;
    const price = order.limitPrice ?? market;
    forceFill(exchange.engine.world, order, leaves(order, price), price);
  });
}

function afterFill(exchange: Exchange, faults: Faults, update: Update, execution: Execution): void {
  const rule = faults.strike(["bust_fill", "correct_fill"], subjectOf(update.order, update.event));
  if (rule === null) return;
  exchange.soon(rule.delayMs, () => {
    const { world } = exchange.engine;
    if (rule.kind === "bust_fill") bust(world, execution);
    else
      correct(world, execution, execution.quantity, execution.price.plus(Decimal.of(rule.priceBy)));
  });
}
