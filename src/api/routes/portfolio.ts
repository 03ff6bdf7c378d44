// GET /portfolio, its history and the buying power: what the accounts are worth and may still buy.
import { z } from "zod";
import { wholeNumber } from "../../app/fields.ts";
import { accountView, dayView, percentOff, sumsView } from "../../app/position-view.ts";
import { asId, type AccountId } from "../../domain/ids.ts";
import { tradingStateFor } from "../../domain/trading-state.ts";
import { buyingPowerAnswer, portfolioAnswer, portfolioHistoryAnswer } from "../answers/position.ts";
import { listOf } from "../answers/words.ts";
import { listAnswer } from "../http/answer.ts";
import { route } from "../route.ts";
import { accountQuery, BASE, dateOf, periodQuery } from "./base.ts";
import { visibleAccounts } from "./scope.ts";

export const getPortfolio = route({
  method: "GET",
  path: `${BASE}/portfolio`,
  operation: "getPortfolio",
  tag: "accounts",
  summary: "What the accounts are worth",
  access: "viewer",
  query: z.strictObject(accountQuery),
  answers: { 200: { description: "One row per account.", schema: listOf(portfolioAnswer) } },
  async handle({ api, sender, query }) {
    const scope = { accounts: visibleAccounts(api, sender, query.account ?? null) };
    const [accounts, sums] = await Promise.all([
      api.queries.accounts(scope),
      api.queries.portfolio(scope),
    ]);
    const { trading, limits } = api.world;
    const data = accounts.map((row) => ({
      ...accountView(row, tradingStateFor(trading, asId<AccountId>(row.id), null)),
      day: dayView(row, limits, sums),
      positions: sums.filter(({ account }) => account === row.id).map(sumsView),
    }));
    return listAnswer(data, null);
  },
});

export const getPortfolioHistory = route({
  method: "GET",
  path: `${BASE}/portfolio/history`,
  operation: "getPortfolioHistory",
  tag: "accounts",
  summary: "How the accounts went",
  access: "viewer",
  query: z.strictObject({
    ...accountQuery,
    ...periodQuery,
    limit: wholeNumber(1, 5_000).default(500),
  }),
  answers: {
    200: { description: "The newest first.", schema: listOf(portfolioHistoryAnswer) },
  },
  async handle({ api, sender, query }) {
    const filter = {
      accounts: visibleAccounts(api, sender, query.account ?? null),
      from: dateOf(query.from),
      to: dateOf(query.to),
    };
    return listAnswer(await api.queries.portfolioHistory(filter, query.limit), null);
  },
});

export const getBuyingPower = route({
  method: "GET",
  path: `${BASE}/portfolio/buying-power`,
  operation: "getBuyingPower",
  tag: "accounts",
  summary: "What the accounts may still buy",
  access: "viewer",
  query: z.strictObject(accountQuery),
  answers: { 200: { description: "One row per account.", schema: listOf(buyingPowerAnswer) } },
  async handle({ api, sender, query }) {
    const rows = await api.queries.accounts({
      accounts: visibleAccounts(api, sender, query.account ?? null),
    });
    const data = rows.map((row) => {
      const limits = api.world.limits.for(asId<AccountId>(row.id), "", null);
      const reserve = limits.buying_power_reserve_percent;
      return {
        account: row.id,
        currency: row.currency,
        equity: row.equity,
        cash: row.cash,
        buying_power: row.buying_power,
        non_marginable_buying_power: row.non_marginable_buying_power,
        reserve_percent: reserve?.toString() ?? "0",
        available: percentOff(row.buying_power, reserve),
        observed_at: row.observed_at,
      };
    });
    return listAnswer(data, null);
  },
});
