// One order from the signal to the broker's last word: what the rules said, what happened when, what was
// filled; and, while it works, cancel and replace.
import type { OrderStory, SignalStory, Verdict } from "../api/answers.ts";
import { BASE } from "../api/request.ts";
import { Drawer } from "../elements/drawer.tsx";
import { exact, price } from "../format/exact.ts";
import { clockMs } from "../format/time.ts";
import { spaced, statusInWords, toneOf, typeInWords } from "../format/words.ts";
import { mayAct } from "../state/house.ts";
import { linkTo } from "../state/place.ts";
import { useStory } from "../state/story.ts";
import { ChangeOrder } from "./change-order.tsx";
import { Timeline } from "./timeline.tsx";
import { Verdicts } from "./verdicts.tsx";

export function OrderDrawer({ id }: { readonly id: string }) {
  const {
    value: order,
    failure,
    again,
  } = useStory<OrderStory>(`${BASE}/orders/${encodeURIComponent(id)}`, (orderId) => orderId === id);
  return (
    <Drawer label="Order" title={order === null ? "Order" : <Title order={order} />}>
      {failure !== null && <p class="outcome outcome-refused">{failure}</p>}
      {order !== null && <Body order={order} again={again} />}
    </Drawer>
  );
}

function Title({ order }: { readonly order: OrderStory }) {
  return (
    <>
      <span class={`side side-${order.side}`}>{order.side}</span>{" "}
      {exact(order.qty ?? order.notional)} {order.symbol}{" "}
      <span class={`status status-${toneOf(order)}`}>{statusInWords(order)}</span>
    </>
  );
}

function Body({ order, again }: { readonly order: OrderStory; readonly again: () => void }) {
  return (
    <>
      <p class="summary">{order.summary}</p>
      {order.closed_at === null && mayAct("trader") && <ChangeOrder order={order} again={again} />}
      <Facts order={order} />
      <h3>What happened</h3>
      <Timeline events={order.history} start={order.received_at} />
      <h3>Executions</h3>
      <Executions order={order} />
      <h3>What the rules said</h3>
      <Judgement order={order} />
    </>
  );
}

function Facts({ order }: { readonly order: OrderStory }) {
  const facts: readonly (readonly [string, string | null])[] = [
    ["Type", `${typeInWords(order)}, ${order.time_in_force}`],
    ["Filled", `${exact(order.filled_qty)} of ${exact(order.qty)} at ${price(order.filled_price)}`],
    ["Account", [order.account, order.strategy].filter((each) => each !== null).join(" · ")],
    ["Role", order.role === "entry" ? null : spaced(order.role)],
    [
      "Refused by",
      order.rejected_by === null ? null : `${order.rejected_by}: ${order.reject_code}`,
    ],
    ["The broker's words", order.error_message],
    ["Fate unknown", order.unresolved?.cause ?? null],
    ["Flags", order.flags.length === 0 ? null : order.flags.map(spaced).join(", ")],
    ["Our reference", order.reference],
    ["Broker's id", order.broker_order_id],
    ["Reason", order.reason],
  ];
  return (
    <dl class="facts">
      {facts.map(([name, value]) =>
        value === null ? null : (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ),
      )}
      {order.signal_id !== null && (
        <div>
          <dt>Signal</dt>
          <dd>
            <a href={linkTo("signal", order.signal_id)}>{order.signal_id}</a>
          </dd>
        </div>
      )}
    </dl>
  );
}

function Executions({ order }: { readonly order: OrderStory }) {
  if (order.executions.length === 0) return <p class="muted">None.</p>;
  return (
    <table class="plain" aria-label="Executions">
      <thead>
        <tr>
          <th scope="col">Time</th>
          <th scope="col" class="number">
            Quantity
          </th>
          <th scope="col" class="number">
            Price
          </th>
          <th scope="col" class="number">
            Fee
          </th>
          <th scope="col">Heard by</th>
        </tr>
      </thead>
      <tbody>
        {order.executions.map((execution) => (
          <tr key={execution.id} class={execution.busted ? "is-busted" : ""}>
            <td>{clockMs(execution.executed_at)}</td>
            <td class="number">{exact(execution.qty)}</td>
            <td class="number">{exact(execution.price)}</td>
            <td class="number">{exact(execution.fee)}</td>
            <td>
              {execution.source}
              {execution.busted && <span class="tag tag-alarm">busted</span>}
            </td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

/** A held order was judged again when it was sent; otherwise the signal's decision says it. */
function Judgement({ order }: { readonly order: OrderStory }) {
  const own = order.history.findLast(({ data }) => Array.isArray(data["verdicts"]))?.data[
    "verdicts"
  ];
  if (Array.isArray(own) && own.length > 0) {
    // Written by the engine in the form of its own verdicts.
    return <Verdicts verdicts={own as readonly Verdict[]} />;
  }
  return order.signal_id === null ? (
    <p class="muted">Not from a signal.</p>
  ) : (
    <SignalJudgement id={order.signal_id} />
  );
}

function SignalJudgement({ id }: { readonly id: string }) {
  const { value } = useStory<SignalStory>(`${BASE}/signals/${id}`, () => false);
  return value === null ? <p class="muted">…</p> : <Verdicts verdicts={value.verdicts} />;
}
