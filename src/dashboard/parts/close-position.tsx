// Out of a position: says what it will do, then what the engine decided.
import { useState } from "preact/hooks";
import type { Command, CommandReceipt, Position } from "../api/answers.ts";
import { BASE, change } from "../api/request.ts";
import { OutcomeLine, useAction } from "../elements/action.tsx";
import { Dialog } from "../elements/dialog.tsx";
import { exact, money } from "../format/exact.ts";

interface CloseProps {
  readonly position: Position;
  readonly onClose: () => void;
}

export function ClosePosition({ position, onClose }: CloseProps) {
  const { symbol, venue, qty, side, account, market_value: value } = position;
  const [part, setPart] = useState("");
  const action = useAction();
  const verb = side === "short" ? "buys back" : "sells";
  const press = (): Promise<boolean> =>
    action.run(async () => {
      const path = `${BASE}/positions/${encodeURIComponent(`${venue}:${symbol}`)}/close`;
      const answer = await change<Command | CommandReceipt>(path, {
        method: "POST",
        body: { account, ...(part === "" ? {} : { qty: part }) },
        headers: { prefer: "wait=5" },
      });
      return closedInWords(answer, symbol);
    });
  return (
    <Dialog title={`Close ${symbol}?`} onClose={onClose}>
      <p class="effect">
        Cancels what stands in its way, waits until that is over, then {verb}{" "}
        {part === "" ? exact(qty).replace("−", "") : part} {symbol} at the market (worth{" "}
        {money(value)} now).
      </p>
      <label class="field">
        Quantity, when not all of it
        <input
          inputMode="decimal"
          placeholder={qty}
          value={part}
          onInput={({ currentTarget }) => setPart(currentTarget.value.trim())}
        />
      </label>
      <OutcomeLine outcome={action.outcome} />
      <div class="dialog-buttons">
        <button type="button" class="button" onClick={onClose}>
          {action.outcome === null ? "Cancel" : "Done"}
        </button>
        <button
          type="button"
          class="button primary"
          disabled={action.isRunning || action.outcome?.tone === "done"}
          onClick={() => void press()}
        >
          Close position
        </button>
      </div>
    </Dialog>
  );
}

function closedInWords(answer: Command | CommandReceipt, symbol: string): string {
  if ("result" in answer && answer.result === "refused") {
    throw new Error(answer.message ?? `The engine refused (${answer.code}).`);
  }
  return "result" in answer
    ? `Decided: ${answer.message ?? `the exit of ${symbol} is on its way.`}`
    : "Received; it overtakes waiting signals.";
}
