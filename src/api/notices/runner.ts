// Tells endpoints what happened, each from its own place in the log, in order. A failed delivery is
// tried again with a growing pause; after many the endpoint is switched off, and says why. One process
// does it for all; what was told twice around a change of that process has the same delivery id.
import {
  noticesOf,
  unresolvedNotice,
  UNRESOLVED_AFTER_MS,
  webhookOffNotice,
} from "../../app/notices/notice.ts";
import { USUAL_KINDS, type Notice } from "../../app/notices/notice.ts";
import { render, TEMPLATES } from "../../app/notices/template.ts";
import type { Logger } from "../../log.ts";
import type { Clock } from "../../ports/clock.ts";
import type { LoggedEvent } from "../../domain/event.ts";
import type { SharedFeedStore } from "../../ports/store.ts";
import type { WebhookRow, WebhookStore } from "../../ports/webhooks.ts";
import { send, type SendOptions, type Sent } from "./send.ts";

export interface RunnerDeps {
  readonly webhooks: WebhookStore;
  readonly feed: SharedFeedStore;
  readonly clock: Clock;
  readonly log: Logger;
  readonly send: SendOptions;
}

const LOOK_EVERY_MS = 500;
const PAGE = 200;
/** For so long one endpoint is told at a stretch, so that a slow one holds up the others no longer. */
const STRETCH_MS = 5_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 5 * 60_000;
/** About an hour and a half of trying, with the pauses in between. */
export const MAX_FAILURES = 25;

/** What this process knows of an endpoint between two looks. */
interface Trying {
  failures: number;
  notBefore: number;
}

export class NoticeRunner {
  readonly #deps: RunnerDeps;
  readonly #trying = new Map<string, Trying>();

  constructor(deps: RunnerDeps) {
    this.#deps = deps;
  }

  async run(signal: AbortSignal): Promise<void> {
    const { clock, log } = this.#deps;
    while (!signal.aborted) {
      try {
        await this.#look(signal);
      } catch (error: unknown) {
        log.debug({ err: error }, "notices have to wait for the database");
      }
      await clock.sleep(LOOK_EVERY_MS, signal).catch(() => undefined);
    }
  }

