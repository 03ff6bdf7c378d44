// One signal: what was asked for, what was decided and why, and what became of its orders.
import type { SignalStory } from "../api/answers.ts";
import { BASE } from "../api/request.ts";
import { Drawer } from "../elements/drawer.tsx";
import { exact, price } from "../format/exact.ts";
import { gap } from "../format/time.ts";
import { OUTCOME_WORDS, spaced, statusInWords, toneOf } from "../format/words.ts";
import { linkTo } from "../state/place.ts";
import { useStory } from "../state/story.ts";
import { Timeline } from "./timeline.tsx";
import { Verdicts } from "./verdicts.tsx";

export function SignalDrawer({ id }: { readonly id: string }) {
  const base = id.slice(0, -2);
  const { value: story, failure } = useStory<SignalStory>(
    `${BASE}/signals/${encodeURIComponent(id)}`,
    // Orders of a signal carry its id but for the last byte.
    (orderId) => orderId?.startsWith(base) === true,
  );
  const outcome = story?.outcome ?? null;
  return (
    <Drawer
      label="Signal"
      title={
        <>
          Signal {story?.symbol}{" "}
          <span class={`tag outcome-${outcome ?? "waiting"}`}>
            {outcome === null ? "waiting" : OUTCOME_WORDS[outcome]}
          </span>
        </>
      }
    >
      {failure !== null && <p class="outcome outcome-refused">{failure}</p>}
      {story !== null && <Body story={story} />}
    </Drawer>
  );
}

function Body({ story }: { readonly story: SignalStory }) {
  return (
    <>
      <p class="summary">{story.summary}</p>
      <Stages story={story} />
      <h3>Asked for</h3>
      <dl class="facts">
        {Object.entries(story.request).map(([name, value]) => (
          <div key={name}>
            <dt>{spaced(name)}</dt>
            <dd>{typeof value === "string" ? value : JSON.stringify(value)}</dd>
          </div>
        ))}
        <div>
          <dt>By</dt>
          <dd>{[story.actor, story.strategy, story.reason].filter(Boolean).join(" · ")}</dd>
        </div>
        {story.mark !== null && (
          <div>
            <dt>Price then</dt>
            <dd>
              {price(story.mark.bid)} / {price(story.mark.ask)}, {story.mark.age_ms} ms old
            </dd>
          </div>
        )}
      </dl>
      <h3>Orders</h3>
      <Orders story={story} />
      <h3>What the rules said</h3>
      <Verdicts verdicts={story.verdicts} />
      <h3>What happened</h3>
      <Timeline events={story.history} start={story.received_at} />
    </>
  );
}

/** How long each stage took. */
function Stages({ story }: { readonly story: SignalStory }) {
  const instants = [
    ["decided", story.decided_at],
    ["sent", story.sent_at],
    ["acknowledged", story.acknowledged_at],
    ["filled", story.filled_at],
  ] as const;
  const start = Date.parse(story.received_at);
  return (
    <ol class="stages" aria-label="Since it came in">
      {instants.map(([name, at]) => (
        <li key={name} class={at === null ? "muted" : ""}>
          {name}{" "}
          <b class="number">{at === null ? "–" : gap(Math.max(0, Date.parse(at) - start))}</b>
        </li>
      ))}
    </ol>
  );
}

function Orders({ story }: { readonly story: SignalStory }) {
  if (story.orders.length === 0) return <p class="muted">None.</p>;
  return (
    <ul class="plain-list">
      {story.orders.map((order) => (
        <li key={order.id}>
          <a href={linkTo("order", order.id)}>
            {order.side} {exact(order.qty ?? order.notional)} {order.symbol}
          </a>{" "}
          <span class={`status status-${toneOf(order)}`}>{statusInWords(order)}</span>{" "}
          <span class="muted">{order.role === "entry" ? "" : spaced(order.role)}</span>
        </li>
      ))}
    </ul>
  );
}
