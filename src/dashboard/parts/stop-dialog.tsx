// The red button: says whom it is about and what it does, does it, and then looks again until it can say
// what really became of every order that was open.
import { useEffect, useState } from "preact/hooks";
import type { Order, StateChanged } from "../api/answers.ts";
import { BASE, change } from "../api/request.ts";
import { OutcomeLine, useAction } from "../elements/action.tsx";
import { Dialog } from "../elements/dialog.tsx";
import { plural } from "../format/words.ts";
import { openOrders, portfolios, shownPositions } from "../state/book.ts";
import { tradingStates, status } from "../state/house.ts";
import { stateAsked, stateOfScope, type Strictness } from "../state/strictness.ts";
import { StopReport } from "./stop-report.tsx";

interface Wording {
  readonly title: string;
  readonly button: string;
  readonly cancels: boolean;
}

const WORDING: Readonly<Record<Strictness, Wording>> = {
  stop: { title: "Stop trading?", button: "Stop trading", cancels: true },
  reduce: { title: "Reduce only?", button: "Allow exits only", cancels: false },
  freeze: { title: "Freeze everything?", button: "Freeze everything", cancels: false },
};

interface StopProps {
  readonly strictness: Strictness;
  readonly onClose: () => void;
}

export function StopDialog({ strictness, onClose }: StopProps) {
  const [account, setAccount] = useState("");
  const [flatten, setFlatten] = useState(false);
  const [changed, setChanged] = useState<StateChanged | null>(null);
  const action = useAction();
  const { title, button, cancels } = WORDING[strictness];
  const state = stateAsked(strictness, stateOfScope(tradingStates.value.value, account));
  const mayFlatten = strictness === "stop" && state !== "halted";
  useEffect(() => openOrders.poke(), []);

  const press = (): Promise<boolean> =>
    action.run(async () => {
      const answer = await change<StateChanged>(`${BASE}/trading-state`, {
        method: "PUT",
        body: {
          state,
          cancel_orders: cancels,
          flatten: mayFlatten && flatten,
          ...(account === "" ? {} : { account }),
        },
      });
      setChanged(answer);
      void tradingStates.refresh();
      void status.refresh();
      return "";
    });

  if (changed !== null) return <Done {...{ changed, cancels, onClose }} />;
  return (
    <Dialog title={title} tone="danger" onClose={onClose}>
      <Scope account={account} choose={setAccount} />
      <Effect
        {...{ account, cancels }}
        isHalted={state === "halted"}
        flatten={mayFlatten && flatten}
      />
      {mayFlatten && (
        <label class="check">
          <input
            type="checkbox"
            checked={flatten}
            onChange={({ currentTarget }) => setFlatten(currentTarget.checked)}
          />
          Also close every position at the market
        </label>
      )}
      <OutcomeLine outcome={action.outcome} />
      <div class="dialog-buttons">
        <button type="button" class="button" onClick={onClose}>
          Cancel
        </button>
        <button
          type="button"
          class="button danger"
          disabled={action.isRunning}
          onClick={() => void press()}
        >
          {button}
        </button>
      </div>
    </Dialog>
  );
}

interface DoneProps {
  readonly changed: StateChanged;
  readonly cancels: boolean;
  readonly onClose: () => void;
}

function Done({ changed, cancels, onClose }: DoneProps) {
  return (
    <Dialog title="Done, and looked at again" onClose={onClose}>
      <StopReport changed={changed} cancels={cancels} />
      <div class="dialog-buttons">
        <button type="button" class="button primary" onClick={onClose}>
          Close
        </button>
      </div>
    </Dialog>
  );
}

function Scope({ account, choose }: { account: string; choose: (account: string) => void }) {
  const rows = portfolios.value.value ?? [];
  if (rows.length < 2) return null;
  return (
    <label class="field">
      For
      <select value={account} onChange={({ currentTarget }) => choose(currentTarget.value)}>
        <option value="">all accounts</option>
        {rows.map(({ id }) => (
          <option key={id} value={id}>
            the account {id}
          </option>
        ))}
      </select>
    </label>
  );
}

interface EffectProps {
  readonly account: string;
  readonly isHalted: boolean;
  readonly cancels: boolean;
  readonly flatten: boolean;
}

function Effect({ account, isHalted, cancels, flatten }: EffectProps) {
  const isMeant = (row: { readonly account: string }): boolean =>
    account === "" || row.account === account;
  const open = (openOrders.value.value ?? []).filter(isMeant);
  const exits = open.filter(({ reduces_position: reduces }) => reduces);
  const entries = open.filter(({ reduces_position: reduces }) => !reduces);
  const held = shownPositions.value.filter(isMeant).length;
  const whom = account === "" ? "all accounts" : `the account ${account}`;
  return (
    <ul class="effect">
      <li>
        {isHalted
          ? `Nothing leaves for ${whom} but cancels: exits are blocked too.`
          : `Nothing new is opened for ${whom}; exits still pass.`}
      </li>
      {cancels ? (
        <>
          <li>{resting(entries, "will be cancelled")}</li>
          <li>
            {plural(exits.length, "protective exit stays", "protective exits stay")} at the broker.
          </li>
          <li>
            {plural(held, "position is", "positions are")} {flatten ? "closed" : "kept"}.
          </li>
        </>
      ) : (
        <li>{plural(open.length, "open order stays", "open orders stay")} as they are.</li>
      )}
      <li>Signals that wait, and those still to come, are judged by the new state.</li>
    </ul>
  );
}

function resting(entries: readonly Order[], verb: string): string {
  if (entries.length === 0) return "No entry is open.";
  const symbols = [...new Set(entries.map(({ symbol }) => symbol))].slice(0, 6).join(", ");
  return `${plural(entries.length, "open entry", "open entries")} (${symbols}) ${verb}.`;
}
