// What waits for a person: orders that are not ours, frozen symbols, facts that could not be read, dead
// letters, and what was found different from the broker.
import { BASE, change } from "../api/request.ts";
import { OutcomeLine, useAction } from "../elements/action.tsx";
import { moment } from "../format/time.ts";
import { now } from "../state/clock.ts";
import { deadLetters, inbox, mayAct, status } from "../state/house.ts";

type Act = (path: string, done: string) => void;

export function Inbox() {
  const action = useAction();
  const act: Act = (path, done) => {
    void action.run(async () => {
      await change(`${BASE}${path}`, { method: "POST" });
      await Promise.all([inbox.refresh(), deadLetters.refresh(), status.refresh()]);
      return done;
    });
  };
  return (
    <>
      <h3>
        Inbox{" "}
        {mayAct("trader") && (
          <button
            type="button"
            class="button small"
            onClick={() => act("/reconciliation/run", "Asked for.")}
          >
            Compare with the broker now
          </button>
        )}
      </h3>
      <OutcomeLine outcome={action.outcome} />
      <ul class="plain-list inbox">
        {waitingItems().map((item) => (
          <Item key={item.key} item={item} act={act} />
        ))}
      </ul>
      <Differences />
    </>
  );
}

interface Waiting {
  readonly key: string;
  readonly title: string;
  readonly at: string;
  /** What may be done about it: a name and where it is asked for. */
  readonly acts: readonly (readonly [string, string])[];
}

function waitingItems(): readonly Waiting[] {
  const found = inbox.value.value;
  if (found === null) return [];
  const orders = found.external_orders
    .filter(({ ignored }) => !ignored)
    .map(({ broker_order_id: id, order, first_seen_at: at }) => ({
      key: id,
      title: `An order that is not ours: ${inShort(order)}`,
      at,
      acts: [
        ["Adopt", `/reconciliation/orders/${id}/adopt`],
        ["Ignore", `/reconciliation/orders/${id}/ignore`],
      ] as const,
    }));
  const frozen = found.frozen_symbols.map(({ account, symbol, reason, since: at }) => ({
    key: `${account} ${symbol}`,
    title: `${symbol} is frozen: ${reason}`,
    at,
    acts: [],
  }));
  const letters = (deadLetters.value.value ?? []).map(({ id, code, reason, created_at: at }) => ({
    key: id,
    title: `Dead letter (${code}): ${reason}`,
    at,
    acts: [["Try again", `/dead-letters/${id}/requeue`]] as const,
  }));
  const parked = found.parked_facts.map(({ id, description, at }) => ({
    key: id,
    title: `Could not be read: ${description}`,
    at,
    acts: [],
  }));
  return [...orders, ...frozen, ...letters, ...parked];
}

function Item({ item, act }: { readonly item: Waiting; readonly act: Act }) {
  const { title, at, acts } = item;
  return (
    <li>
      <span>{title}</span> <span class="muted">{moment(at, now.value)}</span>{" "}
      {mayAct("admin") &&
        acts.map(([name, path]) => (
          <button
            key={name}
            type="button"
            class="button small"
            onClick={() => act(path, `${name}: asked for.`)}
          >
            {name}
          </button>
        ))}
    </li>
  );
}

function inShort(order: Readonly<Record<string, unknown>>): string {
  const parts = [order["side"], order["qty"], order["symbol"], order["status"]];
  return parts.filter((part) => typeof part === "string").join(" ");
}

const SHOWN = 20;

function Differences() {
  const rows = inbox.value.value?.differences ?? [];
  if (rows.length === 0) return <p class="muted">Nothing was found different from the broker.</p>;
  return (
    <details>
      <summary>{rows.length} differences found and dealt with</summary>
      <ul class="plain-list">
        {rows.slice(0, SHOWN).map((row) => (
          <li key={row.id}>
            <span class="muted">{moment(row.at, now.value)}</span> {row.kind} {row.subject}: ours{" "}
            {row.ours ?? "none"}, theirs {row.theirs ?? "none"}. {row.action}
          </li>
        ))}
      </ul>
    </details>
  );
}
