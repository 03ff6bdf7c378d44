// The log as it grows: every event since shortly before the page was opened, without a gap after a lost
// connection.
import { Empty, Panel } from "../elements/panel.tsx";
import { clockMs } from "../format/time.ts";
import { spaced } from "../format/words.ts";
import { linkTo } from "../state/place.ts";
import { tape, type TapeEntry } from "../state/tape.ts";

export function Activity() {
  const entries = tape.value;
  return (
    <Panel name="activity" title="Activity">
      <ol class="feed tape" aria-label="Events as they come" tabIndex={0}>
        {entries.map((entry) => (
          <Entry key={entry.id} entry={entry} />
        ))}
      </ol>
      {entries.length === 0 && <Empty>Nothing has happened yet.</Empty>}
    </Panel>
  );
}

function Entry({ entry }: { readonly entry: TapeEntry }) {
  const { id, at, type, order_id: orderId, topic, actor } = entry;
  return (
    <li class={`event event-${topic}`} data-event={id} data-type={type}>
      <span class="muted time">{clockMs(at)}</span>
      {orderId === null ? (
        <span>{spaced(type)}</span>
      ) : (
        <a href={linkTo("order", orderId)}>{spaced(type)}</a>
      )}
      <span class="muted detail">{detailOf(entry)}</span>
      <span class="muted actor">{actor}</span>
    </li>
  );
}

/** The few words of a payload that say what it was about. */
function detailOf({ data }: TapeEntry): string {
  const execution = asRecord(data["execution"]);
  const order = asRecord(data["order"]);
  const parts = [
    order["symbol"] ?? data["symbol"],
    amountOf(execution),
    data["outcome"],
    data["state"],
    data["reason"],
    data["message"],
  ];
  return parts.filter((part) => typeof part === "string" && part !== "").join(" · ");
}

function amountOf({ qty, price }: Readonly<Record<string, unknown>>): string {
  return typeof qty === "string" && typeof price === "string" ? `${qty} at ${price}` : "";
}

function asRecord(value: unknown): Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null ? { ...value } : {};
}
