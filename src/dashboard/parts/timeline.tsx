// The events of an order on a line, with the time that went by between them.
import type { LoggedEvent } from "../api/answers.ts";
import { clockMs, gap } from "../format/time.ts";
import { spaced } from "../format/words.ts";

interface TimelineProps {
  readonly events: readonly LoggedEvent[];
  /** When it came in: the first gap counts from there. */
  readonly start: string | null;
}

export function Timeline({ events, start }: TimelineProps) {
  return (
    <ol class="timeline">
      {start !== null && (
        <li class="moment">
          <p class="moment-line">
            <time>{clockMs(start)}</time>
            <span class="gap" />
            <span class="what">received</span>
          </p>
        </li>
      )}
      {events.map((event, index) => (
        <Moment
          key={event.id}
          event={event}
          before={index === 0 ? start : (events[index - 1]?.at ?? null)}
        />
      ))}
    </ol>
  );
}

function Moment({
  event,
  before,
}: {
  readonly event: LoggedEvent;
  readonly before: string | null;
}) {
  const { id, type, at, actor, data } = event;
  const after = before === null ? null : Date.parse(at) - Date.parse(before);
  return (
    <li class={`moment moment-${type}`} data-type={type}>
      <details>
        <summary>
          <time>{clockMs(at)}</time>
          <span class="gap">{after === null ? "" : `+${gap(Math.max(0, after))}`}</span>
          <span class="what">{spaced(type).replace(/^order /, "")}</span>
          <span class="muted told">{detailOf(data)}</span>
          <span class="muted actor">{actor}</span>
        </summary>
        <p class="muted">Event {id}</p>
        <pre tabIndex={0}>{JSON.stringify(data, null, 2)}</pre>
      </details>
    </li>
  );
}

const TOLD = [
  "message",
  "reason",
  "code",
  "how",
  "broker_order_id",
  "reference",
  "state",
  "detail",
];

function detailOf(data: LoggedEvent["data"]): string {
  const { execution } = data;
  if (typeof execution === "object" && execution !== null) {
    const { qty, price } = execution as { qty?: unknown; price?: unknown };
    return `${String(qty)} at ${String(price)}`;
  }
  const words = TOLD.map((name) => data[name]).filter((value) => typeof value === "string");
  return words.slice(0, 2).join(" · ");
}
