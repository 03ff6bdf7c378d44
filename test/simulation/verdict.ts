// What must hold once the faults have stopped and everything has come to rest.
import type { AccountBook, Book } from "../../src/domain/book.ts";
import { Decimal } from "../../src/domain/decimal.ts";
import type { OrderState } from "../../src/domain/order/state.ts";
import type { Auditor } from "./auditor.ts";
import type { Deployment } from "./deployment.ts";
import { isOpen, type SimOrder } from "./sim-order.ts";
import type { Workload } from "./workload.ts";
import { ACCOUNTS, ALL_INSTRUMENTS, STRATEGIES } from "./world.ts";

export interface Evidence {
  readonly deployment: Deployment;
  readonly workload: Workload;
  readonly auditor: Auditor;
}

export function judge(evidence: Evidence): void {
  evidence.auditor.look();
  checkOutcomes(evidence);
  checkDecisionOrder(evidence);
  checkArrivalOrder(evidence);
  checkOrders(evidence);
  checkRest(evidence);
  for (const book of booksOf(evidence)) {
    checkRows(evidence, book);
    checkPositions(evidence, book);
    checkStrategies(evidence, book);
    checkLeftOver(evidence, book);
  }
}

/**
 * True when nothing is on its way any more, and what the broker did is known here: a worker out of requests
 * asks for what it missed when it has some again. The broker may still end resting orders.
 */
export function isQuiet(evidence: Evidence): boolean {
  const { database, stream } = evidence.deployment;
  if (evidence.workload.isPosting || stream.length > 0) return false;
  return (
    database.isAllDecided &&
    [...database.orders.values()].every(
      ({ status, unresolved, pendingAction }) =>
        status !== "pending" &&
        status !== "submitted" &&
        unresolved === null &&
        pendingAction === null,
    ) &&
    isTold(evidence)
  );
}

function isTold({ deployment }: Evidence): boolean {
  const { database, brokerWorld } = deployment;
  const isUntold = (order: OrderState) => {
    const theirs = theirsOf(brokerWorld.broker, order);
    return order.closedAt === null && theirs !== undefined && !isOpen(theirs);
  };
  if ([...database.orders.values()].some(isUntold)) return false;
  return database.partitions.every((_, partition) =>
    [...database.loadBook(partition).accounts.values()].every((account) =>
      isHeldAtBroker(deployment, account),
    ),
  );
}

const isHeldAtBroker = ({ brokerWorld }: Deployment, { account, positions }: AccountBook) =>
  ALL_INSTRUMENTS.every(({ id }) =>
    positions.quantity(id).eq(brokerWorld.broker.position(account.id, id)),
  );

/** A log that cannot be folded is a verdict of its own. */
function booksOf({ deployment, auditor }: Evidence): Book[] {
  return deployment.database.partitions.flatMap((_, partition) => {
    try {
      return [deployment.database.loadBook(partition)];
    } catch (error: unknown) {
      const why = error instanceof Error ? error.message : String(error);
      auditor.blame(`invariant 9: the log of partition ${partition} cannot be replayed: ${why}`);
      return [];
    }
  });
}

function checkOutcomes({ deployment, workload, auditor }: Evidence): void {
  const decided = new Map<string, number>();
  const count = (id: string) => decided.set(id, (decided.get(id) ?? 0) + 1);
  for (const { event } of deployment.database.partitions.flatMap((rows) => rows.log)) {
    if (event.type === "SignalDecided") count(event.signalId);
    if (event.type === "CommandDecided") count(event.commandId);
  }
  for (const { id } of [...workload.accepted.map(({ signal }) => signal), ...workload.commands]) {
    const times = decided.get(id) ?? 0;
    if (times !== 1) auditor.blame(`invariant 1: ${id} was decided ${times} times`);
  }
  for (const problem of workload.problems) auditor.blame(problem);
}

/** A signal answered before another was posted is decided first. */
function checkDecisionOrder({ deployment, workload, auditor }: Evidence): void {
  const place = new Map<string, number>();
  for (const { event } of deployment.database.partitions.flatMap((rows) => rows.log)) {
    if (event.type === "SignalDecided" && event.refusal?.code !== "taken_back") {
      place.set(event.signalId, place.size);
    }
  }
  for (const { id } of ACCOUNTS) {
    const signals = workload.accepted.filter(({ signal }) => signal.accountId === id);
    for (const first of signals) {
      for (const second of signals) {
        if (first.answeredAt >= second.postedAt) continue;
        const before = place.get(first.signal.id);
        const after = place.get(second.signal.id);
        if (before !== undefined && after !== undefined && before > after) {
          auditor.blame(`invariant 12: ${second.signal.id} was decided before ${first.signal.id}`);
        }
      }
    }
  }
}

