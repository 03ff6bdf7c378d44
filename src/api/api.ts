// Puts the API together: what it keeps in memory, who may call it, and the routes of the table.
import { Hono } from "hono";
import { Admission } from "../app/admission.ts";
import { InProgress } from "../app/in-progress.ts";
import { Problem } from "../app/problem.ts";
import { traceFields } from "../domain/trace-context.ts";
import { withKeys, withoutKeys, type Authenticator } from "./auth/authenticator.ts";
import { jwtVerifier } from "./auth/jwt.ts";
import { KeyCache } from "./auth/key-cache.ts";
import type { Api } from "./context.ts";
import type { ApiDeps } from "./deps.ts";
import { Health } from "./health.ts";
import { docsPage } from "./docs-page.ts";
import { hangUpOf } from "./http/hang-up.ts";
import { problemAnswer } from "./http/problem-json.ts";
import { RateLimiter, type RateLimit } from "./http/rate-limit.ts";
import { remoteAddressOf } from "./http/remote-address.ts";
import { requestIds } from "./http/request-id.ts";
import { Lifecycle } from "./lifecycle.ts";
import { Metrics } from "./metrics/metrics.ts";
import { NoticeRunner } from "./notices/runner.ts";
import { USUAL_SEND } from "./notices/send.ts";
import { openApiOf } from "./openapi.ts";
import { handlerFor, type Pipeline } from "./pipeline.ts";
import type { Route } from "./route.ts";
import { ROUTES } from "./routes.ts";
import { EventHub } from "./stream/hub.ts";
import { LiveValues, movesPosition } from "./stream/live-values.ts";
import { watchReaders } from "./stream/watch-readers.ts";
import { World } from "./world.ts";

export interface RunningApi {
  readonly app: Hono;
  /** What the API knows and keeps; for what is served beside it (dashboard, webhooks). */
  readonly api: Api;
  /** Not ready from now on; what is under way goes on. */
  beginClosing(): void;
  close(): Promise<void>;
}

const USUAL_RATE: RateLimit = { perSecond: 1_000, burst: 2_000 };

export async function createApi(deps: ApiDeps): Promise<RunningApi> {
  const lifecycle = new Lifecycle();
  const admission = new Admission(deps.settings.admission);
  const inProgress = new InProgress(deps.clock);
  const world = await World.watch(deps);
  lifecycle.onClose(() => world.close());
  const { acceptance: store, bus, clock, ids, settings, tracer } = deps;
  const health = new Health(deps.operations, clock, admission);
  const hub = new EventHub({ ...deps, feed: deps.streamed }, lifecycle.signal);
  const live = new LiveValues({ ...deps, world, hub });
  const api: Api = {
    ...deps,
    world,
    directory: world.directory,
    admission,
    accepting: {
      store,
      bus,
      clock,
      ids,
      partitions: settings.partitions,
      admission,
      inProgress,
      tracer,
    },
    lifecycle,
    authenticator: authenticatorOf(deps),
    health,
    hub,
    sendOptions: { ...USUAL_SEND, allowPrivate: settings.allowPrivateWebhooks ?? false },
    metricsPage: new Metrics(deps, health, ROUTES, () => world.tradingState),
    documents: once(() => ({
      openApi: JSON.stringify(openApiOf(ROUTES, settings.version)),
      page: docsPage(ROUTES, settings.version),
    })),
  };
  void live.run(lifecycle.signal);
  void watchReaders({ hub, clock }, lifecycle.signal);
  hub.onEvents((events) => {
    if (events.some(({ event }) => movesPosition(event))) live.poke();
  });
  void health.watchBacklog(lifecycle.signal);
  startNotices(api);
  const app = createApp(api);
  return {
    app,
    api,
    beginClosing: () => lifecycle.beginClosing(),
    close: () => lifecycle.close(),
  };
}

/** One process of all tells the webhooks; the others stand by. */
function startNotices(api: Api): void {
  const { exclusive, lifecycle } = api;
  if (exclusive === null) return;
  const runner = new NoticeRunner({ ...api, send: api.sendOptions });
  const telling = exclusive.whileHolding("notices", lifecycle.signal, (signal) =>
    runner.run(signal),
  );
  lifecycle.onClose(() => telling);
}

function createApp(api: Api): Hono {
  const nextRequestId = requestIds();
  const needsKeys = api.settings.auth === "keys";
  const pipeline: Pipeline = {
    api,
    authenticator: api.authenticator,
    limiter: needsKeys ? new RateLimiter(api.settings.rateLimit ?? USUAL_RATE, api.clock) : null,
    nextRequestId,
    observe(route, status, { startedAt, traceParent }) {
      const elapsedMs = api.clock.monotonic() - startedAt;
      api.metricsPage.http.observe(route, status, elapsedMs);
      tellSlow(api, route, { status, elapsedMs, ...traceFields(traceParent) });
    },
  };
  const app = new Hono();
  for (const route of ROUTES) {
    const handle = handlerFor(route, pipeline);
    app.on(route.method, route.path, (context) =>
      handle({
        request: context.req.raw,
        params: context.req.param(),
        remoteAddress: () => remoteAddressOf(context, api.settings.trustedProxies ?? []),
        hangUp: hangUpOf(context),
      }),
    );
  }
  for (const [path, methods] of methodsByPath(ROUTES)) {
    app.all(path, () =>
      problemAnswer(
        new Problem("method_not_allowed", `This address takes ${methods.join(", ")}.`),
        nextRequestId(),
        { allow: methods.join(", ") },
      ),
    );
  }
  app.notFound((context) =>
    problemAnswer(
      new Problem("not_found", `There is nothing at ${context.req.path.slice(0, 200)}.`),
      nextRequestId(),
    ),
  );
  app.onError((error) => {
    const requestId = nextRequestId();
    api.log.error({ requestId, err: error }, "a request failed outside its route");
    return problemAnswer(
      new Problem("internal", `Something broke; the log says more under ${requestId}.`),
      requestId,
    );
  });
  return app;
}

const SLOW_MS = 1_000;

/** No line for each request: it would cost a third of what a request costs. Slow ones get one when asked. */
function tellSlow(
  { log }: Api,
  { operation }: Route,
  told: { readonly status: number; readonly elapsedMs: number; readonly trace_id?: string },
): void {
  if (told.elapsedMs > SLOW_MS) log.debug({ operation, ...told }, "a request took long");
}

function authenticatorOf({ settings, operations, clock }: ApiDeps): Authenticator {
  if (settings.auth === "off") return withoutKeys({ loopbackOnly: settings.isLoopback });
  const tokens = settings.jwt == null ? null : jwtVerifier(settings.jwt);
  return withKeys(new KeyCache(operations, clock), tokens);
}

function methodsByPath(routes: readonly Route[]): ReadonlyMap<string, readonly string[]> {
  const methods = new Map<string, string[]>();
  for (const { path, method } of routes) {
    const known = methods.get(path);
    if (known === undefined) methods.set(path, [method]);
    else known.push(method);
  }
  return methods;
}

function once<Value>(make: () => Value): () => Value {
  let made: { readonly value: Value } | null = null;
  return () => (made ??= { value: make() }).value;
}
