// GET /reconciliation: what waits for a person, and what a person may say about it.
import { z } from "zod";
import { exactPrice, exactQuantity, name, sentence, symbol, word } from "../../app/fields.ts";
import { Problem } from "../../app/problem.ts";
import { asRecord, publicWords } from "../../app/public-event.ts";
import { sendCommand, sendCommands } from "../../app/send-command.ts";
import { requireOwn, requireWholeAccount, type Sender } from "../../app/sender.ts";
import type { CommandRequest } from "../../domain/command.ts";
import { asId, type AccountId, type BrokerOrderId, type OrderId } from "../../domain/ids.ts";
import { reconciliationAnswer } from "../answers/operations.ts";
import { commandReceipt } from "../answers/signal.ts";
import { listOf } from "../answers/words.ts";
import type { Api } from "../context.ts";
import { answer } from "../http/answer.ts";
import { envelopeOf } from "../http/preferences.ts";
import { route, type Route } from "../route.ts";
import { accountQuery, BASE, idParams, notFound } from "./base.ts";
import { commandAnswers, commandReceiptView, commandReply } from "./command-reply.ts";
import { visibleOrder } from "./get-order.ts";
import { accountOf, accountsInScope, isVisible, visibleAccounts } from "./scope.ts";

const SHOWN = 200;

export const getReconciliation = route({
  method: "GET",
  path: `${BASE}/reconciliation`,
  operation: "getReconciliation",
  tag: "reconciliation",
  summary:
    "Differences, orders and positions that are not ours, frozen symbols, facts that could not be read",
  access: "viewer",
  query: z.strictObject(accountQuery),
  answers: { 200: { description: "The inbox.", schema: reconciliationAnswer } },
  async handle({ api, sender, query }) {
    const accounts = visibleAccounts(api, sender, query.account ?? null);
    const [differences, external, positions, cash, frozen, parked] = await Promise.all([
      api.operations.differences(accounts, SHOWN),
      api.operations.externalOrders(accounts),
      api.operations.externalPositions(accounts, api.clock.now()),
      api.operations.cashDifferences(accounts),
      api.operations.frozenSymbols(accounts),
      api.operations.parkedFacts(accounts, SHOWN),
    ]);
    return answer(200, {
      differences,
      external_orders: external.map(({ snapshot, ...row }) => ({
        ...row,
        order: publicWords(asRecord(snapshot)),
      })),
      external_positions: positions.map(withSymbol),
      cash_differences: cash,
      frozen_symbols: frozen.map(withSymbol),
      parked_facts: parked,
    });
  },
});

function withSymbol<Row extends { readonly instrument_id: string }>({
  instrument_id: id,
  ...row
}: Row) {
  const colon = id.indexOf(":");
  return { ...row, venue: id.slice(0, colon), symbol: id.slice(colon + 1) };
}

export const runReconciliation = route({
  method: "POST",
  path: `${BASE}/reconciliation/run`,
  operation: "runReconciliation",
  tag: "reconciliation",
  summary: "Compare with the broker now",
  access: "trader",
  body: z.strictObject({ account: name().nullish().describe("Without it, all accounts.") }),
  bodyIsOptional: true,
  answers: {
    202: { description: "One command for each account.", schema: listOf(commandReceipt) },
  },
  async handle(call) {
    const { api, sender, body } = call;
    const accounts = accountsInScope(api, sender, body.account ?? null);
    const envelope = envelopeOf(call, "reconcile");
    const receipts = await sendCommands(api.accepting, envelope, accounts, { kind: "reconcile" });
    return answer(202, { data: receipts.map(commandReceiptView), next_cursor: null });
  },
});

function judgeExternal(verb: "adopt" | "ignore", summary: string): Route {
  return route({
    method: "POST",
    path: `${BASE}/reconciliation/orders/:id/${verb}`,
    operation: `${verb}Order`,
    tag: "reconciliation",
    summary,
    access: "admin",
    params: idParams,
    answers: commandAnswers,
    async handle(call) {
      requireWholeAccount(call.sender);
      const account = await accountOfExternal(call.api, call.sender, call.params.id);
      const brokerOrderId = asId<BrokerOrderId>(call.params.id);
      const request: CommandRequest =
        verb === "adopt"
          ? { kind: "adopt_order", brokerOrderId }
          : { kind: "ignore_order", brokerOrderId };
      const envelope = envelopeOf(call, request.kind);
      return commandReply(call, await sendCommand(call.api.accepting, envelope, account, request));
    },
  });
}

