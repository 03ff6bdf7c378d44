// Counts and latencies of what happened between two places of the log, summed in the database: a reader
// of every event would cost more than the orders themselves. Each stretch and each row that belongs to it is
// looked up by its key, which OFFSET makes a matter of the statement: the planner does not know how short a
// stretch is, and would read every order ever placed with each of Prometheus' visits.
import {
  STAGE_BOUNDS,
  type MetricsCursor,
  type MetricsPlace,
  type MetricsQueries,
  type Movement,
} from "../../ports/metrics.ts";
import { accountLinks, brokerCalls } from "../account-links.ts";
import { plainArray } from "../array-literal.ts";
import { reading, type Fragment, type Sql } from "../client.ts";

export function postgresMetrics(sql: Sql): MetricsQueries {
  return {
    place: () => place(sql),
    async brokers() {
      const [links, calls] = await Promise.all([accountLinks(sql, null), brokerCalls(sql)]);
      return { links, calls };
    },
    async movement(since, until) {
      const [decisions, decided, sent] = await Promise.all([
        decisionsBetween(sql, since, until),
        decisionStage(sql, since, until),
        orderStages(sql, since, until),
      ]);
      return { decisions, stages: [...decided, ...sent] };
    },
  };
}

async function place(sql: Sql): Promise<MetricsCursor> {
  const rows = await reading(
    () => sql<(MetricsPlace & { partition: number })[]>`
      SELECT partition, last_seq AS seq, decided_signals AS number FROM partitions`,
  );
  return new Map(rows.map(({ partition, seq, number }) => [partition, { seq, number }]));
}

/** The stretch of each partition as rows (partition, after, up_to). */
function stretch(
  sql: Sql,
  [since, until]: readonly [MetricsCursor, MetricsCursor],
  field: keyof MetricsPlace,
): Fragment {
  const partitions = [...until.keys()];
  return sql`unnest(${plainArray(partitions)}::smallint[],
    ${plainArray(partitions.map((each) => since.get(each)?.[field] ?? 0))}::bigint[],
    ${plainArray(partitions.map((each) => until.get(each)?.[field] ?? 0))}::bigint[])
    AS c (partition, after, up_to)`;
}

function decidedIn(sql: Sql, cursors: readonly [MetricsCursor, MetricsCursor]): Fragment {
  return sql`${stretch(sql, cursors, "number")}
    CROSS JOIN LATERAL (
      SELECT signal_id, outcome, reject_code, decided_at FROM decisions
      WHERE partition = c.partition AND number > c.after AND number <= c.up_to OFFSET 0) AS d`;
}

async function decisionsBetween(
  sql: Sql,
  since: MetricsCursor,
  until: MetricsCursor,
): Promise<Movement["decisions"]> {
  return reading(
    () => sql<Movement["decisions"][number][]>`
      SELECT d.outcome, coalesce(d.reject_code, 'none') AS code, count(*)::int AS count
      FROM ${decidedIn(sql, [since, until])} GROUP BY 1, 2 ORDER BY 1, 2`,
  );
}

function bucketed(sql: Sql, latencies: Fragment) {
  return reading(
    () => sql<Movement["stages"][number][]>`
      SELECT stage, width_bucket(seconds, ${plainArray([...STAGE_BOUNDS])}::numeric[]) AS bucket,
        count(*)::int AS count, sum(seconds)::float8 AS seconds
      FROM (${latencies}) AS l WHERE seconds IS NOT NULL GROUP BY 1, 2 ORDER BY 1, 2`,
  );
}

function decisionStage(sql: Sql, since: MetricsCursor, until: MetricsCursor) {
  return bucketed(
    sql,
    sql`SELECT 'decide' AS stage, extract(epoch FROM d.decided_at - s.received_at) AS seconds
      FROM ${decidedIn(sql, [since, until])}
      CROSS JOIN LATERAL (
        SELECT received_at FROM signals WHERE id = d.signal_id OFFSET 0) AS s`,
  );
}

/** The first time that each happened: a replace is sent and acknowledged again, and counts elsewhere. */
function orderStages(sql: Sql, since: MetricsCursor, until: MetricsCursor) {
  return bucketed(
    sql,
    sql`SELECT stage, seconds FROM ${stretch(sql, [since, until], "seq")}
      CROSS JOIN LATERAL (
        SELECT order_id, type, at FROM order_events
        WHERE partition = c.partition AND seq > c.after AND seq <= c.up_to
          AND type IN ('OrderSubmitted', 'OrderAccepted', 'OrderExecuted') OFFSET 0) AS e
      CROSS JOIN LATERAL (
        SELECT received_at, submitted_at, accepted_at, closed_at, status FROM orders
        WHERE id = e.order_id OFFSET 0) AS o
      CROSS JOIN LATERAL (VALUES
        ('send', CASE WHEN e.type = 'OrderSubmitted' AND e.at = o.submitted_at
          THEN extract(epoch FROM e.at - o.received_at) END),
        ('acknowledge', CASE WHEN e.type = 'OrderAccepted' AND e.at = o.accepted_at
          THEN extract(epoch FROM e.at - o.submitted_at) END),
        ('fill', CASE WHEN e.type = 'OrderExecuted' AND e.at = o.closed_at AND o.status = 'filled'
          THEN extract(epoch FROM e.at - o.accepted_at) END),
        ('received_to_filled', CASE WHEN e.type = 'OrderExecuted' AND e.at = o.closed_at
          AND o.status = 'filled' THEN extract(epoch FROM e.at - o.received_at) END)
      ) AS s (stage, seconds)`,
  );
}