  /** Endpoints side by side; the next look begins when the slowest has had its stretch. */
  async #look(signal: AbortSignal): Promise<void> {
    const { webhooks } = this.#deps;
    const rows = await webhooks.webhooks();
    const enabled = rows.filter((row) => row.enabled);
    for (const row of rows) this.#forgetPauses(row);
    if (enabled.length === 0) return;
    const secrets = await webhooks.webhookSecrets();
    await Promise.all(enabled.map((row) => this.#serve(row, secrets.get(row.id) ?? "", signal)));
  }

  async #serve(row: WebhookRow, secret: string, signal: AbortSignal): Promise<void> {
    const trying = this.#tryingOf(row);
    if (this.#deps.clock.monotonic() < trying.notBefore) return;
    if (await this.#tellUnresolved(row, secret)) await this.#tellEvents(row, secret, signal);
  }

  async #tellEvents(row: WebhookRow, secret: string, signal: AbortSignal): Promise<void> {
    const { feed, clock } = this.#deps;
    const until = clock.monotonic() + STRETCH_MS;
    const name = feedOf(row.id);
    let saved = await feed.loadCursor(name);
    const place = new Map(saved);
    for (const event of await feed.read(place, PAGE)) {
      if (signal.aborted || clock.monotonic() > until) break;
      const notices = noticesOf(event).filter((notice) => wants(row, notice));
      if (!(await this.#tellEvent(row, secret, event, notices))) break;
      place.set(event.partition, event.seq);
      if (notices.length === 0) continue;
      // Somebody has given it another place: from there it goes on with the next look.
      if (!(await feed.advanceCursor(name, saved, place))) return;
      saved = new Map(place);
    }
    await feed.advanceCursor(name, saved, place);
  }

  /** False when it has to be tried again. */
  async #tellEvent(
    row: WebhookRow,
    secret: string,
    event: LoggedEvent,
    notices: readonly Notice[],
  ): Promise<boolean> {
    for (const notice of notices) {
      if (!(await this.#isOn(row))) return false;
      const told = await this.#tell(row, secret, {
        notice,
        deliveryId: `${row.id}.${event.partition}.${event.seq}`,
        partition: event.partition,
        seq: event.seq,
      });
      if (!told) return false;
    }
    return true;
  }

  /** It may have been switched off or removed since the look began. */
  async #isOn({ id }: WebhookRow): Promise<boolean> {
    const rows = await this.#deps.webhooks.webhooks();
    return rows.some((row) => row.id === id && row.enabled);
  }

  /** False when one has to be tried again. Noted when it was told: one that is told twice has the same delivery id. */
  async #tellUnresolved(row: WebhookRow, secret: string): Promise<boolean> {
    const { webhooks, clock } = this.#deps;
    if (!kindsOf(row).includes("unresolved")) return true;
    const now = clock.now();
    for (const order of await webhooks.unresolvedSince(new Date(now - UNRESOLVED_AFTER_MS))) {
      const subject = `unresolved ${order.order_id} ${order.since.getTime()}`;
      if (await webhooks.isNoted(row.id, subject)) continue;
      const told = await this.#tell(row, secret, {
        notice: unresolvedNotice(order, now),
        deliveryId: `${row.id}.${order.order_id}.${order.since.getTime()}`,
        partition: null,
        seq: null,
      });
      if (!told) return false;
      await webhooks.noteTold(row.id, subject);
    }
    return true;
  }

  async #tell(
    row: WebhookRow,
    secret: string,
    what: {
      readonly notice: Notice;
      readonly deliveryId: string;
      readonly partition: number | null;
      readonly seq: number | null;
    },
  ): Promise<boolean> {
    const { webhooks, clock } = this.#deps;
    const { notice, partition, seq } = what;
    const sent = await this.#send(row, secret, what);
    const trying = this.#tryingOf(row);
    const attempt = trying.failures + 1;
    const pauseMs = sent.error === null ? null : this.#noteFailure(trying);
    await webhooks.recordDelivery({
      endpointId: row.id,
      partition,
      seq,
      notice: notice.kind,
      attempt,
      ...sent,
      nextAttemptAt: pauseMs === null ? null : new Date(clock.now() + pauseMs),
    });
    if (pauseMs === null) {
      if (trying.failures > 0) await webhooks.noteFailures(row.id, 0);
      trying.failures = 0;
      return true;
    }
    await this.#afterFailure(row, trying, sent.error ?? "");
    return false;
  }

  #send(
    row: WebhookRow,
    secret: string,
    { notice, deliveryId }: { readonly notice: Notice; readonly deliveryId: string },
  ): Promise<Sent> {
    const template = TEMPLATES.find((each) => each === row.template) ?? "json";
    const body = render(template, notice);
    const { kind } = notice;
    const at = this.#deps.clock.now();
    return send({ url: row.url, secret, body, kind, deliveryId, at }, this.#deps.send);
  }

  #noteFailure(trying: Trying): number {
    const pauseMs = Math.min(FIRST_PAUSE_MS * 2 ** trying.failures, LONGEST_PAUSE_MS);
    trying.notBefore = this.#deps.clock.monotonic() + pauseMs;
    trying.failures += 1;
    return pauseMs;
  }

  async #afterFailure(row: WebhookRow, trying: Trying, error: string): Promise<void> {
    const { webhooks, log } = this.#deps;
    await webhooks.noteFailures(row.id, trying.failures);
    if (trying.failures < MAX_FAILURES) return;
    const reason = `${trying.failures} deliveries in a row failed; the last: ${error}`;
    await webhooks.switchWebhook(row.id, false, reason);
    this.#trying.delete(row.id);
    log.error({ webhook: row.name, reason }, "a webhook was switched off");
    await this.#tellOthers(row, webhookOffNotice(row.name, reason, this.#deps.clock.now()));
  }

  /** Said once: an endpoint that fails as well has troubles of its own to be told of. */
  async #tellOthers(gone: WebhookRow, notice: Notice): Promise<void> {
    const { webhooks, clock } = this.#deps;
    const rows = (await webhooks.webhooks()).filter((row) => row.enabled && wants(row, notice));
    const secrets = await webhooks.webhookSecrets();
    const deliveryOf = (row: WebhookRow) => `${row.id}.off.${gone.id}.${clock.now()}`;
    const place = { partition: null, seq: null };
    await Promise.all(
      rows.map(async (row) => {
        const what = { notice, deliveryId: deliveryOf(row), ...place };
        const sent = await this.#send(row, secrets.get(row.id) ?? "", what);
        const told = { notice: notice.kind, attempt: 1, nextAttemptAt: null, ...place };
        await webhooks.recordDelivery({ endpointId: row.id, ...told, ...sent });
      }),
    );
  }

  /** Whoever switches it off, or on again, begins anew. */
  #forgetPauses(row: WebhookRow): void {
    const known = this.#trying.get(row.id);
    if (known === undefined) return;
    if (!row.enabled || row.failures < known.failures) this.#trying.delete(row.id);
  }

  /** What another process counted before us goes on counting. */
  #tryingOf(row: WebhookRow): Trying {
    const known = this.#trying.get(row.id);
    if (known !== undefined) return known;
    const made = { failures: row.failures, notBefore: 0 };
    this.#trying.set(row.id, made);
    return made;
  }
}

/** The name of an endpoint's place in the log. */
export function feedOf(id: string): string {
  return `webhook ${id}`;
}

function kindsOf(row: WebhookRow): readonly string[] {
  return row.events.length === 0 ? USUAL_KINDS : row.events;
}

function wants(row: WebhookRow, notice: Notice): boolean {
  const kinds = kindsOf(row);
  return kinds.includes("all") || kinds.includes(notice.kind);
}
