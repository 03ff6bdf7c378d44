// What came in last, and what became of it, in a sentence.
import type { TradeSignal } from "../api/answers.ts";
import { Empty, Panel } from "../elements/panel.tsx";
import { clock } from "../format/time.ts";
import { OUTCOME_WORDS } from "../format/words.ts";
import { chosenAccount, openOrders, orders, signals } from "../state/book.ts";
import { linkTo } from "../state/place.ts";

export function SignalsPanel() {
  const all = signals.value.value;
  const rows = (all ?? []).filter(
    ({ account }) => chosenAccount.value === "" || account === chosenAccount.value,
  );
  const refused = rows.filter(({ outcome }) => outcome === "rejected").length;
  return (
    <Panel
      name="signals"
      title="Signals"
      count={refused === 0 ? null : `${refused} of the last ${rows.length} refused`}
    >
      <ol class="feed" aria-label="The last signals" tabIndex={0}>
        {rows.map((row) => (
          <Row key={row.id} row={row} />
        ))}
      </ol>
      {all !== null && rows.length === 0 && (
        <Empty>
          No signal yet. Send one with <b>New order</b>, or with curl to{" "}
          <code>/api/v1/trading/signal</code>.
        </Empty>
      )}
    </Panel>
  );
}

function Row({ row }: { readonly row: TradeSignal }) {
  const tone = wasLetGo(row) ? "ordered" : (row.outcome ?? "waiting");
  const outcome = tone === "waiting" ? tone : OUTCOME_WORDS[tone];
  return (
    <li class={`signal signal-${tone}`} data-outcome={tone}>
      <span class="muted time">{clock(row.received_at)}</span>
      <span class={`tag outcome-tag outcome-${tone}`}>{outcome}</span>
      <a href={linkTo("signal", row.id)}>{row.summary}</a>
    </li>
  );
}

/** Held when it was decided, and seen without its hold since: "held" beside "was filled" would mislead. */
function wasLetGo({ outcome, order_ids: ids }: TradeSignal): boolean {
  if (outcome !== "held") return false;
  const seen = [...(openOrders.value.value ?? []), ...(orders.value.value ?? [])];
  return seen.some(({ id, hold }) => hold === null && ids.includes(id));
}
