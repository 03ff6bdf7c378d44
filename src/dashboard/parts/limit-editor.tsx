// One limit: what it does, its value and overrides, who changed it when; and a new value, which the
// database itself judges.
import { useState } from "preact/hooks";
import type { Limit, LimitChange, List } from "../api/answers.ts";
import { ask, BASE } from "../api/request.ts";
import { OutcomeLine, useAction } from "../elements/action.tsx";
import { Drawer } from "../elements/drawer.tsx";
import { Gauge } from "../elements/gauge.tsx";
import { exact, percent } from "../format/exact.ts";
import { moment } from "../format/time.ts";
import { spaced } from "../format/words.ts";
import { now } from "../state/clock.ts";
import { limits, limitUsage, mayAct } from "../state/house.ts";
import { useStory } from "../state/story.ts";

export function LimitEditor({ limitKey }: { readonly limitKey: string }) {
  const limit = limits.value.value?.find(({ key }) => key === limitKey);
  const { value: history, again } = useStory<List<LimitChange>>(
    `${BASE}/limits/history?limit=50&key=${encodeURIComponent(limitKey)}`,
    () => false,
  );
  return (
    <Drawer label="Limit" title={spaced(limitKey)}>
      {limit === undefined ? (
        <p class="muted">There is no such limit.</p>
      ) : (
        <>
          <p class="summary">{limit.description}</p>
          <Use limitKey={limitKey} />
          {mayAct("admin") ? <Edit limit={limit} again={again} /> : <Value limit={limit} />}
          <Overrides limit={limit} />
          <h3>History</h3>
          <History rows={history?.data ?? []} />
        </>
      )}
    </Drawer>
  );
}

function Use({ limitKey }: { readonly limitKey: string }) {
  const rows = (limitUsage.value.value ?? []).filter(({ key }) => key === limitKey);
  return (
    <ul class="plain-list">
      {rows.map((row) => (
        <li key={row.account} class="limit">
          <span>
            {row.account} {row.subject !== null && <span class="muted">{row.subject}</span>}
          </span>
          <span class="limit-value number">
            {exact(row.used, { most: 2 })} of {exact(row.limit)}
          </span>
          <Gauge label={`${row.account}: ${spaced(limitKey)}`} used={row.used_percent} />
          <span class="number limit-share">{percent(row.used_percent, { digits: 0 })}</span>
        </li>
      ))}
    </ul>
  );
}

function Value({ limit }: { readonly limit: Limit }) {
  return (
    <p>
      Value: <b class="number">{limit.value ?? "off"}</b>
    </p>
  );
}

interface Scope {
  readonly account: string;
  readonly symbol: string;
  readonly strategy: string;
}

const FOR_ALL: Scope = { account: "", symbol: "", strategy: "" };

function Edit({ limit, again }: { readonly limit: Limit; readonly again: () => void }) {
  const [value, setValue] = useState(limit.value ?? "");
  const [scope, setScope] = useState<Scope>(FOR_ALL);
  const [reason, setReason] = useState("");
  const action = useAction();
  const save = (body: Readonly<Record<string, unknown>>): Promise<boolean> =>
    action.run(async () => {
      const { account, symbol, strategy } = scope;
      const all = Object.entries({ account, symbol, strategy });
      const named = all.filter(([, name]) => name.trim() !== "");
      const changed = await ask<Limit>(`${BASE}/limits`, {
        method: "PUT",
        body: {
          key: limit.key,
          ...Object.fromEntries(named),
          ...(reason === "" ? {} : { reason }),
          ...body,
        },
      });
      await limits.refresh();
      limitUsage.poke();
      again();
      return `Saved: ${spaced(changed.key)} is ${changed.value ?? "off"}.`;
    });
  const submit = (event: Event): void => {
    event.preventDefault();
    void save({ value: value.trim() === "" ? null : value.trim() });
  };
  return (
    <form class="fields" onSubmit={submit}>
      <label class="field">
        New value
        <ValueInput limit={limit} value={value} put={setValue} />
      </label>
      <label class="field">
        Reason
        <input
          value={reason}
          maxLength={500}
          onInput={({ currentTarget }) => setReason(currentTarget.value)}
        />
      </label>
      <ScopeFields scope={scope} put={setScope} />
      <div class="buttons">
        <button type="submit" class="button primary" disabled={action.isRunning}>
          Save
        </button>
        {!limit.required && (
          <button
            type="button"
            class="button"
            disabled={action.isRunning}
            onClick={() => void save({ value: null })}
          >
            Switch off
          </button>
        )}
      </div>
      <OutcomeLine outcome={action.outcome} />
    </form>
  );
}

interface ValueProps {
  readonly limit: Limit;
  readonly value: string;
  readonly put: (value: string) => void;
}

function ValueInput({ limit, value, put }: ValueProps) {
  const choices = limit.kind === "switch" ? ["true", "false"] : limit.choices;
  if (choices === null) {
    const isText = limit.kind === "symbols";
    return (
      <input
        name="value"
        inputMode={isText ? "text" : "decimal"}
        placeholder={isText ? "AAPL, MSFT" : "off"}
        value={value}
        onInput={({ currentTarget }) => put(currentTarget.value)}
      />
    );
  }
  return (
    <select name="value" value={value} onChange={({ currentTarget }) => put(currentTarget.value)}>
      {choices.map((choice) => (
        <option key={choice} value={choice}>
          {choice}
        </option>
      ))}
    </select>
  );
}

function ScopeFields({ scope, put }: { scope: Scope; put: (scope: Scope) => void }) {
  return (
    <details>
      <summary>Only for one account, symbol or strategy</summary>
      <div class="fields">
        {(["account", "symbol", "strategy"] as const).map((name) => (
          <label key={name} class="field">
            {name}
            <input
              value={scope[name]}
              onInput={({ currentTarget }) => put({ ...scope, [name]: currentTarget.value })}
            />
          </label>
        ))}
      </div>
    </details>
  );
}

function Overrides({ limit }: { readonly limit: Limit }) {
  if (limit.overrides.length === 0) return null;
  return (
    <>
      <h3>Overrides</h3>
      <ul class="plain-list">
        {limit.overrides.map((row) => (
          <li key={`${row.account} ${row.symbol} ${row.strategy}`}>
            {[row.account, row.symbol, row.strategy].filter((each) => each !== null).join(" · ")}:{" "}
            <b class="number">{row.value ?? "off"}</b>
            {row.hard && <span class="tag">hard</span>} <span class="muted">{row.updated_by}</span>
            {row.warning !== null && <span class="tag">{row.warning}</span>}
          </li>
        ))}
      </ul>
    </>
  );
}

function History({ rows }: { readonly rows: readonly LimitChange[] }) {
  if (rows.length === 0) return <p class="muted">Never changed.</p>;
  return (
    <ul class="plain-list">
      {rows.map((row) => (
        <li key={row.id}>
          <span class="muted">{moment(row.changed_at, now.value)}</span> {row.field}{" "}
          <span class="number">
            {row.old_value ?? "off"} → <b>{row.new_value ?? "off"}</b>
          </span>{" "}
          <span class="muted">
            {[row.account, row.symbol, row.strategy, row.changed_by, row.reason]
              .filter((each) => each !== null)
              .join(" · ")}
          </span>
        </li>
      ))}
    </ul>
  );
}
