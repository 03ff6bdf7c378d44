// What waits for a person: orders and positions that are not ours, cash that nothing explains, frozen symbols, facts that could not be read, dead
// letters, and what was found different from the broker.
import { BASE, change } from "../api/request.ts";
import { OutcomeLine, useAction } from "../elements/action.tsx";
import { moment } from "../format/time.ts";
import { now } from "../state/clock.ts";
import { deadLetters, inbox, mayAct, status } from "../state/house.ts";

type Act = (what: Asked) => void;

/** What may be done about something: its name, where it is asked for, and with what. */
interface Asked {
  readonly name: string;
  readonly path: string;
  readonly body?: Readonly<Record<string, string>>;
}

export function Inbox() {
  const action = useAction();
  const act: Act = ({ name, path, body }) => {
    void action.run(async () => {
      await change(`${BASE}${path}`, { method: "POST", ...(body === undefined ? {} : { body }) });
      await Promise.all([inbox.refresh(), deadLetters.refresh(), status.refresh()]);
      return `${name}: asked for.`;
    });
  };
  return (
    <>
      <h3>
        Inbox{" "}
        {mayAct("trader") && (
          <button type="button" class="button small" onClick={() => act(RECONCILE)}>
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

const RECONCILE: Asked = { name: "Comparison", path: "/reconciliation/run" };

const UNFREEZE = "/reconciliation/unfreeze";
const BY_HAND = "looked at on the dashboard";

interface Waiting {
  readonly key: string;
  readonly title: string;
  readonly at: string;
  readonly acts: readonly Asked[];
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
        { name: "Adopt", path: `/reconciliation/orders/${id}/adopt` },
        { name: "Ignore", path: `/reconciliation/orders/${id}/ignore` },
      ],
    }));
  const positions = found.external_positions
    .filter(({ ignored }) => !ignored)
    .map(({ account, symbol, qty, since: at }) => ({
      key: `position ${account} ${symbol}`,
      title: `The broker holds ${qty} of ${symbol} beyond our record`,
      at,
      acts: ["Adopt", "Ignore"].map((name) => ({
        name,
        path: `/reconciliation/positions/${name.toLowerCase()}`,
        // Adopted is what is seen here, or nothing; ignored is all that differs.
        body: { account, symbol, reason: BY_HAND, ...(name === "Adopt" && { qty }) },
      })),
    }));
  const cash = found.cash_differences.map(({ account, currency, ours, theirs, since: at }) => ({
    key: `cash ${account}`,
    title: `Cash of ${account} that nothing explains: ${ours} ${currency} here, ${theirs} at the broker`,
    at,
    acts: [
      { name: "Accept", path: "/reconciliation/cash/accept", body: { account, reason: BY_HAND } },
    ],
  }));
  const frozen = found.frozen_symbols.map(({ account, symbol, reason, since: at }) => ({
    key: `${account} ${symbol}`,
    title: `${symbol} is frozen: ${reason}`,
    at,
    acts: [{ name: "Unfreeze", path: UNFREEZE, body: { account, symbol, reason: BY_HAND } }],
  }));
  const letters = (deadLetters.value.value ?? []).map(({ id, code, reason, created_at: at }) => ({
    key: id,
    title: `Dead letter (${code}): ${reason}`,
    at,
    acts: [{ name: "Try again", path: `/dead-letters/${id}/requeue` }],
  }));
  const parked = found.parked_facts.map(({ id, description, at }) => ({
    key: id,
    title: `Could not be read: ${description}`,
    at,
    acts: [],
  }));
  return [...orders, ...positions, ...cash, ...frozen, ...letters, ...parked];
}

function Item({ item, act }: { readonly item: Waiting; readonly act: Act }) {
  const { title, at, acts } = item;
  return (
    <li>
      <span>{title}</span> <span class="muted">{moment(at, now.value)}</span>{" "}
      {mayAct("admin") &&
        acts.map((asked) => (
          <button key={asked.name} type="button" class="button small" onClick={() => act(asked)}>
            {asked.name}
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
