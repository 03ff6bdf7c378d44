// GET /metrics for Prometheus, and GET /api/health/detailed for people in a hurry.
import { z } from "zod";
import { engineStatus, problemsOf } from "../../app/house-problems.ts";
import { instantText } from "../answers/words.ts";
import { answer, textAnswer } from "../http/answer.ts";
import { route } from "../route.ts";

export const getMetrics = route({
  method: "GET",
  path: "/metrics",
  operation: "metrics",
  tag: "health",
  summary: "Metrics for Prometheus",
  access: "viewer",
  answers: {
    200: { description: "Text exposition.", schema: null, contentType: "text/plain" },
  },
  async handle({ api }) {
    return textAnswer(200, await api.metricsPage.text(), api.metricsPage.http.contentType);
  },
});

const detailed = z.strictObject({
  status: z.enum(["ok", "degraded", "down"]),
  execution_engine_status: z.enum(["running", "partly", "stopped"]),
  problems: z.array(z.string()).describe("What is wrong, in sentences."),
  at: instantText,
  version: z.string(),
  mode: z.string(),
  trading_state: z.string(),
  limits_off: z.array(z.string()).describe("Limits that are set for nobody in general."),
  clock_skew_ms: z.int().describe("Our clock against the database's."),
  stream: z.strictObject({
    redis: z.enum(["connected", "disconnected", "none"]),
    last_error: z.string().nullable(),
    waiting_signals: z.int(),
    waiting_commands: z.int(),
    oldest_waiting_ms: z.int().nullable(),
  }),
  leases: z.array(
    z.strictObject({
      partition: z.int(),
      owner: z.string().nullable(),
      lease_ms: z.int().nullable(),
      fault: z.string().nullable(),
      waiting_signals: z.int(),
      waiting_commands: z.int(),
    }),
  ),
  jobs: z.array(
    z.strictObject({
      name: z.string(),
      owner: z.string().nullable(),
      lease_ms: z.int().nullable(),
    }),
  ),
  workers: z.array(z.strictObject({ owner: z.string(), seen_ms: z.int() })),
  accounts: z.array(
    z.strictObject({
      account: z.string(),
      broker: z.string(),
      environment: z.string(),
      observed_ms: z.int().nullable().describe("Since the broker last told of the account."),
    }),
  ),
  prices: z.strictObject({
    newest_ms: z.int().nullable(),
    oldest_held_ms: z.int().nullable(),
  }),
  feeds: z.array(z.strictObject({ feed: z.string(), events_behind: z.int() })),
  orders: z.strictObject({
    open: z.record(z.string(), z.int()),
    unresolved: z.int(),
    oldest_unresolved_ms: z.int().nullable(),
  }),
  inbox: z.strictObject({
    dead_letters: z.int(),
    external_orders: z.int(),
    external_positions: z.int(),
    cash_differences: z.int(),
    frozen_symbols: z.int(),
  }),
});

export const getDetailed = route({
  method: "GET",
  path: "/api/health/detailed",
  operation: "detailed",
  tag: "health",
  summary: "Everything that could be wrong",
  access: "viewer",
  answers: { 200: { description: "The house in detail.", schema: detailed } },
  async handle({ api }) {
    const [house, accounts, limits] = await Promise.all([
      api.health.house(),
      api.queries.accounts({ accounts: api.directory.accounts.map(({ id }) => id) }),
      api.operations.limitRows(),
    ]);
    const now = api.clock.now();
    const bus = api.bus?.status() ?? null;
    const problems = problemsOf({ house, redis: bus, skewMs: now - house.at.getTime() });
    const engine = engineStatus(house);
    return answer(200, {
      status: engine === "stopped" ? "down" : problems.length > 0 ? "degraded" : "ok",
      execution_engine_status: engine,
      problems,
      at: new Date(now).toISOString(),
      version: api.settings.version,
      mode: api.settings.mode,
      trading_state: api.world.tradingState,
      limits_off: limits.filter(({ value }) => value === null).map(({ key }) => key),
      clock_skew_ms: Math.round(now - house.at.getTime()),
      stream: {
        redis: bus === null ? "none" : bus.connected ? "connected" : "disconnected",
        last_error: bus?.lastError ?? null,
        waiting_signals: house.waiting_signals,
        waiting_commands: house.waiting_commands,
        oldest_waiting_ms: house.oldest_waiting_ms,
      },
      leases: house.partitions,
      jobs: house.jobs,
      workers: house.workers,
      accounts: accounts.map((row) => ({
        account: row.id,
        broker: row.broker,
        environment: row.environment,
        observed_ms: row.observed_at === null ? null : now - row.observed_at.getTime(),
      })),
      prices: { newest_ms: house.newest_price_ms, oldest_held_ms: house.oldest_held_price_ms },
      feeds: house.feed_lag.map(({ feed, events }) => ({ feed, events_behind: events })),
      orders: {
        open: house.open_orders,
        unresolved: house.unresolved_orders,
        oldest_unresolved_ms: house.oldest_unresolved_ms,
      },
      inbox: {
        dead_letters: house.dead_letters,
        external_orders: house.open_differences,
        external_positions: house.external_positions,
        cash_differences: house.cash_differences,
        frozen_symbols: house.frozen_symbols,
      },
    });
  },
});
