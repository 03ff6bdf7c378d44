// Webhooks: who wants to hear of what, how far each has been told, and how the telling went.

export interface WebhookRow {
  readonly id: string;
  readonly name: string;
  readonly url: string;
  /** Kinds of notices; empty takes the usual ones. */
  readonly events: readonly string[];
  readonly template: string;
  readonly enabled: boolean;
  readonly disabled_reason: string | null;
  readonly failures: number;
  readonly created_by: string;
  readonly created_at: Date;
}

export interface DeliveryRow {
  readonly id: number;
  readonly notice: string;
  readonly event: string | null;
  readonly attempt: number;
  readonly status: number | null;
  readonly error: string | null;
  readonly at: Date;
  readonly next_attempt_at: Date | null;
}

export interface Delivery {
  readonly endpointId: string;
  readonly partition: number | null;
  readonly seq: number | null;
  readonly notice: string;
  readonly attempt: number;
  /** Null when there was no answer. */
  readonly status: number | null;
  readonly error: string | null;
  readonly nextAttemptAt: Date | null;
}

/** An order whose fate has been unknown for a while. */
export interface LongUnresolved {
  readonly order_id: string;
  readonly account: string;
  readonly symbol: string;
  readonly side: string;
  readonly qty: string | null;
  readonly since: Date;
  readonly cause: string;
}

export interface WebhookStore {
  webhooks(): Promise<readonly WebhookRow[]>;
  /** With the secret that signs; only for whoever delivers. */
  webhookSecrets(): Promise<ReadonlyMap<string, string>>;
  createWebhook(
    row: Pick<WebhookRow, "id" | "name" | "url" | "events" | "template" | "created_by"> & {
      readonly secret: string;
    },
  ): Promise<void>;
  /** False when there is none. Switching on clears its failures. */
  switchWebhook(id: string, enabled: boolean, reason: string | null): Promise<boolean>;
  /** False when there never was one. */
  deleteWebhook(id: string, by: string): Promise<boolean>;
  noteFailures(id: string, failures: number): Promise<void>;
  recordDelivery(delivery: Delivery): Promise<void>;
  deliveries(id: string, limit: number): Promise<readonly DeliveryRow[]>;
  unresolvedSince(before: Date): Promise<readonly LongUnresolved[]>;
  /** Whether it was told of this subject before. */
  isNoted(endpointId: string, subject: string): Promise<boolean>;
  noteTold(endpointId: string, subject: string): Promise<void>;
}

export interface Exclusive {
  /** Runs the work while this process, of all of them, holds the name; tries again when it is lost. */
  whileHolding(
    name: string,
    signal: AbortSignal,
    work: (signal: AbortSignal) => Promise<void>,
  ): Promise<void>;
}
