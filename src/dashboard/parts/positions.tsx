// What is held, at the newest price, and how much of its limit it takes.
import { useMemo, useState } from "preact/hooks";
import type { Position } from "../api/answers.ts";
import { Gain, GainPercent } from "../elements/amount.tsx";
import { Gauge } from "../elements/gauge.tsx";
import { Empty, Panel } from "../elements/panel.tsx";
import { Rows, type Column } from "../elements/rows.tsx";
import { Sparkline } from "../elements/sparkline.tsx";
import { approximate, exact, money, percent, price } from "../format/exact.ts";
import { span } from "../format/time.ts";
import { useArrangement, type Measure, type Sorting } from "../state/arrangement.ts";
import { keyOf, positions, shownPositions } from "../state/book.ts";
import { now } from "../state/clock.ts";
import { mayAct } from "../state/house.ts";
import { linkTo } from "../state/place.ts";
import { pricesOf } from "../state/prices.ts";
import { ClosePosition } from "./close-position.tsx";

/** Older than this a price is not shown as if it were the market's. */
const OLD_PRICE_MS = 30_000;

export function PositionsPanel() {
  const [closing, setClosing] = useState<Position | null>(null);
  const { rows, sorting, sortBy } = useArrangement(
    shownPositions.value,
    keyOf,
    MEASURES,
    LARGEST_FIRST,
  );
  const isKnown = positions.value.value !== null;
  const mayClose = mayAct("trader");
  const columns = useMemo(() => (mayClose ? columnsWith(setClosing) : COLUMNS), [mayClose]);
  return (
    <Panel name="positions" title="Positions" count={isKnown ? rows.length : null}>
      <Rows
        label="Positions"
        columns={columns}
        rows={rows}
        keyOf={keyOf}
        sorting={{ ...sorting, sortBy, columns: Object.keys(MEASURES) }}
        classOf={({ frozen }) => (frozen === null ? "" : "is-frozen")}
        end={isKnown && rows.length === 0 && <Empty>Nothing is held.</Empty>}
      />
      {closing !== null && <ClosePosition position={closing} onClose={() => setClosing(null)} />}
    </Panel>
  );
}

const LARGEST_FIRST: Sorting = { column: "value", isDescending: true };

const MEASURES: Readonly<Record<string, Measure<Position>>> = {
  symbol: ({ symbol }) => symbol,
  value: ({ market_value: value }) => Math.abs(approximate(value)) || 0,
  pnl: ({ unrealized_pnl: pnl }) => approximate(pnl) || 0,
  "pnl-percent": ({ unrealized_pnl_percent: share }) => approximate(share) || 0,
  realized: ({ realized_pnl: pnl }) => approximate(pnl) || 0,
  share: ({ max_position_size_usd: usage }) => approximate(usage.used_percent) || 0,
};

const COLUMNS: readonly Column<Position>[] = [
  { name: "symbol", title: "Symbol", cell: (row) => <SymbolCell row={row} /> },
  { name: "qty", title: "Quantity", isNumber: true, cell: ({ qty }) => exact(qty, { most: 6 }) },
  {
    name: "avg",
    title: "Average",
    isNumber: true,
    rank: 3,
    cell: ({ avg_price: avg }) => price(avg),
  },
  { name: "last", title: "Last", isNumber: true, cell: (row) => <LastCell row={row} /> },
  { name: "age", title: "Age", rank: 2, cell: (row) => <AgeCell row={row} /> },
  {
    name: "spark",
    title: "",
    rank: 3,
    cell: ({ venue, symbol }) => <Sparkline points={pricesOf(venue, symbol)} />,
  },
  {
    name: "value",
    title: "Value",
    isNumber: true,
    rank: 2,
    cell: ({ market_value: value }) => money(value),
  },
  {
    name: "pnl",
    title: "P&L",
    isNumber: true,
    cell: ({ unrealized_pnl: pnl }) => <Gain of={pnl} />,
  },
  {
    name: "pnl-percent",
    title: "%",
    isNumber: true,
    rank: 2,
    cell: ({ unrealized_pnl_percent: share }) => <GainPercent of={share} />,
  },
  {
    name: "realized",
    title: "Realised",
    isNumber: true,
    rank: 3,
    cell: ({ realized_pnl: pnl }) => <Gain of={pnl} />,
  },
  { name: "share", title: "Of limit", rank: 2, cell: (row) => <LimitCell row={row} /> },
];

function columnsWith(close: (row: Position) => void): readonly Column<Position>[] {
  const cell = (row: Position) => (
    <button
      type="button"
      class="button small"
      aria-label={`Close ${row.symbol}`}
      onClick={() => close(row)}
    >
      Close
    </button>
  );
  return [...COLUMNS, { name: "close", title: <span class="unseen">Close</span>, cell }];
}

function SymbolCell({ row }: { readonly row: Position }) {
  return (
    <>
      <a class="symbol" href={linkTo("symbol", `${row.account}/${row.venue}/${row.symbol}`)}>
        {row.symbol}
      </a>
      {row.side === "short" && <span class="tag tag-short">short</span>}
      {row.frozen !== null && (
        <span class="tag tag-alarm" title={row.frozen}>
          frozen
        </span>
      )}
    </>
  );
}

function ageOf({ last_price_at: at }: Position): number | null {
  return at === null ? null : Math.max(0, now.value - Date.parse(at));
}

function LastCell({ row }: { readonly row: Position }) {
  const ageMs = ageOf(row);
  const isOld = ageMs === null || ageMs > OLD_PRICE_MS;
  return <span class={isOld ? "last is-old" : "last"}>{price(row.last_price)}</span>;
}

function AgeCell({ row }: { readonly row: Position }) {
  const ageMs = ageOf(row);
  return <span class="age">{ageMs === null ? "no price" : span(ageMs)}</span>;
}

function LimitCell({ row }: { readonly row: Position }) {
  const { used_percent: used, limit } = row.max_position_size_usd;
  if (limit === null) return <span class="muted">no limit</span>;
  return (
    <span class="share">
      <Gauge label={`${row.symbol}, share of the largest position`} used={used} />
      <span class="number">{percent(used, { digits: 0 })}</span>
    </span>
  );
}
