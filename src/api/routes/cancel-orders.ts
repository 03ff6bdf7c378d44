// DELETE /orders: all of them, or those of a symbol, a strategy, a side.
import { z } from "zod";
import { name, word } from "../../app/fields.ts";
import { Problem } from "../../app/problem.ts";
import { sendCommands } from "../../app/send-command.ts";
import { requireStrategy, requireSymbol, requireWholeAccount } from "../../app/sender.ts";
import { asId, type InstrumentId, type StrategyId } from "../../domain/ids.ts";
import { SIDES } from "../../domain/order/spec.ts";
import { commandReceipt } from "../answers/signal.ts";
import { listOf } from "../answers/words.ts";
import { answer } from "../http/answer.ts";
import { envelopeOf } from "../http/preferences.ts";
import { route } from "../route.ts";
import { accountQuery, BASE, symbolQuery } from "./base.ts";
import { commandReceiptView } from "./command-reply.ts";
import { accountsInScope } from "./scope.ts";

export const cancelOrders = route({
  method: "DELETE",
  path: `${BASE}/orders`,
  operation: "cancelOrders",
  tag: "orders",
  summary: "Cancel all open orders, or those of a filter",
  access: "trader",
  query: z.strictObject({
    ...accountQuery,
    ...symbolQuery,
    strategy: name().optional(),
    side: word(SIDES).optional(),
  }),
  answers: {
    202: { description: "One command for each account.", schema: listOf(commandReceipt) },
  },
  async handle(call) {
    const { api, sender, query } = call;
    requireStrategy(sender, query.strategy ?? null);
    const accounts = accountsInScope(api, sender, query.account ?? null);
    const instrumentId = instrumentIn(query.symbol, (symbol) => api.directory.idsOf(symbol));
    if (sender.symbols !== null) {
      if (instrumentId === null) requireWholeAccount(sender);
      else requireSymbol(sender, symbolOf(instrumentId));
    }
    const receipts = await sendCommands(
      api.accepting,
      envelopeOf(call, "cancel_orders"),
      accounts,
      {
        kind: "cancel_orders",
        filter: {
          instrumentId,
          strategyId: query.strategy === undefined ? null : asId<StrategyId>(query.strategy),
          side: query.side ?? null,
        },
      },
    );
    return answer(202, { data: receipts.map(commandReceiptView), next_cursor: null });
  },
});

function symbolOf(instrumentId: InstrumentId): string {
  return instrumentId.slice(instrumentId.indexOf(":") + 1);
}

/** One instrument: a symbol that means several names nothing that could be cancelled safely. */
function instrumentIn(
  symbol: string | undefined,
  idsOf: (symbol: string) => readonly InstrumentId[],
): InstrumentId | null {
  if (symbol === undefined) return null;
  const [first, second] = idsOf(symbol);
  const field = (message: string) => ({ fields: [{ field: "symbol", message }] });
  if (first === undefined) {
    throw new Problem("unknown_symbol", `${symbol} is not known.`, field("is not known"));
  }
  if (second === undefined) return first;
  throw new Problem(
    "unknown_symbol",
    `${symbol} may mean ${first} or ${second}: name the venue as well.`,
    field("means several instruments"),
  );
}
