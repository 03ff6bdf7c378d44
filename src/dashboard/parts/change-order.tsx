// Cancel or replace an order that works: asked of the engine, whose answer is shown as it is.
import { useState } from "preact/hooks";
import type { Command, CommandReceipt, Order } from "../api/answers.ts";
import { BASE, change } from "../api/request.ts";
import { OutcomeLine, useAction } from "../elements/action.tsx";

interface ChangeProps {
  readonly order: Order;
  readonly again: () => void;
}

const WAIT = { prefer: "wait=5" };

export function ChangeOrder({ order, again }: ChangeProps) {
  const [isReplacing, setReplacing] = useState(false);
  const action = useAction();
  const path = `${BASE}/orders/${order.id}`;
  const run = (method: "DELETE" | "PATCH", body?: Readonly<Record<string, string>>) =>
    action.run(async () => {
      const given = { method, headers: WAIT, ...(body === undefined ? {} : { body }) };
      const answer = await change<Command | CommandReceipt>(path, given);
      again();
      if ("result" in answer && answer.result === "refused") {
        throw new Error(answer.message ?? `The engine refused (${answer.code}).`);
      }
      return method === "DELETE" ? "The cancel is on its way." : "The change is on its way.";
    });
  return (
    <div class="change-order">
      <div class="buttons">
        <button
          type="button"
          class="button danger"
          disabled={action.isRunning || order.pending_action !== null}
          onClick={() => void run("DELETE")}
        >
          Cancel order
        </button>
        <button
          type="button"
          class="button"
          aria-expanded={isReplacing}
          onClick={() => setReplacing(!isReplacing)}
        >
          Replace…
        </button>
      </div>
      {isReplacing && (
        <Replace order={order} isRunning={action.isRunning} send={(body) => run("PATCH", body)} />
      )}
      <OutcomeLine outcome={action.outcome} />
    </div>
  );
}

interface ReplaceProps {
  readonly order: Order;
  readonly isRunning: boolean;
  readonly send: (body: Readonly<Record<string, string>>) => Promise<boolean>;
}

function Replace({ order, isRunning, send }: ReplaceProps) {
  const fields = FIELDS.filter(({ of }) => order[of] !== null);
  const submit = (event: SubmitEvent): void => {
    event.preventDefault();
    if (!(event.currentTarget instanceof HTMLFormElement)) return;
    const given: Record<string, string> = {};
    for (const [name, value] of new FormData(event.currentTarget)) {
      if (typeof value === "string" && value.trim() !== "") given[name] = value.trim();
    }
    void send(given);
  };
  return (
    <form class="fields" onSubmit={submit}>
      {fields.map(({ name, of, label }) => (
        <label key={name} class="field">
          {label}
          <input name={name} inputMode="decimal" placeholder={order[of] ?? ""} />
        </label>
      ))}
      <div class="buttons">
        <button type="submit" class="button primary" disabled={isRunning}>
          Send the change
        </button>
      </div>
    </form>
  );
}

const FIELDS = [
  { name: "qty", of: "qty", label: "Quantity" },
  { name: "limit_price", of: "limit_price", label: "Limit price" },
  { name: "stop_price", of: "stop_price", label: "Stop price" },
  { name: "trail", of: "trail_price", label: "Trailing price" },
  { name: "trail", of: "trail_percent", label: "Trailing percent" },
] as const;
