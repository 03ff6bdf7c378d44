// Which markets are open, and for how long still.
import type { VenueSession } from "../api/answers.ts";
import { span } from "../format/time.ts";
import { now } from "../state/clock.ts";
import { status } from "../state/house.ts";

const PHASES: Readonly<Record<string, string>> = {
  always_open: "open",
  core: "open",
  pre: "pre-market",
  post: "after hours",
  overnight: "overnight",
  closed: "closed",
};

export function Session() {
  const sessions = status.value.value?.sessions ?? [];
  return (
    <ul class="sessions" aria-label="Market sessions">
      {sessions.map((session) => (
        <Venue key={session.venue} session={session} />
      ))}
    </ul>
  );
}

function Venue({ session }: { readonly session: VenueSession }) {
  const { venue, phase, phase_ends_at: ends, takes_regular_orders: isOpen, known } = session;
  const left = ends === null ? "" : ` · ${span(Date.parse(ends) - now.value)}`;
  const words = `${PHASES[phase] ?? phase.replaceAll("_", " ")}${left}${known ? "" : " ?"}`;
  const title = ends === null ? `${venue} is always open` : `${venue} until ${ends}`;
  return (
    <li class={isOpen ? "venue is-open" : "venue"} title={title}>
      <span class="venue-name">{venue}</span> {words}
    </li>
  );
}
