// POST /positions/:symbol/close and POST /flatten: out of one position, or out of all of them.
import { z } from "zod";
import { exactQuantity, name } from "../../app/fields.ts";
import { sendCommand, sendCommands } from "../../app/send-command.ts";
import { requireOwn, requireWholeAccount } from "../../app/sender.ts";
import { commandReceipt } from "../answers/signal.ts";
import { listOf } from "../answers/words.ts";
import { answer } from "../http/answer.ts";
import { envelopeOf } from "../http/preferences.ts";
import { route } from "../route.ts";
import { BASE } from "./base.ts";
import { commandAnswers, commandReceiptView, commandReply } from "./command-reply.ts";
import { symbolParams } from "./positions.ts";
import { accountOf, accountsInScope } from "./scope.ts";

export const closePosition = route({
  method: "POST",
  path: `${BASE}/positions/:symbol/close`,
  operation: "closePosition",
  tag: "positions",
  summary: "Close a position, or a part of it",
  description: "Cancels what stands in its way, waits until that is over, then sends the exit.",
  access: "trader",
  params: symbolParams,
  body: z.strictObject({
    qty: exactQuantity().nullish().describe("All of it when left out."),
    account: name().nullish(),
  }),
  bodyIsOptional: true,
  answers: commandAnswers,
  async handle(call) {
    const { api, sender, params, body } = call;
    const account = api.directory.account(accountOf(api, sender, body.account ?? null));
    const instrument = api.directory.resolve(account, params.symbol);
    // A close is about the account's whole position, which a key for some strategies must not touch.
    requireOwn(sender, { strategy: null, symbol: instrument.symbol });
    const receipt = await sendCommand(
      api.accepting,
      envelopeOf(call, "close_position"),
      account.id,
      { kind: "close_position", instrumentId: instrument.id, quantity: body.qty ?? null },
    );
    return commandReply(call, receipt);
  },
});

export const flatten = route({
  method: "POST",
  path: `${BASE}/flatten`,
  operation: "flatten",
  tag: "positions",
  summary: "Close every position",
  access: "trader",
  body: z.strictObject({ account: name().nullish().describe("Without it, all accounts.") }),
  bodyIsOptional: true,
  answers: {
    202: { description: "One command for each account.", schema: listOf(commandReceipt) },
  },
  async handle(call) {
    const { api, sender, body } = call;
    requireWholeAccount(sender);
    const accounts = accountsInScope(api, sender, body.account ?? null);
    const envelope = envelopeOf(call, "flatten");
    const receipts = await sendCommands(api.accepting, envelope, accounts, { kind: "flatten" });
    return answer(202, { data: receipts.map(commandReceiptView), next_cursor: null });
  },
});
