// Webhooks and what was told to them.
import type {
  DeliveryRow,
  LongUnresolved,
  WebhookRow,
  WebhookStore,
} from "../../ports/webhooks.ts";
import { reading, writing, type Sql } from "../client.ts";

export function postgresWebhooks(sql: Sql): WebhookStore {
  return {
    webhooks: () =>
      reading(
        () => sql<WebhookRow[]>`
          SELECT id, name, url, events, template, enabled, disabled_reason, failures, created_by,
            created_at
          FROM webhook_endpoints ORDER BY created_at, id`,
      ),
    webhookSecrets: async () => {
      const rows = await reading(
        () => sql<{ id: string; secret: string }[]>`SELECT id, secret FROM webhook_endpoints`,
      );
      return new Map(rows.map(({ id, secret }) => [id, secret]));
    },
    createWebhook: async (row) => {
      await writing(
        () => sql`
          WITH made AS (
            INSERT INTO webhook_endpoints (id, name, url, secret, events, template, created_by)
            VALUES (${row.id}, ${row.name}, ${row.url}, ${row.secret}, ${[...row.events]},
              ${row.template}, ${row.created_by}))
          INSERT INTO audit_trail (actor, action, subject)
          VALUES (${row.created_by}, 'webhook_created', ${row.name})`,
      );
    },
    switchWebhook: (id, enabled, reason) => switchWebhook(sql, { id, enabled, reason }),
    deleteWebhook: (id, by) => deleteWebhook(sql, id, by),
    noteFailures: async (id, failures) => {
      await reading(
        () => sql`UPDATE webhook_endpoints SET failures = ${failures} WHERE id = ${id}::uuid`,
      );
    },
    recordDelivery: async (delivery) => {
      await writing(
        () => sql`
          INSERT INTO webhook_deliveries (endpoint_id, partition, seq, notice, attempt, status, error,
            at, next_attempt_at)
          SELECT id, ${delivery.partition}, ${delivery.seq}, ${delivery.notice}, ${delivery.attempt},
            ${delivery.status}, ${delivery.error}, now(), ${delivery.nextAttemptAt}
          FROM webhook_endpoints WHERE id = ${delivery.endpointId}::uuid`,
      );
    },
    deliveries: (id, limit) =>
      reading(
        () => sql<DeliveryRow[]>`
          SELECT id, notice, partition || '.' || seq AS event, attempt, status, error, at,
            next_attempt_at
          FROM webhook_deliveries WHERE endpoint_id = ${id}::uuid ORDER BY id DESC LIMIT ${limit}`,
      ),
    unresolvedSince: (before) => unresolvedSince(sql, before),
    isNoted: async (endpointId, subject) => {
      const rows = await reading(
        () => sql`
          SELECT FROM notices_sent WHERE endpoint_id = ${endpointId}::uuid AND subject = ${subject}`,
      );
      return rows.length > 0;
    },
    noteTold: async (endpointId, subject) => {
      await reading(
        () => sql`
          INSERT INTO notices_sent (endpoint_id, subject, at) VALUES (${endpointId}, ${subject}, now())
          ON CONFLICT (endpoint_id, subject) DO NOTHING`,
      );
    },
  };
}

async function switchWebhook(
  sql: Sql,
  change: { readonly id: string; readonly enabled: boolean; readonly reason: string | null },
): Promise<boolean> {
  const { id, enabled, reason } = change;
  const rows = await writing(
    () => sql`
      UPDATE webhook_endpoints SET enabled = ${enabled}, disabled_reason = ${reason},
        failures = CASE WHEN ${enabled} THEN 0 ELSE failures END
      WHERE id = ${id}::uuid RETURNING id`,
  );
  return rows.length > 0;
}

/** Its place in the log goes with it. What the trail tells of an earlier removal is as good as this one. */
async function deleteWebhook(sql: Sql, id: string, by: string): Promise<boolean> {
  const rows = await writing(
    () => sql`
      WITH place AS (
        DELETE FROM feed_cursors WHERE feed = ${`webhook ${id}`}
      ), gone AS (
        DELETE FROM webhook_endpoints WHERE id = ${id}::uuid RETURNING id
      ), noted AS (
        INSERT INTO audit_trail (actor, action, subject)
        SELECT ${by}, 'webhook_deleted', id::text FROM gone
      )
      SELECT FROM gone
      UNION ALL SELECT FROM audit_trail WHERE action = 'webhook_deleted' AND subject = ${id}`,
  );
  return rows.length > 0;
}

function unresolvedSince(sql: Sql, before: Date): Promise<readonly LongUnresolved[]> {
  return reading(
    () => sql<LongUnresolved[]>`
      SELECT id AS order_id, account_id AS account, split_part(instrument_id, ':', 2) AS symbol, side,
        qty, to_timestamp((unresolved ->> 'since')::numeric / 1000) AS since,
        unresolved ->> 'cause' AS cause
      FROM orders
      WHERE closed_at IS NULL AND unresolved IS NOT NULL
        AND (unresolved ->> 'since')::numeric <= ${before.getTime()}
      ORDER BY id LIMIT 1000`,
  );
}
