// How the house is: the way from signal to fill stage by stage, what waits, who works, and what waits for
// a person.
import type { Status } from "../api/answers.ts";
import { Drawer } from "../elements/drawer.tsx";
import { exact } from "../format/exact.ts";
import { gap, span } from "../format/time.ts";
import { orders } from "../state/book.ts";
import { status } from "../state/house.ts";
import { latencies, type Stage } from "../state/latency.ts";
import { lights, redisLamp } from "../state/lights.ts";
import { Inbox } from "./inbox.tsx";
import { LIGHT_MARKS, LIGHT_WORDS } from "./lights.tsx";
import { SignOut } from "./sign-out.tsx";

export function HealthDrawer() {
  const house = status.value.value;
  return (
    <Drawer label="Health" title="Health">
      <dl class="facts">
        {[...lights.value, ...(redisLamp.value === null ? [] : [redisLamp.value])].map(
          ({ name, state, ageMs, detail }) => (
            <div key={name}>
              <dt>
                <span class={`light light-${state}`}>
                  <span class="mark" aria-hidden="true">
                    {LIGHT_MARKS[state]}
                  </span>
                  {name}
                  <span class="unseen">, {LIGHT_WORDS[state]}</span>
                </span>
              </dt>
              <dd>
                {detail} {ageMs !== null && <span class="muted">{span(ageMs)}</span>}
              </dd>
            </div>
          ),
        )}
      </dl>
      <h3>From signal to fill</h3>
      <Latency stages={latencies(orders.value.value ?? [])} />
      {house !== null && <Waiting house={house} />}
      <Inbox />
      {house !== null && <Workers house={house} />}
      {house?.needs_key === true && <SignOut />}
    </Drawer>
  );
}

function Latency({ stages }: { readonly stages: readonly Stage[] }) {
  if (stages.every(({ count }) => count === 0)) return <p class="muted">No order yet.</p>;
  return (
    <table class="plain" aria-label="Latency by stage">
      <thead>
        <tr>
          <th scope="col">Stage, of the last orders</th>
          {["p50", "p95", "p99", "orders"].map((name) => (
            <th key={name} scope="col" class="number">
              {name}
            </th>
          ))}
        </tr>
      </thead>
      <tbody>
        {stages.map(({ name, p50, p95, p99, count }) => (
          <tr key={name}>
            <td>{name}</td>
            <td class="number">{gap(p50)}</td>
            <td class="number">{gap(p95)}</td>
            <td class="number">{gap(p99)}</td>
            <td class="number">{count}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}

function Waiting({ house }: { readonly house: Status }) {
  const rows: readonly (readonly [string, string])[] = [
    ["Signals that wait", waiting(house.waiting_signals, house.oldest_waiting_ms)],
    ["Commands that wait", exact(String(house.waiting_commands))],
    ["Orders of unknown fate", waiting(house.unresolved_orders, house.oldest_unresolved_ms)],
    ["Oldest price of what is held", age(house.oldest_held_price_ms)],
    ...house.links.map(
      ({ account, order_budget: left, calls_waiting: calls }) =>
        [
          `Rate budget, ${account}`,
          `${exact(String(left))} orders left this minute, ${calls} calls wait`,
        ] as const,
    ),
    ...house.feed_lag.map(({ feed, events }) => [`Feed ${feed}, behind`, `${events}`] as const),
  ];
  return (
    <>
      <h3>What waits, and how much may still be sent</h3>
      <dl class="facts">
        {rows.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd class="number">{value}</dd>
          </div>
        ))}
      </dl>
    </>
  );
}

function waiting(count: number, oldestMs: number | null): string {
  return oldestMs === null || count === 0 ? String(count) : `${count}, oldest ${gap(oldestMs)}`;
}

function age(ms: number | null): string {
  return ms === null ? "–" : span(ms);
}

function Workers({ house }: { readonly house: Status }) {
  const held = house.partitions - house.partitions_without_worker;
  return (
    <>
      <h3>Engine</h3>
      <dl class="facts">
        <div>
          <dt>Partitions</dt>
          <dd>
            {held} of {house.partitions} held
          </dd>
        </div>
        {house.workers.map(({ owner, seen_ms: seen }) => (
          <div key={owner}>
            <dt>{owner}</dt>
            <dd>{span(seen)} ago</dd>
          </div>
        ))}
        {house.faults.map(({ partition, reason }) => (
          <div key={partition}>
            <dt>Partition {partition}</dt>
            <dd class="loss">set aside: {reason}</dd>
          </div>
        ))}
        <div>
          <dt>Release</dt>
          <dd>{house.version}</dd>
        </div>
      </dl>
    </>
  );
}
