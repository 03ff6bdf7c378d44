// The fields of the ticket: those that the chosen type does not take are not shown.
import { shownPositions } from "../state/book.ts";
import { TYPES, wantsLimit, wantsStop, type Draft, type Type } from "../state/draft.ts";

interface FieldsProps {
  readonly draft: Draft;
  readonly accounts: readonly string[];
  readonly put: (draft: Draft) => void;
}

export function TicketFields({ draft, accounts, put }: FieldsProps) {
  const set = (next: Partial<Draft>): void => put({ ...draft, ...next });
  return (
    <div class="fields">
      {accounts.length > 1 && (
        <Choice
          label="Account"
          value={draft.account}
          choices={["", ...accounts]}
          put={(account) => set({ account })}
        />
      )}
      <label class="field">
        Symbol
        <input
          name="symbol"
          autoComplete="off"
          autoCapitalize="characters"
          list="known-symbols"
          value={draft.symbol}
          onInput={({ currentTarget }) => set({ symbol: currentTarget.value.trim() })}
        />
        <datalist id="known-symbols">
          {[...new Set(shownPositions.value.map(({ symbol }) => symbol))].map((symbol) => (
            <option key={symbol} value={symbol} />
          ))}
        </datalist>
      </label>
      <Sides draft={draft} set={set} />
      <Amount draft={draft} set={set} />
      <Choice
        label="Type"
        value={draft.type}
        choices={TYPES}
        put={(type) => set({ type: TYPES.find((each) => each === type) ?? ("market" as Type) })}
      />
      <Choice
        label="Time in force"
        value={draft.timeInForce}
        choices={["", "day", "gtc", "ioc", "fok"]}
        put={(timeInForce) => set({ timeInForce })}
      />
      {wantsLimit(draft) && (
        <Text
          label="Limit price"
          name="limit"
          value={draft.limit}
          put={(limit) => set({ limit })}
        />
      )}
      {wantsStop(draft) && (
        <Text label="Stop price" name="stop" value={draft.stop} put={(stop) => set({ stop })} />
      )}
      {draft.type === "trailing_stop" && (
        <Text label="Trail, %" name="trail" value={draft.trail} put={(trail) => set({ trail })} />
      )}
      <More draft={draft} set={set} />
    </div>
  );
}

type Set = (next: Partial<Draft>) => void;

function Sides({ draft, set }: { readonly draft: Draft; readonly set: Set }) {
  return (
    <fieldset class="segments sides">
      <legend class="unseen">Side</legend>
      {(["buy", "sell"] as const).map((side) => (
        <button
          key={side}
          type="button"
          class={`side-${side}`}
          aria-pressed={draft.side === side}
          onClick={() => set({ side })}
        >
          {side === "buy" ? "Buy" : "Sell"}
        </button>
      ))}
    </fieldset>
  );
}

function Amount({ draft, set }: { readonly draft: Draft; readonly set: Set }) {
  return (
    <>
      <Text
        label={draft.unit === "qty" ? "Quantity" : "Amount of money"}
        name="amount"
        value={draft.amount}
        put={(amount) => set({ amount })}
      />
      <Choice
        label="Counted in"
        value={draft.unit}
        choices={["qty", "notional"]}
        words={{ qty: "shares or units", notional: "money" }}
        put={(unit) => set({ unit: unit === "notional" ? "notional" : "qty" })}
      />
    </>
  );
}

function More({ draft, set }: { readonly draft: Draft; readonly set: Set }) {
  return (
    <details class="more-fields">
      <summary>Exits, strategy, reason</summary>
      <div class="fields">
        <Text
          label="Take profit at"
          name="take-profit"
          value={draft.takeProfit}
          put={(takeProfit) => set({ takeProfit })}
        />
        <Text
          label="Stop loss at"
          name="stop-loss"
          value={draft.stopLoss}
          put={(stopLoss) => set({ stopLoss })}
        />
        <Text
          label="Strategy"
          name="strategy"
          isWord
          value={draft.strategy}
          put={(strategy) => set({ strategy })}
        />
        <Text
          label="Reason"
          name="why"
          isWord
          value={draft.reason}
          put={(reason) => set({ reason })}
        />
      </div>
    </details>
  );
}

interface TextProps {
  readonly label: string;
  readonly name: string;
  readonly value: string;
  readonly isWord?: boolean;
  readonly put: (value: string) => void;
}

function Text({ label, name, value, isWord = false, put }: TextProps) {
  return (
    <label class="field">
      {label}
      <input
        name={name}
        autoComplete="off"
        inputMode={isWord ? "text" : "decimal"}
        value={value}
        onInput={({ currentTarget }) =>
          put(isWord ? currentTarget.value : currentTarget.value.trim())
        }
      />
    </label>
  );
}

interface ChoiceProps {
  readonly label: string;
  readonly value: string;
  readonly choices: readonly string[];
  /** Where a choice is not a word that people use. */
  readonly words?: Readonly<Record<string, string>>;
  readonly put: (value: string) => void;
}

function Choice({ label, value, choices, words = {}, put }: ChoiceProps) {
  return (
    <label class="field">
      {label}
      <select value={value} onChange={({ currentTarget }) => put(currentTarget.value)}>
        {choices.map((choice) => (
          <option key={choice} value={choice}>
            {choice === "" ? "as usual" : (words[choice] ?? choice.replaceAll("_", " "))}
          </option>
        ))}
      </select>
    </label>
  );
}
