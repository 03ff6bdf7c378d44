// What a person may say about positions and cash that the record does not explain: it is ours, it is
// another's, it is as it should be. Each with a reason, and recorded with who said so.
import { z } from "zod";
import { exactPrice, exactQuantity, name, sentence, symbol } from "../../app/fields.ts";
import { Problem } from "../../app/problem.ts";
import { sendCommand } from "../../app/send-command.ts";
import { requireOwn, requireWholeAccount, type Sender } from "../../app/sender.ts";
import { Decimal } from "../../domain/decimal.ts";
import type { AccountId, InstrumentId } from "../../domain/ids.ts";
import type { Api } from "../context.ts";
import { envelopeOf } from "../http/preferences.ts";
import { route } from "../route.ts";
import { BASE } from "./base.ts";
import { commandAnswers, commandReply } from "./command-reply.ts";
import { accountOf } from "./scope.ts";

const about = { account: name().nullish(), symbol, reason: sentence(500) };

export const adoptPosition = route({
  method: "POST",
  path: `${BASE}/reconciliation/positions/adopt`,
  operation: "adoptPosition",
  tag: "reconciliation",
  summary: "What the broker holds beyond our record becomes ours",
  access: "admin",
  description:
    "All that differs at present; where nothing does, what was left to others. With `qty` it is refused (`difference_changed`) when that is another quantity by now.",
  body: z.strictObject({
    ...about,
    qty: exactQuantity("any")
      .nullish()
      .describe(
        "What you saw in `external_positions`; negative for fewer. Left out, whatever differs.",
      ),
    price: exactPrice("not_negative")
      .nullish()
      .describe("What it enters the cost at; left out, what the broker says, or the market."),
  }),
  answers: commandAnswers,
  async handle(call) {
    const { api, sender, body } = call;
    const { account, instrumentId } = named(api, sender, body);
    const { qty: quantity = null, price = null, reason } = body;
    const request = { kind: "adopt_position", instrumentId, quantity, price, reason } as const;
    const envelope = envelopeOf(call, request.kind);
    // A repeat is answered as the first one was; what is true then is judged once more by the account's worker.
    if (quantity !== null && envelope.key === null) {
      await requireStanding(api, { account, instrumentId, quantity });
    }
    return commandReply(call, await sendCommand(api.accepting, envelope, account, request));
  },
});

export const ignorePosition = route({
  method: "POST",
  path: `${BASE}/reconciliation/positions/ignore`,
  operation: "ignorePosition",
  tag: "reconciliation",
  summary: "So much of what the broker holds is another's",
  description:
    "It is no difference any more and still counts as held; what others trade of it moves it, and a further difference is judged by itself.",
  access: "admin",
  body: z.strictObject({
    ...about,
    qty: exactQuantity("any")
      .nullish()
      .describe("Negative for a short position; left out, all that differs at present."),
  }),
  answers: commandAnswers,
  async handle(call) {
    const { api, sender, body } = call;
    const { account, instrumentId } = named(api, sender, body);
    const { qty: quantity = null, reason } = body;
    const request = { kind: "ignore_position", instrumentId, quantity, reason } as const;
    const envelope = envelopeOf(call, request.kind);
    return commandReply(call, await sendCommand(api.accepting, envelope, account, request));
  },
});

export const acceptCash = route({
  method: "POST",
  path: `${BASE}/reconciliation/cash/accept`,
  operation: "acceptCash",
  tag: "reconciliation",
  summary: "The difference in cash that was told last is as it should be",
  access: "admin",
  body: z.strictObject({ account: name().nullish(), reason: sentence(500) }),
  answers: commandAnswers,
  async handle(call) {
    const { api, sender, body } = call;
    requireWholeAccount(sender);
    const account = accountOf(api, sender, body.account ?? null);
    const request = { kind: "accept_cash", reason: body.reason } as const;
    const envelope = envelopeOf(call, request.kind);
    return commandReply(call, await sendCommand(api.accepting, envelope, account, request));
  },
});

interface Seen {
  readonly account: AccountId;
  readonly instrumentId: InstrumentId;
  readonly quantity: Decimal;
}

async function requireStanding(
  { operations, clock }: Api,
  { account, instrumentId, quantity }: Seen,
): Promise<void> {
  const rows = await operations.externalPositions([account], clock.now());
  const known = rows.filter(({ instrument_id: id }) => id === instrumentId);
  // What differs first; what was left to others once nothing does.
  const standing = known.find(({ ignored }) => !ignored) ?? known[0];
  if (standing !== undefined && Decimal.of(standing.qty).eq(quantity)) return;
  const now = standing === undefined ? "Nothing" : standing.qty;
  const message = `${now} of ${instrumentId} waits to be adopted now, not ${quantity.toString()}: look again.`;
  throw new Problem("difference_changed", message);
}

function named(
  api: Api,
  sender: Sender,
  body: { readonly account?: string | null | undefined; readonly symbol: string },
): { readonly account: AccountId; readonly instrumentId: InstrumentId } {
  requireWholeAccount(sender);
  const account = api.directory.account(accountOf(api, sender, body.account ?? null));
  const instrument = api.directory.resolve(account, body.symbol);
  requireOwn(sender, { strategy: null, symbol: instrument.symbol });
  return { account: account.id, instrumentId: instrument.id };
}
