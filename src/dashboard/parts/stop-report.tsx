// What became of the orders that were open when trading was stopped: asked again until none is in between.
import { useEffect, useState } from "preact/hooks";
import type { Command, Order, StateChanged } from "../api/answers.ts";
import { ask, BASE, inWords } from "../api/request.ts";
import { plural, statusInWords } from "../format/words.ts";
import { isSettled, sortOut, type Fates } from "../state/fates.ts";

const LOOK_EVERY_MS = 500;
const LOOKS = 60;

interface ReportProps {
  readonly changed: StateChanged;
  readonly cancels: boolean;
}

export function StopReport({ changed, cancels }: ReportProps) {
  const { fates, failure, isDone } = useFates(changed);
  return (
    <div class="stop-report" data-settled={isDone}>
      <ul class="effect">
        {changed.effect.map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      <dl class="fates">
        <Fate name="Cancelled" orders={fates.cancelled} />
        <Fate name="Filled meanwhile" orders={fates.filled} />
        <Fate name="Still on its way" orders={fates.between} />
        <Fate name="Left open" orders={fates.open} />
        {fates.other.length > 0 && <Fate name="Rejected or expired" orders={fates.other} />}
      </dl>
      <p class="muted" role="status">
        {failure ?? verdict(fates, { isDone, cancels })}
      </p>
    </div>
  );
}

function Fate({ name, orders }: { readonly name: string; readonly orders: readonly Order[] }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd data-fate={name}>
        <b>{orders.length}</b>{" "}
        <span class="muted">
          {orders
            .slice(0, 5)
            .map((order) => `${order.side} ${order.symbol} ${statusInWords(order)}`)
            .join(", ")}
        </span>
      </dd>
    </div>
  );
}

function verdict(fates: Fates, how: { isDone: boolean; cancels: boolean }): string {
  if (!how.isDone) return "Looking again until nothing is on its way…";
  const left = fates.open.length;
  if (left === 0) return "Verified: no order is open.";
  const what = plural(left, "order is", "orders are");
  return how.cancels
    ? `Verified: ${what} left open, because they only reduce a position.`
    : `Verified: ${what} left open, as asked for.`;
}

const all = <Answer,>(what: string, ids: readonly string[]): Promise<Answer[]> =>
  Promise.all(ids.map((id) => ask<Answer>(`${BASE}/${what}/${id}`)));

function useFates(changed: StateChanged) {
  const [fates, setFates] = useState<Fates>(sortOut([]));
  const [failure, setFailure] = useState<string | null>(null);
  const [isDone, setDone] = useState(false);
  useEffect(() => {
    const ids = [changed.on_its_way, changed.resting, changed.held]
      .flat()
      .map(({ order_id: id }) => id);
    let isOver = false;
    const look = async (): Promise<void> => {
      for (let count = 0; count < LOOKS && !isOver; count++) {
        try {
          const commands = await all<Command>("commands", changed.commands);
          const orders = await all<Order>("orders", ids);
          setFates(sortOut(orders));
          setFailure(null);
          if (isSettled(commands, orders)) return setDone(true);
        } catch (error: unknown) {
          setFailure(`${inWords(error)} Looking again.`);
        }
        await new Promise((resolve) => window.setTimeout(resolve, LOOK_EVERY_MS));
      }
    };
    void look();
    return () => {
      isOver = true;
    };
  }, []);
  return { fates, failure, isDone };
}
