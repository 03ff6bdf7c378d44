// Cancels every open order of the chosen scope, after a question that says how many.
import { useState } from "preact/hooks";
import { BASE, change } from "../api/request.ts";
import { OutcomeLine, useAction } from "../elements/action.tsx";
import { Dialog } from "../elements/dialog.tsx";
import { plural } from "../format/words.ts";
import { chosenAccount, openOrders } from "../state/book.ts";
import { mayAct } from "../state/house.ts";

export function CancelAll() {
  const [isAsking, ask] = useState(false);
  const open = (openOrders.value.value ?? []).length;
  if (!mayAct("trader")) return null;
  return (
    <>
      <button type="button" class="button small" disabled={open === 0} onClick={() => ask(true)}>
        Cancel all
      </button>
      {isAsking && <Question open={open} onClose={() => ask(false)} />}
    </>
  );
}

function Question({ open, onClose }: { readonly open: number; readonly onClose: () => void }) {
  const action = useAction();
  const account = chosenAccount.value;
  const whom = account === "" ? "all accounts" : `the account ${account}`;
  const press = (): Promise<boolean> =>
    action.run(async () => {
      const query = account === "" ? "" : `?account=${encodeURIComponent(account)}`;
      await change(`${BASE}/orders${query}`, { method: "DELETE" });
      return "Asked for: each order shows its own end in the list.";
    });
  return (
    <Dialog title="Cancel all open orders?" tone="danger" onClose={onClose}>
      <p class="effect">
        {plural(open, "open order", "open orders")} of {whom}, protective exits among them. To keep
        those and stop new entries, use <b>Stop</b> instead.
      </p>
      <OutcomeLine outcome={action.outcome} />
      <div class="dialog-buttons">
        <button type="button" class="button" onClick={onClose}>
          {action.outcome === null ? "Keep them" : "Done"}
        </button>
        <button
          type="button"
          class="button danger"
          disabled={action.isRunning || action.outcome?.tone === "done"}
          onClick={() => void press()}
        >
          Cancel {plural(open, "order", "orders")}
        </button>
      </div>
    </Dialog>
  );
}
