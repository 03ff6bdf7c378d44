// What the venue does on its own, by hand: fills, busts, corrections, refusals; and money moved.
import { z } from "zod";
import { bust, correct, endByVenue, forceFill } from "../core/intervene.ts";
import type { Execution, Order } from "../core/order.ts";
import { leaves } from "../core/order.ts";
import type { ControlContext, ControlHandler, ControlRequest } from "./context.ts";
import { ControlRefusal, missing, ok } from "./context.ts";
import { executionJson, ledgerOrderJson } from "./ledger-json.ts";
import { amount, parseBody, positive } from "./shapes.ts";

/** By exchange id, or by the client's own id in any account. */
function orderOf({ exchange }: ControlContext, { params }: ControlRequest): Order {
  const id = params.id ?? "";
  const { world } = exchange.engine;
  const direct = world.orders.get(id);
  if (direct !== undefined) return direct;
  for (const account of world.accounts.keys()) {
    const named = world.orders.byClientOrderId(account, id);
    if (named !== undefined) return named;
  }
  throw missing(`order ${id}`);
}

function executionOf({ exchange }: ControlContext, { params }: ControlRequest): Execution {
  const id = params.id ?? "";
  const found = exchange.engine.world.executions.get(id);
  if (found === undefined) throw missing(`execution ${id}`);
  return found;
}

const fillShape = z.strictObject({ qty: positive.optional(), price: positive.optional() });

/** Fills an order whatever its state, also after its cancel: at its limit or the market by default. */
export const fillOrder: ControlHandler = (context, request) => {
  const order = orderOf(context, request);
  const { qty, price } = parseBody(fillShape, request.body);
  const { engine } = context.exchange;
  const quote = engine.world.quotes.get(order.asset.symbol);
  const at = price ?? order.limitPrice ?? (order.side === "buy" ? quote?.ask : quote?.bid);
  if (at === undefined) throw new ControlRefusal(409, "The order has no price to fill at.");
  const filled = engine.intervene(request.now, (world) =>
    forceFill(world, order, qty ?? leaves(order, at), at),
  );
  if (filled === null) throw new ControlRefusal(409, "The order has nothing left to fill.");
  return ok(executionJson(context.exchange.engine.world, filled));
};

function ending(how: "canceled" | "expired" | "rejected"): ControlHandler {
  return (context, request) => {
    const order = orderOf(context, request);
    const { engine } = context.exchange;
    const ended = engine.intervene(request.now, (world) => endByVenue(world, order, how));
    if (!ended) throw new ControlRefusal(409, `The order is already ${order.status}.`);
    return ok(ledgerOrderJson(engine.world, order));
  };
}

export const cancelByVenue = ending("canceled");
export const expireByVenue = ending("expired");
export const rejectByVenue = ending("rejected");

export const bustExecution: ControlHandler = (context, request) => {
  const execution = executionOf(context, request);
  const { engine } = context.exchange;
  const busted = engine.intervene(request.now, (world) => bust(world, execution));
  if (busted === null) throw new ControlRefusal(409, "The execution no longer stands.");
  return ok(executionJson(engine.world, busted));
};

const correctShape = z.strictObject({ qty: positive.optional(), price: positive.optional() });

export const correctExecution: ControlHandler = (context, request) => {
  const execution = executionOf(context, request);
  const { qty, price } = parseBody(correctShape, request.body);
  const { engine } = context.exchange;
  const corrected = engine.intervene(request.now, (world) =>
    correct(world, execution, qty ?? execution.quantity, price ?? execution.price),
  );
  if (corrected === null) throw new ControlRefusal(409, "The execution no longer stands.");
  return ok(executionJson(engine.world, corrected));
};

/** Opens the key's account if it is new, and puts money in or takes it out. */
export const moveCash: ControlHandler = (context, { params, body }) => {
  const account = context.exchange.account(params.key ?? "");
  if (account === null) throw new ControlRefusal(409, "There are too many accounts.");
  const { amount: moved } = parseBody(z.strictObject({ amount }), body);
  account.cash = account.cash.plus(moved);
  context.exchange.engine.world.changes.accounts.add(account);
  return ok({ key: account.keyId, cash: account.cash.toString() });
};