export const adoptOrder = judgeExternal("adopt", "An order of the broker's becomes ours");
export const ignoreOrder = judgeExternal("ignore", "An order of the broker's is left to others");

async function accountOfExternal(api: Api, sender: Sender, id: string): Promise<AccountId> {
  const rows = await api.operations.externalOrders(visibleAccounts(api, sender, null));
  const [row, other] = rows.filter((each) => each.broker_order_id === id);
  if (row === undefined || !isVisible(api, sender, row.account)) {
    throw notFound("order in the inbox with the broker's id", id);
  }
  if (other === undefined) return asId<AccountId>(row.account);
  throw new Problem("not_allowed_now", `Two accounts have an order ${id}.`);
}

export const adjustPosition = route({
  method: "POST",
  path: `${BASE}/reconciliation/adjust`,
  operation: "adjustPosition",
  tag: "reconciliation",
  summary: "Correct a position by hand",
  description: "Recorded with who did it and why; executions are never changed.",
  access: "admin",
  body: z.strictObject({
    account: name().nullish(),
    symbol,
    qty: exactQuantity("any").describe("Added to what is held; negative takes away."),
    price: exactPrice("not_negative")
      .nullish()
      .describe("What it enters the cost at; left out, nothing."),
    reason: sentence(500),
  }),
  answers: commandAnswers,
  async handle(call) {
    const { api, sender, body } = call;
    const account = api.directory.account(accountOf(api, sender, body.account ?? null));
    const instrument = api.directory.resolve(account, body.symbol);
    requireOwn(sender, { strategy: null, symbol: instrument.symbol });
    const receipt = await sendCommand(
      api.accepting,
      envelopeOf(call, "adjust_position"),
      account.id,
      {
        kind: "adjust_position",
        instrumentId: instrument.id,
        quantity: body.qty,
        price: body.price ?? null,
        reason: body.reason,
      },
    );
    return commandReply(call, receipt);
  },
});

export const unfreezeSymbol = route({
  method: "POST",
  path: `${BASE}/reconciliation/unfreeze`,
  operation: "unfreezeSymbol",
  tag: "reconciliation",
  summary: "Entries on a frozen symbol go on",
  access: "admin",
  body: z.strictObject({ account: name().nullish(), symbol, reason: sentence(500) }),
  answers: commandAnswers,
  async handle(call) {
    const { api, sender, body } = call;
    const account = api.directory.account(accountOf(api, sender, body.account ?? null));
    const { id: instrumentId, symbol: named } = api.directory.resolve(account, body.symbol);
    requireOwn(sender, { strategy: null, symbol: named });
    const envelope = envelopeOf(call, "unfreeze_symbol");
    const { reason } = body;
    const request: CommandRequest = { kind: "unfreeze_symbol", instrumentId, reason };
    return commandReply(call, await sendCommand(api.accepting, envelope, account.id, request));
  },
});

export const settleOrder = route({
  method: "POST",
  path: `${BASE}/orders/:id/settle`,
  operation: "settleOrder",
  tag: "reconciliation",
  summary: "Say what became of an order that cannot be looked up",
  access: "admin",
  params: idParams,
  body: z.strictObject({ as: word(["never_arrived"]), reason: sentence(500) }),
  answers: commandAnswers,
  async handle(call) {
    const { api, sender, params, body } = call;
    const order = await visibleOrder(api, sender, params.id);
    requireOwn(sender, order);
    const envelope = envelopeOf(call, "settle_order");
    const orderId = asId<OrderId>(order.id);
    const { as, reason } = body;
    const request: CommandRequest = { kind: "settle_order", orderId, as, reason };
    const account = asId<AccountId>(order.account);
    return commandReply(call, await sendCommand(api.accepting, envelope, account, request));
  },
});

export const resetLossLimit = route({
  method: "POST",
  path: `${BASE}/accounts/:id/reset-loss-limit`,
  operation: "resetLossLimit",
  tag: "trading state",
  summary: "Entries go on after a loss limit was crossed",
  access: "admin",
  params: idParams,
  body: z.strictObject({ reason: sentence(500) }),
  answers: commandAnswers,
  async handle(call) {
    const { api, sender, params, body } = call;
    const account = accountOf(api, sender, params.id);
    requireWholeAccount(sender);
    const envelope = envelopeOf(call, "reset_loss_limit");
    const request: CommandRequest = { kind: "reset_loss_limit", reason: body.reason };
    return commandReply(call, await sendCommand(api.accepting, envelope, account, request));
  },
});
