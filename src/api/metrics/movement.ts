// Decisions and latencies since this process began, added up scrape by scrape.
import {
  STAGE_BOUNDS,
  STAGES,
  type MetricsCursor,
  type MetricsQueries,
  type Movement,
  type Stage,
} from "../../ports/metrics.ts";
import { familyText, histogramText } from "./exposition.ts";

interface StageCounts {
  readonly counts: number[];
  sum: number;
}

export class MovementCounters {
  readonly #queries: MetricsQueries;
  readonly #decisions = new Map<string, { outcome: string; code: string; count: number }>();
  readonly #stages = new Map<Stage, StageCounts>();
  #place: MetricsCursor | null = null;

  constructor(queries: MetricsQueries) {
    this.#queries = queries;
    for (const stage of STAGES) {
      // Every series is there from the start, so that its first event is a change that can be seen.
      this.#stages.set(stage, { counts: [...STAGE_BOUNDS, 0].map(() => 0), sum: 0 });
    }
  }

  async text(): Promise<string> {
    const until = await this.#queries.place();
    if (this.#place !== null) this.#add(await this.#queries.movement(this.#place, until));
    this.#place = until;
    return this.#decisionText() + this.#stageText();
  }

  #add({ decisions, stages }: Movement): void {
    for (const { outcome, code, count } of decisions) {
      const key = `${outcome} ${code}`;
      const known = this.#decisions.get(key);
      if (known === undefined) this.#decisions.set(key, { outcome, code, count });
      else known.count += count;
    }
    for (const { stage, bucket, count, seconds } of stages) {
      const known = this.#stages.get(stage);
      if (known === undefined) continue;
      known.counts[bucket] = (known.counts[bucket] ?? 0) + count;
      known.sum += seconds;
    }
  }

  #decisionText(): string {
    return familyText({
      name: "fillstream_decisions_total",
      type: "counter",
      help: "Signals decided, by outcome and the code of the refusal.",
      samples: [...this.#decisions.values()].map(({ outcome, code, count }) => ({
        labels: { outcome, code },
        value: count,
      })),
    });
  }

  #stageText(): string {
    return histogramText({
      name: "fillstream_stage_duration_seconds",
      help: "How long each stage took: received to decided, to sent; sent to acknowledged; to filled.",
      bounds: STAGE_BOUNDS,
      series: [...this.#stages].map(([stage, { counts, sum }]) => ({
        labels: { stage },
        counts,
        sum,
      })),
    });
  }
}
