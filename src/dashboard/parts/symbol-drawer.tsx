// One symbol: its price since the page was opened, with what was bought and sold on it.
import { useMemo } from "preact/hooks";
import type { List, OrderListed, Position } from "../api/answers.ts";
import { BASE } from "../api/request.ts";
import { Gain, GainPercent } from "../elements/amount.tsx";
import { Drawer } from "../elements/drawer.tsx";
import { LineChart } from "../elements/line-chart.tsx";
import { approximate, exact, money, price } from "../format/exact.ts";
import { clock } from "../format/time.ts";
import { plural, statusInWords, toneOf, typeInWords } from "../format/words.ts";
import { positions } from "../state/book.ts";
import { go, linkTo } from "../state/place.ts";
import { pricesOf, type PricePoint } from "../state/prices.ts";
import { useStory } from "../state/story.ts";

const SHOWN = 100;

export function SymbolDrawer({ id }: { readonly id: string }) {
  const [account = "", venue = "", ...rest] = id.split("/");
  const symbol = rest.join("/");
  const position = positions.value.value?.get(`${account} ${venue}:${symbol}`);
  const query = new URLSearchParams({ account, symbol, limit: String(SHOWN), executions: "true" });
  const { value, failure } = useStory<List<OrderListed>>(
    `${BASE}/orders?${query.toString()}`,
    (orderId) => orderId !== null,
  );
  const rows = value?.data ?? [];
  return (
    <Drawer label={`Symbol ${symbol}`} title={<Title symbol={symbol} position={position} />}>
      {failure !== null && <p class="outcome outcome-refused">{failure}</p>}
      <Chart symbol={symbol} points={pricesOf(venue, symbol)} rows={rows} />
      {position !== undefined && <Holding position={position} />}
      <p>
        <button type="button" class="button" onClick={() => go("ticket", symbol)}>
          New order in {symbol}
        </button>
      </p>
      <h3>Orders</h3>
      <Orders rows={rows} />
    </Drawer>
  );
}

function Title({ symbol, position }: { symbol: string; position: Position | undefined }) {
  return (
    <>
      {symbol} <span class="number">{price(position?.last_price)}</span>
    </>
  );
}

interface SymbolChartProps {
  readonly symbol: string;
  readonly points: readonly PricePoint[];
  readonly rows: readonly OrderListed[];
}

function Chart({ symbol, points, rows }: SymbolChartProps) {
  const marks = useMemo(() => rows.flatMap(marksOf), [rows]);
  const line = useMemo(() => joined(points, marks), [points.length, marks]);
  if (line.times.length < 2) return <p class="muted">No price was seen yet.</p>;
  const label = `Price of ${symbol} since this page was opened, with ${plural(marks.length, "execution", "executions")} on it.`;
  return <LineChart label={label} marks={marks} {...line} />;
}

/** What the broker took back, or replaced by another, is not shown as traded. */
function marksOf({ executions = [], side }: OrderListed) {
  const standing = executions.filter(
    ({ busted, corrected_by: correction }) => !busted && correction === null,
  );
  return standing.map(({ executed_at: at, price: paid }) => ({
    at: Date.parse(at) / 1_000,
    value: approximate(paid),
    kind: side,
  }));
}

/** Executions are prices too: they draw the past that this page has not seen. */
function joined(points: readonly PricePoint[], marks: readonly { at: number; value: number }[]) {
  const all = [...points.map(({ at, price: value }) => ({ at, value })), ...marks].toSorted(
    (one, other) => one.at - other.at,
  );
  return { times: all.map(({ at }) => at), values: all.map(({ value }) => value) };
}

function Holding({ position }: { readonly position: Position }) {
  return (
    <dl class="facts facts-wide">
      <div>
        <dt>Quantity</dt>
        <dd>{exact(position.qty)}</dd>
      </div>
      <div>
        <dt>Average</dt>
        <dd>{price(position.avg_price)}</dd>
      </div>
      <div>
        <dt>Value</dt>
        <dd>{money(position.market_value)}</dd>
      </div>
      <div>
        <dt>Unrealised</dt>
        <dd>
          <Gain of={position.unrealized_pnl} /> <GainPercent of={position.unrealized_pnl_percent} />
        </dd>
      </div>
      <div>
        <dt>Realised</dt>
        <dd>
          <Gain of={position.realized_pnl} />
        </dd>
      </div>
      <div>
        <dt>Fees</dt>
        <dd>{money(position.fees)}</dd>
      </div>
    </dl>
  );
}

function Orders({ rows }: { readonly rows: readonly OrderListed[] }) {
  if (rows.length === 0) return <p class="muted">None.</p>;
  return (
    <ul class="plain-list">
      {rows.map((order) => (
        <li key={order.id}>
          <span class="muted">{clock(order.placed_at)}</span>{" "}
          <a href={linkTo("order", order.id)}>
            {order.side} {exact(order.qty ?? order.notional)} {typeInWords(order)}
          </a>{" "}
          <span class={`status status-${toneOf(order)}`}>{statusInWords(order)}</span>
        </li>
      ))}
    </ul>
  );
}
