// What must be seen at a glance from across the room: which money this is, whether it may trade, how the
// day goes, and whether the page can be believed.
import { useEffect, useRef } from "preact/hooks";
import { Gain, GainPercent } from "../elements/amount.tsx";
import { money } from "../format/exact.ts";
import { span } from "../format/time.ts";
import { chosenAccount, portfolio, portfolios } from "../state/book.ts";
import { now } from "../state/clock.ts";
import { mayAct, status } from "../state/house.ts";
import { go } from "../state/place.ts";
import { Lights } from "./lights.tsx";
import { Session } from "./session.tsx";
import { TradingStateControl } from "./trading-state.tsx";

const MODE_WORDS = { mock: "simulated money", paper: "paper money", live: "real money" } as const;

export function TopBar() {
  const bar = useRef<HTMLElement>(null);
  useEffect(() => {
    const element = bar.current;
    if (element === null) return undefined;
    // What opens beside the tables begins below the bar, however many lines that takes.
    const observer = new ResizeObserver(() => {
      const { bottom } = element.getBoundingClientRect();
      document.documentElement.style.setProperty("--top-height", `${Math.round(bottom)}px`);
    });
    observer.observe(element);
    return () => observer.disconnect();
  }, []);
  return (
    <header class="top" ref={bar}>
      <ModeBadge />
      <TradingStateControl />
      <Figures />
      <Session />
      <Lights />
      {mayAct("trader") && (
        <button type="button" class="button primary ticket-button" onClick={() => go("ticket")}>
          New order <kbd>n</kbd>
        </button>
      )}
    </header>
  );
}

function ModeBadge() {
  const mode = status.value.value?.mode;
  return (
    <div class="mode">
      <h1 class="brand">Fillstream</h1>
      <strong class="mode-badge" title={mode === undefined ? "" : MODE_WORDS[mode]}>
        {mode?.toUpperCase() ?? "…"}
      </strong>
      <AccountChoice />
    </div>
  );
}

function AccountChoice() {
  const rows = portfolios.value.value ?? [];
  if (rows.length < 2) return <span class="account">{rows[0]?.id ?? ""}</span>;
  return (
    <select
      class="account"
      aria-label="Account"
      value={chosenAccount.value}
      onChange={({ currentTarget }) => (chosenAccount.value = currentTarget.value)}
    >
      <option value="">all accounts</option>
      {rows.map(({ id }) => (
        <option key={id} value={id}>
          {id}
        </option>
      ))}
    </select>
  );
}

function Figures() {
  const row = portfolio.value;
  if (row === null) return <dl class="figures" />;
  const sums = row.positions.find(({ currency }) => currency === row.currency);
  const seen = row.observed_at === null ? null : now.value - Date.parse(row.observed_at);
  const age = seen === null ? "never seen" : `as the broker said ${span(seen)} ago`;
  return (
    <dl class="figures">
      <div title={`${row.id}: ${age}`}>
        <dt>
          Equity {row.currency} <span class="age">{seen === null ? "never" : span(seen)}</span>
        </dt>
        <dd data-figure="equity">{money(row.equity)}</dd>
      </div>
      <div title="Since the trading day began, at the newest prices">
        <dt>Day P&L</dt>
        <dd data-figure="day-pnl">
          <Gain of={row.day?.trading_pnl ?? row.day?.pnl} />
        </dd>
      </div>
      <div class="wide">
        <dt>Unrealised</dt>
        <dd>
          <Gain of={sums?.unrealized_pnl ?? "0"} />
        </dd>
      </div>
      <div class="wider">
        <dt>Buying power</dt>
        <dd>{money(row.buying_power, { digits: 0 })}</dd>
      </div>
      <div class="wider">
        <dt>Day, by equity</dt>
        <dd>
          <GainPercent of={row.day?.pnl_percent} />
        </dd>
      </div>
    </dl>
  );
}
