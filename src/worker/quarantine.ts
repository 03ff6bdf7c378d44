// Facts of a broker that break the core or that the record refuses, known by what they say: each is set
// aside once, however often it is told again, and what comes with it is taken without it.
import type { AccountBook, Input } from "../domain/book.ts";
import type { BrokerOrderSnapshot, BrokerReport, BrokerView } from "../domain/broker.ts";
import type { AccountId } from "../domain/ids.ts";
import { eachSnapshot } from "../domain/order/reconcile.ts";

/** The oldest are forgotten beyond it, and would be set aside once more. */
const MAX_KNOWN = 5_000;

type ViewInput = Extract<Input, { kind: "view" }>;
type Told = BrokerView["executions"][number];

/** What a report, an outcome or a part of a view says, whenever it is said. */
export function nameOf(input: Exclude<Input, { kind: "view" | "tick" }>): string {
  switch (input.kind) {
    case "signal":
      return `signal ${input.signal.number}`;
    case "command":
      return `command ${input.command.number}`;
    case "outcome":
      return `outcome ${input.accountId} ${JSON.stringify(input.outcome)}`;
    case "report": {
      const { report } = input;
      if (report.kind === "executed") return executionName(report.accountId, report.execution);
      return `report ${JSON.stringify(report)}`;
    }
  }
}

export class Quarantine {
  readonly #known = new Set<string>();

  add(input: Exclude<Input, { kind: "view" | "tick" }>): void {
    this.#know(nameOf(input));
    if (input.kind !== "report" || input.report.kind !== "executed") return;
    const { accountId, brokerOrderId, execution } = input.report;
    const fill = fillName(accountId, { ...execution, brokerOrderId });
    if (fill !== null) this.#know(fill);
  }

  get isEmpty(): boolean {
    return this.#known.size === 0;
  }

  forget(): void {
    this.#known.clear();
  }

  /** What is still to be decided of the input: itself, a part of it, or null for nothing. */
  rest(input: Input): Input | null {
    if (this.#known.size === 0) return input;
    switch (input.kind) {
      case "signal":
      case "command":
      case "tick":
        return input;
      case "outcome":
        return this.#known.has(nameOf(input)) ? null : input;
      case "report":
        return this.#knowsReport(input.report) ? null : input;
      case "view":
        return this.#restOfView(input);
    }
  }

  #know(name: string): void {
    this.#known.add(name);
    for (const oldest of this.#known) {
      if (this.#known.size <= MAX_KNOWN) return;
      this.#known.delete(oldest);
    }
  }

  #knowsReport(report: BrokerReport): boolean {
    if (this.#known.has(nameOf({ kind: "report", report }))) return true;
    if (report.kind !== "executed") return false;
    const { accountId, brokerOrderId, execution } = report;
    return this.#knowsFill(accountId, { ...execution, brokerOrderId });
  }

  #knowsFill(accountId: AccountId, told: Pick<Told, "brokerOrderId" | "cumulativeQuantity">) {
    const name = fillName(accountId, told);
    return name !== null && this.#known.has(name);
  }

  #restOfView(input: ViewInput): Input {
    const { accountId, view } = input;
    const executions = view.executions.filter(
      (told) =>
        !this.#known.has(executionName(accountId, told)) && !this.#knowsFill(accountId, told),
    );
    const isKnown = (snapshot: BrokerOrderSnapshot) =>
      this.#known.has(nameOf({ kind: "report", report: seen(accountId, snapshot) }));
    const isWhole =
      executions.length === view.executions.length && ![...eachSnapshot(view)].some(isKnown);
    if (isWhole) return input;
    const openOrders = without(view.openOrders, isKnown);
    const askedOrders = without(view.askedOrders, isKnown);
    const pastOrders = without(view.pastOrders, isKnown);
    return { ...input, view: { ...view, executions, openOrders, askedOrders, pastOrders } };
  }
}

/** What a view tells of our orders, fact by fact, so that the one that breaks it is found by itself. */
export function factsIn({ accountId, view }: ViewInput, account: AccountBook): Input[] {
  const reports: BrokerReport[] = [];
  const isOurs = ({ brokerOrderId, reference }: BrokerOrderSnapshot) =>
    account.byBrokerOrderId.has(brokerOrderId) ||
    (reference !== null && account.byReference.has(reference));
  const ours = [...eachSnapshot(view)].filter(isOurs);
  const references = new Map(ours.map((shown) => [shown.brokerOrderId, shown.reference]));
  for (const { symbol: _, side: __, ...execution } of view.executions) {
    const { brokerOrderId, executedAt: at } = execution;
    if (brokerOrderId === null) continue;
    const reference = references.get(brokerOrderId) ?? null;
    if (reference === null && !account.byBrokerOrderId.has(brokerOrderId)) continue;
    const head = { accountId, brokerOrderId, reference, at, snapshot: null };
    reports.push({ kind: "executed", ...head, execution });
  }
  for (const snapshot of ours) reports.push(seen(accountId, snapshot));
  return reports.map((report) => ({ kind: "report", report }));
}

function seen(accountId: AccountId, snapshot: BrokerOrderSnapshot): BrokerReport {
  const { brokerOrderId, reference, updatedAt: at } = snapshot;
  return { kind: "seen", accountId, brokerOrderId, reference, at, snapshot };
}

function without(
  orders: readonly BrokerOrderSnapshot[],
  isKnown: (snapshot: BrokerOrderSnapshot) => boolean,
): readonly BrokerOrderSnapshot[] {
  const left = orders.filter((order) => !isKnown(order));
  return left.map((order) => ({ ...order, legs: without(order.legs, isKnown) }));
}

const executionName = (accountId: AccountId, { id }: Pick<Told, "id">) =>
  `execution ${accountId} ${id}`;

/** The same fill, where the sources name it differently; null where the wire does not tell. */
function fillName(
  accountId: AccountId,
  { brokerOrderId, cumulativeQuantity }: Pick<Told, "brokerOrderId" | "cumulativeQuantity">,
): string | null {
  if (brokerOrderId === null || cumulativeQuantity === null) return null;
  return `fill ${accountId} ${brokerOrderId} ${cumulativeQuantity.toString()}`;
}