/** Orders of one market arrive in the order of their intents, those in trouble apart. */
function checkArrivalOrder({ auditor }: Evidence): void {
  for (const [market, arrivals] of auditor.arrivals) {
    const sound = arrivals.filter((orderId) => !auditor.troubled.has(orderId));
    for (const [index, orderId] of sound.entries()) {
      const before = sound[index - 1];
      if (before === undefined) continue;
      if ((auditor.intended.get(before) ?? 0) > (auditor.intended.get(orderId) ?? 0)) {
        auditor.blame(`invariant 12: on ${market} ${before} was sent before ${orderId}`);
      }
    }
  }
}

const NEVER_THERE: ReadonlySet<string> = new Set(["rejected", "cancelled", "expired"]);

/** What happened at the broker within this time may still be on its way. */
const TOLD_MS = 1_000;

/** What we believe of each order is what the broker holds. */
function checkOrders({ deployment, auditor }: Evidence): void {
  const { database, brokerWorld } = deployment;
  for (const order of database.orders.values()) {
    if (order.status === "pending") continue;
    const theirs = theirsOf(brokerWorld.broker, order);
    if (theirs === undefined) {
      if (!NEVER_THERE.has(order.status)) {
        auditor.blame(`order ${order.id} is ${order.status} here and unknown at the broker`);
      }
      continue;
    }
    if (theirs.updatedAt > brokerWorld.broker.now - TOLD_MS) continue;
    const status = statusOf(brokerWorld.broker, theirs);
    if (status !== order.status) {
      auditor.blame(`order ${order.id} is ${order.status} here and ${status} at the broker`);
    }
    if (order.unresolved !== null) auditor.blame(`order ${order.id} is still unresolved`);
    checkFills({ deployment, auditor }, order, theirs);
  }
}

/** Of the order as a whole: the last of its names may rest far away, and what filled before is filled. */
function statusOf({ orders }: Deployment["brokerWorld"]["broker"], last: SimOrder): string {
  if (last.status === "held") return "accepted";
  if (last.status !== "accepted") return last.status;
  for (let id = last.replaces; id !== null;) {
    const before = orders.get(id);
    if (before?.filled.isPositive() === true) return "partially_filled";
    id = before?.replaces ?? null;
  }
  return last.status;
}

function theirsOf(broker: Deployment["brokerWorld"]["broker"], order: OrderState) {
  const { accountId, reference, brokerOrderId } = order;
  const named = reference === null ? undefined : broker.findByReference(accountId, reference);
  let theirs = named ?? (brokerOrderId === null ? undefined : broker.orders.get(brokerOrderId));
  while (theirs?.replacedBy != null) theirs = broker.orders.get(theirs.replacedBy);
  return theirs;
}

/** What is booked of an order is what the broker did of it, under all the names it had there. */
function checkFills(
  { deployment, auditor }: Pick<Evidence, "deployment" | "auditor">,
  order: OrderState,
  last: SimOrder,
): void {
  const { orders } = deployment.brokerWorld.broker;
  let done = Decimal.ZERO;
  for (let theirs: SimOrder | undefined = last; theirs !== undefined;) {
    done = done.plus(theirs.filled).minus(theirs.carried);
    theirs = theirs.replaces === null ? undefined : orders.get(theirs.replaces);
  }
  if (!order.filledQuantity.eq(done)) {
    auditor.blame(
      `invariant 8: order ${order.id} has ${order.filledQuantity.toString()} filled here and ${done.toString()} at the broker`,
    );
  }
}

