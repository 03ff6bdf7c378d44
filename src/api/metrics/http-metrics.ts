// What this process counts itself: requests by route and kind of answer, and how long they took.
import { collectDefaultMetrics, Counter, Histogram, Registry } from "prom-client";
import type { Route } from "../route.ts";

const CLASSES = ["2xx", "3xx", "4xx", "5xx"] as const;

/** Children of a metric, bound to their labels once: looking them up costs more than counting. */
interface RouteCounters {
  readonly byClass: readonly Counter.Internal[];
  readonly duration: Histogram.Internal<"route">;
}

export class HttpMetrics {
  readonly #registry = new Registry();
  readonly #byRoute = new Map<Route, RouteCounters>();

  constructor(routes: readonly Route[]) {
    collectDefaultMetrics({ register: this.#registry, prefix: "fillstream_" });
    const requests = new Counter({
      name: "fillstream_http_requests_total",
      help: "Requests by route and kind of answer.",
      labelNames: ["route", "class"],
      registers: [this.#registry],
    });
    const durations = new Histogram({
      name: "fillstream_http_request_duration_seconds",
      help: "Time from a request to its answer.",
      labelNames: ["route"],
      buckets: [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 5],
      registers: [this.#registry],
    });
    for (const route of routes) {
      const name = route.operation;
      this.#byRoute.set(route, {
        byClass: CLASSES.map((each) => requests.labels(name, each)),
        duration: durations.labels(name),
      });
    }
  }

  observe(route: Route, status: number, elapsedMs: number): void {
    const counters = this.#byRoute.get(route);
    counters?.byClass[Math.floor(status / 100) - 2]?.inc();
    counters?.duration.observe(elapsedMs / 1_000);
  }

  text(): Promise<string> {
    return this.#registry.metrics();
  }

  get contentType(): string {
    return this.#registry.contentType;
  }
}
