// What a run of many seeds must have met at least once: every kind of fault, and every path on which the
// engine recovers. A simulation that never gets there proves nothing about it.
const PORTS = ["broker.read", "broker.submit", "bus", "store.commit", "store.lease", "store.read"];

/** At every port: the caller dies before and after, the request or its answer is lost, it is slow. */
const AT_EVERY_PORT = ["crash before", "crash after", "request lost", "reply lost", "slow"].flatMap(
  (fault) => PORTS.map((port) => `${fault}: ${port}`),
);

const FAULTS = [
  "answer lost after accept: broker",
  "broker down",
  "broker rejects: submit",
  "clock jump",
  "kill",
  "late execution: broker",
  "manual trade",
  "message late: broker stream",
  "message late: bus",
  "message lost: broker stream",
  "message lost: bus",
  "message repeated: broker stream",
  "message repeated: bus",
  "pause",
  "rate limited: broker",
  "rate limited: reads",
  "reply lost: feed",
  "request lost: feed",
  "request repeated: broker",
  "rolling restart",
  "stop",
  "stream cut: broker",
  "stream flushed",
];

/** How the engine met them: what it gave up, asked, found, held, froze and began again. */
const RECOVERIES = [
  "call cancel unresolved",
  "call lookup found",
  "call lookup not_found",
  "call lookup rate_limited",
  "call lookup unavailable",
  "call replace unresolved",
  "call submit rate_limited",
  "call submit unresolved",
  "changed again with fills between",
  "circuit closed",
  "circuit opened",
  "decided ahead",
  "event BrokerFactParked",
  "event CashAdjusted",
  "event CommandDecided already_decided",
  "event CommandDecided taken_back",
  "event DifferenceFound",
  "event ExternalOrderSeen",
  "event OrderFlagged",
  "event OrderHeld broker_down",
  "event OrderHeld market_closed",
  "event OrderHeld predecessor",
  "event OrderHeld price",
  "event OrderHeld rate_budget",
  "event OrderRejected never_arrived",
  "event OrderRejected stale_signal",
  "event OrderRejected symbol_frozen",
  "event OrderResolved",
  "event OrderUnresolved cancel",
  "event OrderUnresolved replace",
  "event OrderUnresolved submit",
  "event PositionAdjusted adopted",
  "event PositionAdjusted opening_balance",
  "event SignalDecided session_open",
  "event SignalDecided symbol_frozen",
  "event SignalDecided taken_back",
  "event SignalDecided trading_state",
  "event SignalDecided valid_until_passed",
  "lease gained",
  "lease lost",
  "lease released",
  "repeat conflict",
  "repeat replayed",
  "retry feed:readers CommitUnknown",
  "retry leases StoreUnavailable",
  "retry partition CommitUnknown",
  "retry partition StoreUnavailable",
  "retry stream",
  "retry sweep",
  "session disconnected",
  "session reconcile_failed",
  "swept",
];

const SOMETIMES: readonly string[] = [...AT_EVERY_PORT, ...FAULTS, ...RECOVERIES];

/** What none of the runs met. A name stands for everything that begins with it. */
export function unreached(counts: ReadonlyMap<string, number>): readonly string[] {
  const met = [...counts.keys()];
  return SOMETIMES.filter((name) => !met.some((key) => key.startsWith(name)));
}
