// The blotter: what was ordered and where it stands, filtered by the API so that old orders are found too.
import type { Order } from "../api/answers.ts";
import { Empty, Panel } from "../elements/panel.tsx";
import { Rows, type Column } from "../elements/rows.tsx";
import { approximate, exact, price } from "../format/exact.ts";
import { moment } from "../format/time.ts";
import { statusInWords, toneOf, typeInWords } from "../format/words.ts";
import { chosenAccount, openOrders, orderFilter, orderRows, orders } from "../state/book.ts";
import { now } from "../state/clock.ts";
import { linkTo } from "../state/place.ts";
import { CancelAll } from "./cancel-all.tsx";

const FILTERS = [
  { name: "All", status: "" },
  { name: "Open", status: "open" },
  { name: "Filled", status: "filled,partially_filled" },
  { name: "Cancelled", status: "cancelled,expired" },
  { name: "Rejected", status: "rejected" },
] as const;

export function OrdersPanel() {
  const all = orders.value.value;
  const rows = (all ?? []).filter(
    ({ account }) => chosenAccount.value === "" || account === chosenAccount.value,
  );
  const open = openOrders.value.value?.length ?? null;
  const isFiltered = orderFilter.value.status !== "" || orderFilter.value.symbol !== "";
  return (
    <Panel
      name="orders"
      title="Orders"
      count={open === null ? null : `${open} open`}
      tools={<Tools />}
    >
      <Rows
        label="Orders"
        columns={COLUMNS}
        rows={rows}
        keyOf={({ id }) => id}
        classOf={(order) => `tone-${toneOf(order)}`}
        end={<End count={rows.length} isKnown={all !== null} isFiltered={isFiltered} />}
      />
    </Panel>
  );
}

function Tools() {
  const { status, symbol } = orderFilter.value;
  const choose = (next: Partial<{ status: string; symbol: string }>): void => {
    orderFilter.value = { ...orderFilter.value, ...next };
    orders.poke();
  };
  return (
    <>
      <div class="segments" role="group" aria-label="Filter orders by status">
        {FILTERS.map((filter) => (
          <button
            key={filter.name}
            type="button"
            aria-pressed={filter.status === status}
            onClick={() => choose({ status: filter.status })}
          >
            {filter.name}
          </button>
        ))}
      </div>
      <input
        id="order-symbol"
        type="search"
        class="filter"
        placeholder="Symbol  /"
        aria-label="Filter orders by symbol"
        value={symbol}
        onInput={({ currentTarget }) => choose({ symbol: currentTarget.value.trim() })}
      />
      <CancelAll />
    </>
  );
}

interface EndProps {
  readonly count: number;
  readonly isKnown: boolean;
  readonly isFiltered: boolean;
}

const MOST_ROWS = 500;

function End({ count, isKnown, isFiltered }: EndProps) {
  if (!isKnown) return null;
  if (count === 0) {
    return <Empty>{isFiltered ? "No order matches the filter." : "No order yet."}</Empty>;
  }
  if (count < orderRows.value || orderRows.value >= MOST_ROWS) return null;
  const more = (): void => {
    orderRows.value = MOST_ROWS;
    orders.poke();
  };
  return (
    <button type="button" class="button quiet more" onClick={more}>
      Show up to {MOST_ROWS}
    </button>
  );
}

const COLUMNS: readonly Column<Order>[] = [
  {
    name: "time",
    title: "Time",
    rank: 2,
    cell: ({ placed_at: at }) => <span class="muted">{moment(at, now.value)}</span>,
  },
  {
    name: "symbol",
    title: "Symbol",
    cell: ({ id, symbol }) => (
      <a class="symbol" href={linkTo("order", id)}>
        {symbol}
      </a>
    ),
  },
  {
    name: "side",
    title: "Side",
    cell: ({ side, role }) => (
      <>
        <span class={`side side-${side}`}>{side}</span>
        {role !== "entry" && <span class="tag">{role.replaceAll("_", " ")}</span>}
      </>
    ),
  },
  {
    name: "qty",
    title: "Quantity",
    isNumber: true,
    cell: ({ qty, notional }) => (qty === null ? `$ ${exact(notional)}` : exact(qty, { most: 6 })),
  },
  { name: "type", title: "Type", rank: 3, cell: typeInWords },
  { name: "filled", title: "Filled", isNumber: true, rank: 2, cell: (row) => <Filled row={row} /> },
  {
    name: "price",
    title: "At",
    isNumber: true,
    rank: 2,
    cell: ({ filled_price: filled }) => price(filled),
  },
  {
    name: "status",
    title: "Status",
    cell: (order) => (
      <span class={`status status-${toneOf(order)}`} title={order.error_message ?? ""}>
        {statusInWords(order)}
      </span>
    ),
  },
  {
    name: "strategy",
    title: "Strategy",
    rank: 3,
    cell: ({ strategy }) => <span class="muted">{strategy ?? ""}</span>,
  },
  {
    name: "why",
    title: "Why",
    rank: 3,
    cell: ({ error_message: message, hold, reason }) => (
      <span class="why" title={message ?? reason ?? ""}>
        {message ?? (hold === null ? reason : `waits: ${hold.replaceAll("_", " ")}`)}
      </span>
    ),
  },
];

function Filled({ row }: { readonly row: Order }) {
  const done = approximate(row.filled_qty);
  if (done === 0) return <span class="muted">–</span>;
  return <>{exact(row.filled_qty, { most: 6 })}</>;
}
