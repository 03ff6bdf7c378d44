// GET /status and GET /limits/usage: whether everything is alive, and how near the limits are. Asked by
// pages that stay open all day, so the house is read once a second at most, for everybody.
import { limitUsage } from "../../app/limit-usage.ts";
import { mayUseAccount } from "../../app/sender.ts";
import { TRADING_STATES, type TradingState } from "../../domain/trading-state.ts";
import type { AccountLink } from "../../ports/operations.ts";
import { isVenue } from "../../domain/calendar/venues.ts";
import { limitUsageAnswer, statusAnswer } from "../answers/status.ts";
import { listOf } from "../answers/words.ts";
import { answer, listAnswer } from "../http/answer.ts";
import { route } from "../route.ts";
import { BASE } from "./base.ts";
import { venueSession } from "./session.ts";
import { visibleAccounts } from "./scope.ts";

export const getStatus = route({
  method: "GET",
  path: `${BASE}/status`,
  operation: "status",
  tag: "health",
  summary: "Is everything alive, and what waits",
  access: "viewer",
  answers: { 200: { description: "The house as it is.", schema: statusAnswer } },
  async handle({ api, sender }) {
    const { settings, world, clock, bus } = api;
    const accounts = api.directory.accounts.filter(({ id }) => mayUseAccount(sender, id));
    const [house, links] = await Promise.all([
      api.health.house(),
      api.operations.accountLinks(accounts.map(({ id }) => id)),
    ]);
    const redis = bus === null ? "none" : bus.status().connected ? "connected" : "disconnected";
    const venues = [...new Set(accounts.flatMap((account) => api.venuesOf(account)))];
    return answer(200, {
      at: new Date(clock.now()).toISOString(),
      mode: settings.mode,
      version: settings.version,
      sender: { actor: sender.actor, role: sender.role },
      needs_key: settings.auth === "keys",
      trading_state: strictestOf(world.trading.rows.map(({ state }) => state)),
      trading_state_version: world.trading.version,
      limits_version: world.limits.version,
      redis,
      workers: house.workers,
      partitions: house.partitions.length,
      partitions_without_worker: house.partitions.filter(
        ({ owner, lease_ms: left }) => owner === null || left === null || left <= 0,
      ).length,
      faults: house.partitions.flatMap(({ partition, fault }) =>
        fault === null ? [] : [{ partition, reason: fault }],
      ),
      waiting_signals: house.waiting_signals,
      waiting_commands: house.waiting_commands,
      oldest_waiting_ms: house.oldest_waiting_ms,
      unresolved_orders: house.unresolved_orders,
      oldest_unresolved_ms: house.oldest_unresolved_ms,
      dead_letters: house.dead_letters,
      frozen_symbols: house.frozen_symbols,
      external_orders: house.open_differences,
      external_positions: house.external_positions,
      cash_differences: house.cash_differences,
      links: links.map((link) => linkView(link, clock.now())),
      newest_price_ms: house.newest_price_ms,
      oldest_held_price_ms: house.oldest_held_price_ms,
      feed_lag: house.feed_lag,
      sessions: venues
        .filter(isVenue)
        .map((venue) => venueSession(venue, clock.now(), world.calendar)),
    });
  },
});

function linkView(link: AccountLink, now: number) {
  const age = (at: Date | null): number | null =>
    at === null ? null : Math.max(0, Math.round(now - at.getTime()));
  return {
    account: link.account,
    told_ms: age(link.at),
    is_up: link.is_up,
    is_streaming: link.is_streaming,
    stream_heard_ms: age(link.stream_heard_at),
    reconciled_ms: age(link.reconciled_at),
    order_budget: link.order_budget,
    calls_waiting: link.calls_waiting,
    reconnects: link.reconnects,
  };
}

function strictestOf(states: readonly TradingState[]): TradingState {
  return TRADING_STATES.findLast((state) => states.includes(state)) ?? "active";
}

const MINUTE_MS = 60_000;
const COUNT_CAP = 100_000;
const OPEN = ["pending", "submitted", "accepted", "partially_filled"];

export const listLimitUsage = route({
  method: "GET",
  path: `${BASE}/limits/usage`,
  operation: "listLimitUsage",
  tag: "limits",
  summary: "How much of each limit is used",
  access: "viewer",
  answers: {
    200: { description: "Of limits that can fill up.", schema: listOf(limitUsageAnswer) },
  },
  async handle({ api, sender }) {
    const scope = { accounts: visibleAccounts(api, sender, null) };
    const everything = { instruments: null, strategy: null };
    const [accounts, sums, positions] = await Promise.all([
      api.queries.accounts(scope),
      api.queries.portfolio(scope),
      api.queries.positions({
        ...scope,
        ...everything,
        byStrategy: false,
        includeClosed: false,
      }),
    ]);
    const since = new Date(api.clock.now() - MINUTE_MS);
    const usages = accounts.map(async (account) => {
      const filter = {
        ...everything,
        accounts: [account.id],
        statuses: null,
        side: null,
        signalId: null,
        from: null,
        to: null,
      };
      const [openOrders, ordersLastMinute] = await Promise.all([
        api.queries.countOrders({ ...filter, statuses: OPEN }, COUNT_CAP),
        api.queries.countOrders({ ...filter, from: since }, COUNT_CAP),
      ]);
      return limitUsage(
        {
          account,
          sums: sums.filter((row) => row.account === account.id),
          positions: positions.filter((row) => row.account === account.id),
          openOrders,
          ordersLastMinute,
        },
        api.world.limits,
      );
    });
    return listAnswer((await Promise.all(usages)).flat(), null);
  },
});
