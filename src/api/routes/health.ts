// GET /api/health/…: alive, ready, and everything in detail.
import { z } from "zod";
import { Problem } from "../../app/problem.ts";
import { answer } from "../http/answer.ts";
import { route } from "../route.ts";

const live = z.strictObject({ status: z.literal("live") });
const ready = z.strictObject({
  status: z.literal("ready"),
  redis: z.enum(["connected", "disconnected", "none"]),
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
    "PostgreSQL takes writes and has the tables of this release. Redis may be away: the worker then finds what was accepted by itself.",
  access: "public",
  answers: { 200: { description: "They can.", schema: ready } },
  async handle({ api }) {
    if (api.lifecycle.isClosing) {
      throw new Problem("store_unavailable", "The API is closing.", { retryAfterSeconds: 1 });
    }
    await api.health.ready();
    const status = api.bus?.status();
    const redis = status === undefined ? "none" : status.connected ? "connected" : "disconnected";
    return answer(200, { status: "ready", redis });
  },
});
