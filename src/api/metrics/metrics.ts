// Everything for Prometheus in one answer. Scrapes that come together share one.
import type { TradingState } from "../../domain/trading-state.ts";
import type { BusProducer } from "../../ports/bus.ts";
import type { Clock } from "../../ports/clock.ts";
import type { MetricsQueries } from "../../ports/metrics.ts";
import type { Logger } from "../../log.ts";
import type { Health } from "../health.ts";
import type { Route } from "../route.ts";
import { brokerText } from "./broker-metrics.ts";
import { familyText } from "./exposition.ts";
import { houseText } from "./house-metrics.ts";
import { HttpMetrics } from "./http-metrics.ts";
import { MovementCounters } from "./movement.ts";

export interface MetricsDeps {
  readonly metrics: MetricsQueries;
  readonly bus: BusProducer | null;
  readonly clock: Clock;
  readonly log: Logger;
  readonly settings: { readonly version: string; readonly mode: string };
}

const KEPT_MS = 1_000;

export class Metrics {
  readonly http: HttpMetrics;
  readonly #deps: MetricsDeps;
  readonly #health: Health;
  readonly #movement: MovementCounters;
  readonly #tradingState: () => TradingState;
  #kept: { readonly at: number; readonly text: Promise<string> } | null = null;

  constructor(
    deps: MetricsDeps,
    health: Health,
    routes: readonly Route[],
    tradingState: () => TradingState,
  ) {
    this.#deps = deps;
    this.#health = health;
    this.http = new HttpMetrics(routes);
    this.#movement = new MovementCounters(deps.metrics);
    this.#tradingState = tradingState;
  }

  text(): Promise<string> {
    const now = this.#deps.clock.monotonic();
    if (this.#kept === null || now - this.#kept.at > KEPT_MS) {
      this.#kept = { at: now, text: this.#collect() };
    }
    return this.#kept.text;
  }

  async #collect(): Promise<string> {
    const own = await this.http.text();
    const { text, isUp } = await this.#fromDatabase();
    const up = familyText({
      name: "fillstream_database_up",
      type: "gauge",
      help: "1 when the database answered this scrape.",
      samples: [{ labels: {}, value: isUp ? 1 : 0 }],
    });
    return `${own}\n${up}${text}`;
  }

  /** Without the database the process still tells of itself, and that it is alone. */
  async #fromDatabase(): Promise<{ readonly text: string; readonly isUp: boolean }> {
    const { bus, clock, settings, log, metrics } = this.#deps;
    try {
      const [house, movement, brokers] = await Promise.all([
        this.#health.house(),
        this.#movement.text(),
        metrics.brokers(),
      ]);
      const tradingState = this.#tradingState();
      const facts = { house, bus, tradingState, ...settings, now: clock.now() };
      return { text: houseText(facts) + movement + brokerText(brokers, clock.now()), isUp: true };
    } catch (error: unknown) {
      log.debug({ err: error }, "metrics without the database");
      return { text: "", isUp: false };
    }
  }
}
