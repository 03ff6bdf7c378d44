// GET /api/health/…: alive, ready, and everything in detail.
import { z } from "zod";
import { engineStatus } from "../../app/house-problems.ts";
import { notSetUp } from "../../app/directory.ts";
import { Problem } from "../../app/problem.ts";
import type { Api } from "../context.ts";
import { answer } from "../http/answer.ts";
import { route } from "../route.ts";

const live = z.strictObject({ status: z.literal("live") });
const redis = z.enum(["connected", "disconnected", "none"]);
const summary = z.strictObject({
  status: z.enum(["ok", "degraded", "down"]),
  database: z.literal("connected"),
  redis,
  execution_engine_status: z.enum(["running", "partly", "stopped"]),
});
const ready = z.strictObject({
  status: z.literal("ready"),
  redis,
});

export const getHealth = route({
  method: "GET",
  path: "/api/health",
  operation: "health",
  tag: "health",
  summary: "Is all well, in one word",
  description:
    "`down` when no worker runs, `degraded` when some partitions have none or there is no Redis; 503 without PostgreSQL. `/api/health/detailed` says what is wrong in sentences.",
  access: "public",
  answers: { 200: { description: "PostgreSQL answers.", schema: summary } },
  async handle({ api }) {
    await api.health.ready();
    const engine = engineStatus(await api.health.house());
    const isWhole = engine === "running" && redisOf(api) === "connected";
    return answer(200, {
      status: engine === "stopped" ? "down" : isWhole ? "ok" : "degraded",
      database: "connected",
      redis: redisOf(api),
      execution_engine_status: engine,
    });
  },
});

export const getLive = route({
  method: "GET",
  path: "/api/health/live",
  operation: "live",
  tag: "health",
  summary: "The process answers",
  description: "Asks nothing else: a dependency that is down is no reason to start it again.",
  access: "public",
  answers: { 200: { description: "It does.", schema: live } },
  handle: () => answer(200, { status: "live" }),
});

export const getReady = route({
  method: "GET",
  path: "/api/health/ready",
  operation: "ready",
  tag: "health",
  summary: "Requests can be taken",
  description:
    "PostgreSQL takes writes and has the tables of this release, and there is an account to trade on. Redis may be away: the worker then finds what was accepted by itself.",
  access: "public",
  answers: { 200: { description: "They can.", schema: ready } },
  async handle({ api }) {
    if (api.lifecycle.isClosing) {
      throw new Problem("store_unavailable", "The API is closing.", { retryAfterSeconds: 1 });
    }
    await api.health.ready();
    if (!hasAccount(api)) await api.world.refreshUnlessFresh();
    if (!hasAccount(api)) throw notSetUp();
    return answer(200, { status: "ready", redis: redisOf(api) });
  },
});

function hasAccount({ directory }: Api): boolean {
  return directory.accounts.length > 0;
}

function redisOf({ bus }: Api): z.output<typeof redis> {
  if (bus === null) return "none";
  return bus.status().connected ? "connected" : "disconnected";
}
