// An order by hand, through the same door as every signal: what the rules would say shows while it is
// being written, before anything is sent.
import { useEffect, useRef, useState } from "preact/hooks";
import type { Preview, Receipt, TradeSignal } from "../api/answers.ts";
import { ask, BASE, change, inWords } from "../api/request.ts";
import { OutcomeLine, useAction } from "../elements/action.tsx";
import { Drawer } from "../elements/drawer.tsx";
import { price } from "../format/exact.ts";
import { linkTo } from "../state/place.ts";
import { EMPTY_DRAFT, isComplete, requestOf, type Draft } from "../state/draft.ts";
import { portfolios } from "../state/book.ts";
import { TicketFields } from "./ticket-fields.tsx";
import { Verdicts } from "./verdicts.tsx";

const PREVIEW_AFTER_MS = 250;

export function Ticket({ symbol }: { readonly symbol: string }) {
  const [draft, setDraft] = useState<Draft>({ ...EMPTY_DRAFT, symbol });
  const [sent, setSent] = useState<string | null>(null);
  const preview = usePreview(draft);
  const action = useAction();
  const accounts = (portfolios.value.value ?? []).map(({ id }) => id);
  const send = (): Promise<boolean> =>
    action.run(async () => {
      const answer = await change<TradeSignal | Receipt>(`${BASE}/signal`, {
        method: "POST",
        body: requestOf(draft),
        headers: { prefer: "wait=3" },
      });
      setSent(answer.id);
      return "summary" in answer ? answer.summary : "Received; its decision is still to come.";
    });
  const submit = (event: Event): void => {
    event.preventDefault();
    void send();
  };
  return (
    <Drawer label="New order" title="New order">
      <form class="ticket" onSubmit={submit}>
        <TicketFields
          draft={draft}
          accounts={accounts}
          put={(next) => {
            setDraft(next);
            setSent(null);
            action.clear();
          }}
        />
        <button
          type="submit"
          class={`button send send-${draft.side}`}
          disabled={!isComplete(draft) || action.isRunning || sent !== null}
        >
          {labelOf(draft)}
        </button>
        <OutcomeLine outcome={action.outcome} />
        {sent !== null && (
          <p>
            <a href={linkTo("signal", sent)}>Show what became of it</a>
          </p>
        )}
      </form>
      <h3>Before it is sent</h3>
      <PreviewPart {...preview} />
    </Drawer>
  );
}

function labelOf({ side, amount, unit, symbol, type }: Draft): string {
  const what = unit === "notional" ? `$ ${amount || "…"} of` : amount || "…";
  const verb = side === "buy" ? "Buy" : "Sell";
  return `${verb} ${what} ${symbol.toUpperCase() || "…"}, ${type.replaceAll("_", " ")}`;
}

interface PreviewState {
  readonly preview: Preview | null;
  readonly failure: string | null;
}

function PreviewPart({ preview, failure }: PreviewState) {
  if (failure !== null) return <p class="outcome outcome-refused">{failure}</p>;
  if (preview === null) return <p class="muted">Say what to trade, and how much.</p>;
  const { outcome, error_message: message, reject_code: code, mark } = preview;
  return (
    <div class="preview" data-outcome={outcome}>
      <p class={`outcome ${outcome === "rejected" ? "outcome-refused" : "outcome-done"}`}>
        {outcome === "rejected"
          ? `Would be refused: ${message ?? code}`
          : outcome === "nothing_to_do"
            ? (message ?? "The position is there already.")
            : outcome === "held"
              ? heldInWords(preview)
              : "Would be ordered."}
      </p>
      {mark !== null && (
        <p class="muted">
          Bid {price(mark.bid)}, ask {price(mark.ask)}, {mark.age_ms} ms old.
        </p>
      )}
      <Verdicts verdicts={preview.verdicts} />
    </div>
  );
}

function heldInWords({ mark }: Preview): string {
  return mark === null
    ? "Nobody has asked for its price yet: would wait for one, then be judged, then sent."
    : "Would be held first, and judged again when it is sent.";
}

function usePreview(draft: Draft): PreviewState {
  const [state, setState] = useState<PreviewState>({ preview: null, failure: null });
  const latest = useRef(0);
  const text = JSON.stringify(draft);
  useEffect(() => {
    const turn = ++latest.current;
    if (!isComplete(draft)) {
      setState({ preview: null, failure: null });
      return undefined;
    }
    const look = async (): Promise<void> => {
      const body = requestOf(draft);
      const next = await ask<Preview>(`${BASE}/orders/preview`, { method: "POST", body })
        .then((preview) => ({ preview, failure: null }))
        .catch((error: unknown) => ({ preview: null, failure: inWords(error) }));
      // An answer to what was written before is no answer any more.
      if (turn === latest.current) setState(next);
    };
    const timer = window.setTimeout(() => void look(), PREVIEW_AFTER_MS);
    return () => window.clearTimeout(timer);
  }, [text]);
  return state;
}
