// GET and PUT /trading-state: the switch. Effective with the commit, whatever else is going on.
import { z } from "zod";
import { changeTradingState, effectOf, type StateChange } from "../../app/change-trading-state.ts";
import { flag, name, sentence, word } from "../../app/fields.ts";
import { Problem } from "../../app/problem.ts";
import { mayUseAccount, requireAccount, requireStrategy, type Sender } from "../../app/sender.ts";
import { asId, type StrategyId } from "../../domain/ids.ts";
import { TRADING_STATES } from "../../domain/trading-state.ts";
import { stateChangedAnswer, tradingStatesAnswer } from "../answers/operations.ts";
import { answer, replayHeaders } from "../http/answer.ts";
import { envelopeOf } from "../http/preferences.ts";
import { route } from "../route.ts";
import { BASE } from "./base.ts";

export const getTradingState = route({
  method: "GET",
  path: `${BASE}/trading-state`,
  operation: "getTradingState",
  tag: "trading state",
  summary: "Is trading allowed?",
  access: "viewer",
  answers: {
    200: { description: "For all, and every narrower row.", schema: tradingStatesAnswer },
  },
  async handle({ api, sender }) {
    const all = await api.operations.tradingStateRows();
    const rows = all.filter(({ account }) => account === null || mayUseAccount(sender, account));
    const forAll = rows.find(({ account, strategy }) => account === null && strategy === null);
    return answer(200, {
      state: forAll?.state ?? "active",
      version: api.world.trading.version,
      data: rows,
    });
  },
});

export const putTradingState = route({
  method: "PUT",
  path: `${BASE}/trading-state`,
  operation: "changeTradingState",
  tag: "trading state",
  summary: "Stop, reduce, freeze or resume",
  description:
    "Stricter states are for traders too, and need no reason; resuming is for admins, and does.",
  access: "trader",
  body: z.strictObject({
    state: word(TRADING_STATES),
    reason: sentence(500).nullish(),
    account: name().nullish().describe("Without it, all accounts."),
    strategy: name().nullish(),
    cancel_orders: flag.optional().describe("Cancels resting entries; protective exits stay."),
    flatten: flag.optional().describe("Closes every position in scope."),
  }),
  example: { state: "reducing", cancel_orders: true, reason: "looking at it" },
  answers: { 200: { description: "Committed, and what it does.", schema: stateChangedAnswer } },
  takesKey: true,
  async handle(call) {
    const { api, sender, body } = call;
    const account = body.account == null ? null : api.directory.account(body.account).id;
    const change: StateChange = {
      state: body.state,
      account,
      strategy: body.strategy == null ? null : asId<StrategyId>(body.strategy),
      reason: body.reason ?? null,
      cancelOrders: body.cancel_orders ?? false,
      flatten: body.flatten ?? false,
    };
    requireScope(sender, change);
    const changed = await changeTradingState(
      {
        accepting: api.accepting,
        control: api.operations,
        accounts: api.directory.accounts.map(({ id }) => id),
      },
      envelopeOf(call, "trading_state"),
      change,
    );
    await api.world.refresh();
    const { state, strategy } = change;
    const view = {
      state,
      account,
      strategy,
      reason: changed.reason,
      version: changed.version,
      effect: effectOf(change, changed),
      on_its_way: changed.onItsWay,
      resting: changed.resting,
      held: changed.held,
      commands: changed.commandIds,
      how_to_resume: state === "active" ? null : resumeCommand(change),
      replayed: changed.isReplay,
    };
    return answer(200, view, replayHeaders(changed.isReplay));
  },
});

/** A key for some accounts, strategies or symbols must not stop the others. */
function requireScope(sender: Sender, { account, strategy }: StateChange): void {
  if (account !== null) requireAccount(sender, account);
  else if (sender.accounts !== null) {
    throw new Problem("forbidden", "Name the account: this key may not change the state for all.");
  }
  if (sender.strategies !== null) requireStrategy(sender, strategy);
  if (sender.symbols !== null) {
    throw new Problem("forbidden", "The state is for all symbols, and this key is for some.");
  }
}

function resumeCommand({ account, strategy }: StateChange): string {
  const scope = [
    account === null ? "" : ` --account ${account}`,
    strategy === null ? "" : ` --strategy ${strategy}`,
  ].join("");
  return `fillstream resume${scope} --reason "…"`;
}
