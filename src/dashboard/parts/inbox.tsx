// What waits for a person: orders that are not ours, frozen symbols, facts that could not be read, dead
// letters, and what was found different from the broker.
import type { ComponentChildren } from "preact";
import { BASE, change } from "../api/request.ts";
import { OutcomeLine, useAction } from "../elements/action.tsx";
import { moment } from "../format/time.ts";
import { now } from "../state/clock.ts";
import { deadLetters, inbox, mayAct, status } from "../state/house.ts";

export function Inbox() {
  const action = useAction();
  const found = inbox.value.value;
  const act = (path: string, done: string, body?: unknown): void => {
    void action.run(async () => {
      await change(`${BASE}${path}`, { method: "POST", ...(body === undefined ? {} : { body }) });
      await Promise.all([inbox.refresh(), deadLetters.refresh(), status.refresh()]);
      return done;
    });
  };
  const reconcile = (): void => act("/reconciliation/run", "Asked for.");
  return (
    <>
      <h3>
        Inbox{" "}
        {mayAct("trader") && (
          <button type="button" class="button small" onClick={reconcile}>
            Compare with the broker now
          </button>
        )}
      </h3>
      <OutcomeLine outcome={action.outcome} />
      {found !== null && (
        <ul class="plain-list inbox">
          {found.external_orders
            .filter(({ ignored }) => !ignored)
            .map((row) => (
              <Item
                key={row.broker_order_id}
                title={`An order that is not ours: ${inShort(row.order)}`}
                at={row.first_seen_at}
                act={act}
                acts={[
                  ["Adopt", `/reconciliation/orders/${row.broker_order_id}/adopt`],
                  ["Ignore", `/reconciliation/orders/${row.broker_order_id}/ignore`],
                ]}
              />
            ))}
          {found.frozen_symbols.map((row) => (
            <Item
              key={`${row.account} ${row.symbol}`}
              title={`${row.symbol} is frozen: ${row.reason}`}
              at={row.since}
              act={act}
              acts={[]}
            />
          ))}
          {(deadLetters.value.value ?? []).map((row) => (
            <Item
              key={row.id}
              title={`Dead letter (${row.code}): ${row.reason}`}
              at={row.created_at}
              act={act}
              acts={[["Try again", `/dead-letters/${row.id}/requeue`]]}
            />
          ))}
          {found.parked_facts.map((row) => (
            <Item
              key={row.id}
              title={`Could not be read: ${row.description}`}
              at={row.at}
              act={act}
              acts={[]}
            />
          ))}
        </ul>
      )}
      <Differences />
    </>
  );
}

interface ItemProps {
  readonly title: ComponentChildren;
  readonly at: string;
  readonly acts: readonly (readonly [string, string])[];
  readonly act: (path: string, done: string) => void;
}

function Item({ title, at, acts, act }: ItemProps) {
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
