// Trading goes on: for the scopes that were stopped, each by itself, and never without a reason.
import { useState } from "preact/hooks";
import type { StateChanged, TradingStates } from "../api/answers.ts";
import { BASE, change } from "../api/request.ts";
import { OutcomeLine, useAction } from "../elements/action.tsx";
import { Dialog } from "../elements/dialog.tsx";
import { moment } from "../format/time.ts";
import { STATE_WORDS } from "../format/words.ts";
import { now } from "../state/clock.ts";
import { status, tradingStates } from "../state/house.ts";

type Row = TradingStates["data"][number];

export function ResumeDialog({ onClose }: { readonly onClose: () => void }) {
  const rows = (tradingStates.value.value?.data ?? []).filter(({ state }) => state !== "active");
  const [chosen, choose] = useState(0);
  const [reason, setReason] = useState("");
  const action = useAction();
  const row = rows[chosen] ?? rows[0];
  const press = async (event: Event): Promise<void> => {
    event.preventDefault();
    const done = await action.run(async () => {
      const answer = await change<StateChanged>(`${BASE}/trading-state`, {
        method: "PUT",
        body: { state: "active", reason, account: row?.account, strategy: row?.strategy },
      });
      await Promise.all([tradingStates.refresh(), status.refresh()]);
      return answer.effect.join(" ");
    });
    if (done) onClose();
  };
  return (
    <Dialog title="Resume trading?" onClose={onClose}>
      <form onSubmit={(event) => void press(event)}>
        {rows.length > 1 && (
          <label class="field">
            For
            <select
              value={String(chosen)}
              onChange={({ currentTarget }) => choose(currentTarget.selectedIndex)}
            >
              {rows.map((each, index) => (
                <option key={scopeOf(each)} value={String(index)}>
                  {scopeOf(each)}
                </option>
              ))}
            </select>
          </label>
        )}
        {row !== undefined && (
          <p class="effect">
            {scopeOf(row)}: {STATE_WORDS[row.state].name.toLowerCase()} since{" "}
            {moment(row.updated_at, now.value)} by {row.updated_by}
            {row.reason === null ? "." : ` (${row.reason}).`} Entries pass again.
          </p>
        )}
        <label class="field">
          Reason, for the record
          <input
            name="reason"
            required
            maxLength={500}
            value={reason}
            onInput={({ currentTarget }) => setReason(currentTarget.value)}
          />
        </label>
        <OutcomeLine outcome={action.outcome} />
        <div class="dialog-buttons">
          <button type="button" class="button" onClick={onClose}>
            Cancel
          </button>
          <button type="submit" class="button primary" disabled={action.isRunning}>
            Resume trading
          </button>
        </div>
      </form>
    </Dialog>
  );
}

function scopeOf({ account, strategy }: Row): string {
  return [account ?? "All accounts", strategy].filter((each) => each !== null).join(", ");
}
