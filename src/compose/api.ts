// One API process: the routes on the real ports, served over HTTP.
import { randomFillSync } from "node:crypto";
import { fileURLToPath } from "node:url";
import { createApi } from "../api/api.ts";
import type { JwtSettings } from "../api/auth/jwt.ts";
import { serveApi } from "../api/serve.ts";
import { serveDashboard } from "../api/static.ts";
import { venuesOf } from "../app/directory.ts";
import { timeOrderedIds } from "../app/time-ordered-ids.ts";
import { ALPACA_TRAITS } from "../brokers/alpaca/traits.ts";
import { createProducer } from "../bus/producer.ts";
import type { Config } from "../config.ts";
import { deploymentName } from "../db/deployment.ts";
import { PostgresExclusive } from "../db/exclusive.ts";
import { createLogger } from "../log.ts";
import { apiRecord } from "./api-record.ts";
import { stockVenueOf } from "./home.ts";
import { systemClock } from "./clock.ts";
import { inEnvironment, openStore } from "./store.ts";
import { openTracer } from "./tracer.ts";
import { VERSION } from "../version.ts";

export async function startApi(config: Config): Promise<{ stop(): Promise<void> }> {
  const log = createLogger("api", config);
  const clock = systemClock(config.mock.clockOffsetMs);
  const tracer = openTracer(config, "api", { clock, log });
  const store = await openStore(config, "api", clock);
  const deployment = await deploymentName(store.queries);
  const bus = config.redisUrl === null ? null : createProducer(config.redisUrl, deployment);
  const asked = apiRecord(store, config.mock.clockOffsetMs);
  const record = inEnvironment({ ...store.worker, ...asked.engine }, config.mode);
  const running = await createApi({
    settings: {
      mode: config.mode,
      version: VERSION,
      partitions: config.partitions,
      auth: config.auth,
      isLoopback: config.isLoopback,
      jwt: jwtOf(config),
      rateLimit: {
        perSecond: config.api.requestsPerSecond,
        burst: 2 * config.api.requestsPerSecond,
      },
      trustedProxies: config.api.trustedProxies,
      tradingViewAddresses: config.api.tradingViewAddresses,
      allowPrivateWebhooks: config.api.allowPrivateWebhooks,
    },
    ...asked,
    bus,
    configuration: record,
    exclusive: new PostgresExclusive(store.standing),
    engine: record,
    traitsOf: () => ALPACA_TRAITS,
    venuesOf: venuesOf(stockVenueOf(config)),
    clock,
    ids: timeOrderedIds(
      () => clock.now(),
      (bytes) => randomFillSync(bytes),
    ),
    tracer,
    log,
  });
  serveDashboard(running.app, fileURLToPath(new URL("../dashboard/", import.meta.url)));
  const served = await serveApi(running.app, { host: config.host, port: config.port });
  log.info({ port: served.port }, "the API listens");
  return {
    async stop() {
      running.beginClosing();
      await served.close();
      await running.close();
      await bus?.close();
      await store.close();
      await tracer?.close();
    },
  };
}

/** The secret is revealed to the one that verifies with it. */
function jwtOf({ api: { jwt } }: Config): JwtSettings | null {
  if (jwt === null) return null;
  const { key, issuer, audience } = jwt;
  return { key: "secret" in key ? { secret: key.secret.reveal() } : key, issuer, audience };
}
