// GET /accounts: who trades where, and what the broker said last.
import { accountView } from "../../app/position-view.ts";
import { asId, type AccountId } from "../../domain/ids.ts";
import { tradingStateFor } from "../../domain/trading-state.ts";
import { accountAnswer } from "../answers/position.ts";
import { listOf } from "../answers/words.ts";
import { listAnswer } from "../http/answer.ts";
import { route } from "../route.ts";
import { BASE } from "./base.ts";
import { visibleAccounts } from "./scope.ts";

export const listAccounts = route({
  method: "GET",
  path: `${BASE}/accounts`,
  operation: "listAccounts",
  tag: "accounts",
  summary: "List accounts",
  access: "viewer",
  answers: { 200: { description: "All of them.", schema: listOf(accountAnswer) } },
  async handle({ api, sender }) {
    const rows = await api.queries.accounts({ accounts: visibleAccounts(api, sender, null) });
    const state = (id: string) => tradingStateFor(api.world.trading, asId<AccountId>(id), null);
    return listAnswer(
      rows.map((row) => accountView(row, state(row.id))),
      null,
    );
  },
});
