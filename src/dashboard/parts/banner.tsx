// Says in a line across the page what makes its figures less than live.
import { plural, STATE_WORDS } from "../format/words.ts";
import { clock, span } from "../format/time.ts";
import { portfolio } from "../state/book.ts";
import { now } from "../state/clock.ts";
import { lostSince, mode } from "../state/connection.ts";
import { status, tradingState, tradingStates } from "../state/house.ts";
import { go } from "../state/place.ts";

export function Banner() {
  return (
    <div class="banners" role="status" aria-live="polite">
      <ConnectionBanner />
      <TradingBanner />
      <AttentionBanner />
    </div>
  );
}

function ConnectionBanner() {
  const since = lostSince.value;
  if (mode.value === "lost" && since !== null) {
    return (
      <p class="banner banner-lost">
        <b>Connection lost</b> since {clock(new Date(since).toISOString())}
        <span aria-hidden="true"> ({span(now.value - since)})</span>. Everything below is as it was
        then. Trading itself may go on; trying again.
      </p>
    );
  }
  if (mode.value !== "polling") return null;
  return (
    <p class="banner banner-polling">
      <b>Live stream is away</b>: asking every two seconds until it is back.
    </p>
  );
}

function TradingBanner() {
  const state = tradingState.value;
  if (state === null || state === "active") return null;
  const rows = (tradingStates.value.value?.data ?? []).filter((row) => row.state !== "active");
  const told = rows.map(({ account, strategy, reason, updated_by: by }) => {
    const whom = [account ?? "all accounts", strategy].filter((each) => each !== null).join(", ");
    return `${whom}: ${reason ?? "no reason given"} (${by})`;
  });
  return (
    <p class={`banner banner-${state}`}>
      <b>
        {STATE_WORDS[state].mark} {STATE_WORDS[state].name}
      </b>
      : {STATE_WORDS[state].means}. {told.join(" · ")}
    </p>
  );
}

function AttentionBanner() {
  const house = status.value.value;
  if (house === null) return null;
  const crossed = portfolio.value?.day?.loss_limit_crossed === true;
  const wants = [
    crossed ? "the daily loss limit was crossed: entries are refused" : "",
    count(house.unresolved_orders, "order whose fate is unknown", "orders whose fate is unknown"),
    count(house.frozen_symbols, "frozen symbol", "frozen symbols"),
    count(house.external_orders, "order that is not ours", "orders that are not ours"),
    count(house.external_positions, "position that differs", "positions that differ"),
    count(house.cash_differences, "unexplained cash balance", "unexplained cash balances"),
    count(house.dead_letters, "dead letter", "dead letters"),
    count(house.faults.length, "partition set aside", "partitions set aside"),
  ].filter((each) => each !== "");
  if (wants.length === 0) return null;
  return (
    <p class="banner banner-attention">
      <b>Needs a person</b>: {wants.join(", ")}.{" "}
      <button type="button" class="link" onClick={() => go("health")}>
        Show
      </button>
    </p>
  );
}

function count(rows: number, one: string, many: string): string {
  return rows === 0 ? "" : plural(rows, one, many);
}