/** Tables are the fold of the log: each row a worker committed is what replaying gives. */
function checkRows({ deployment, auditor }: Evidence, book: Book): void {
  const { orders, holdings } = deployment.database;
  for (const account of book.accounts.values()) {
    for (const order of account.orders.values()) {
      if (told(order) !== told(orders.get(order.id))) {
        auditor.blame(`invariant 9: the row of order ${order.id} is not what its events say`);
      }
    }
    for (const row of positionsOf(account)) {
      const { accountId, instrumentId, strategyId } = row;
      const kept = holdings.rows.get(`${accountId} ${instrumentId} ${strategyId ?? ""}`);
      if (row.version > 0 && told(row) !== told(kept)) {
        auditor.blame(`invariant 9: the position in ${instrumentId} of ${accountId} is another`);
      }
    }
  }
}

const positionsOf = (account: AccountBook) => [...account.positions.all()];

const told = (value: unknown): string => JSON.stringify(value) ?? "nothing";

function checkPositions({ deployment, auditor }: Evidence, book: Book): void {
  const { broker } = deployment.brokerWorld;
  for (const [accountId, account] of book.accounts) {
    for (const { id } of ALL_INSTRUMENTS) {
      const ours = account.positions.net(id)?.quantity ?? Decimal.ZERO;
      const theirs = broker.position(accountId, id);
      if (!ours.eq(theirs)) {
        auditor.blame(
          `invariant 9: ${accountId} holds ${ours.toString()} of ${id} here and ${theirs.toString()} at the broker`,
        );
      }
    }
  }
}

/** Where only strategies have traded each holds what its own orders made: others take from them. */
function checkStrategies({ deployment, auditor }: Evidence, book: Book): void {
  if (deployment.faults.has("manual trade")) return;
  for (const [accountId, { positions }] of book.accounts) {
    for (const { id } of ALL_INSTRUMENTS) {
      for (const strategyId of STRATEGIES) {
        const held = positions.ofStrategy(id, strategyId)?.quantity ?? Decimal.ZERO;
        const made = auditor.madeBy(accountId, id, strategyId);
        if (made !== null && !held.eq(made)) {
          auditor.blame(
            `invariant 9: ${strategyId} holds ${held.toString()} of ${id} in ${accountId}, and its orders made ${made.toString()}`,
          );
        }
      }
    }
  }
}

/** What nobody knew is known, what was frozen for it is not, and the inbox shows what others have. */
function checkLeftOver({ deployment, auditor }: Evidence, book: Book): void {
  const { orders } = deployment.brokerWorld.broker;
  // By a clock that was set back an hour what the inbox shows was placed after the look, and what filled before
  // the first contact filled after it.
  const hasClocks = !deployment.faults.has("clock jump");
  for (const [accountId, account] of book.accounts) {
    for (const id of account.frozen.keys()) auditor.blame(`${id} of ${accountId} is frozen`);
    for (const [id, { execution }] of account.parked) {
      // What is older than the first contact is in the opening balances.
      const isOld = execution.executedAt <= (account.firstContactAt ?? 0);
      if (hasClocks && !isOld) auditor.blame(`the fill ${id} of ${accountId} is still parked`);
    }
    for (const id of account.external.keys()) {
      const theirs = orders.get(id);
      const isTheirs = theirs !== undefined && isOpen(theirs) && !account.byBrokerOrderId.has(id);
      if (hasClocks && !isTheirs) auditor.blame(`the inbox of ${accountId} still shows ${id}`);
    }
  }
}

function checkRest({ deployment, auditor }: Evidence): void {
  const { database, stream } = deployment;
  database.partitions.forEach((rows, partition) => {
    if (rows.fault !== null) auditor.blame(`partition ${partition} is faulted: ${rows.fault}`);
    if (rows.decidedSignals !== rows.signals.length) {
      auditor.blame(
        `invariant 1: partition ${partition} decided ${rows.decidedSignals} of ${rows.signals.length}`,
      );
    }
  });
  if (stream.length > 0) auditor.blame(`the stream still holds ${stream.length} entries`);
  for (const order of database.orders.values()) {
    // By a clock that was set back an hour the market is still closed.
    if (order.hold?.reason === "market_closed" && deployment.faults.has("clock jump")) continue;
    if (order.pendingAction !== null) {
      auditor.blame(`order ${order.id} still waits for its ${order.pendingAction}`);
    }
    if (order.status === "pending" || order.status === "submitted") {
      auditor.blame(
        `order ${order.id} never came to rest: ${order.status} ${order.hold?.reason ?? ""}`,
      );
    }
    if (order.pendingAction !== null) {
      auditor.blame(`order ${order.id} still waits for a word on its ${order.pendingAction}`);
    }
  }
}
