// POST /v2/orders.
import { Decimal } from "../../../domain/decimal.ts";
import type { Asset } from "../../core/asset.ts";
import { endByVenue } from "../../core/intervene.ts";
import type { NewOrder } from "../../core/order.ts";
import { isOpening, permission } from "../../core/order-rules.ts";
import type { World } from "../../core/world.ts";
import { subjectOf } from "../../faults/rule.ts";
import type { AlpacaContext } from "../context.ts";
import { nestedOrderText } from "../json/order.ts";
import type { OrderFields } from "../order-fields.ts";
import { decodeObject, parseOrderFields } from "../order-fields.ts";
import { checkOrder } from "../order-rules.ts";
import { refusalAnswer } from "../refusals.ts";
import type { WireAnswer, WireRequest } from "../wire.ts";
import { forbidden, invalid, text, unprocessable, WireFailure } from "../wire.ts";

function worth(world: World, asset: Asset, fields: OrderFields): Decimal {
  if (fields.notional !== null) return fields.notional;
  const quote = world.quotes.get(asset.symbol);
  const market = fields.side === "buy" ? quote?.ask : quote?.bid;
  const price = fields.limitPrice ?? market ?? Decimal.ZERO;
  return (fields.quantity ?? Decimal.ZERO).times(price);
}

function checkIntent(fields: OrderFields, opens: boolean): void {
  const inferred = `${fields.side}_to_${opens ? "open" : "close"}`;
  const { positionIntent } = fields;
  if (positionIntent === null || positionIntent === inferred) return;
  throw unprocessable(
    `position intent mismatch, inferred: ${inferred}, specified: ${positionIntent}`,
  );
}

export function submitOrder(context: AlpacaContext, request: WireRequest): WireAnswer {
  const { engine } = context.exchange;
  const fields = parseOrderFields(decodeObject(request.body));
  const asset = context.assets.find(fields.symbol);
  if (asset === null) throw invalid(`could not find asset "${fields.symbol}"`);
  const refused = permission(request.account, asset);
  if (refused !== null) throw new WireFailure(refusalAnswer(refused));
  const { fractionalTrading } = request.account.configuration;
  if (!fractionalTrading && fields.notional !== null) {
    throw forbidden("fractional trading is disabled for this account");
  }
  checkIntent(fields, isOpening(request.account, asset, fields.side));
  checkOrder(asset, fields, {
    now: request.now,
    alwaysOpen: engine.world.sessions.alwaysOpen,
    worth: worth(engine.world, asset, fields),
  });
  const order: NewOrder = { ...fields, asset };
  const result = engine.submit(request.account, order, request.now);
  if (!result.ok) return refusalAnswer(result.refusal);
  const answer = text(200, nestedOrderText(engine.world, result.value));
  if (context.faults.strike(["reject_order"], subjectOf(result.value)) !== null) {
    endByVenue(engine.world, result.value, "rejected");
  }
  engine.settle(request.now);
  return answer;
}
