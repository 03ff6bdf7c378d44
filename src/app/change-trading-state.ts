// The stop, and the way back: one commit for the state and for what each account has to do about it,
// answered with what was already on its way and what happens to everything else.
import type { AccountId, StrategyId } from "../domain/ids.ts";
import { TRADING_STATES, type TradingState } from "../domain/trading-state.ts";
import type { OnItsWayRow, TradingControl, TradingStateRecord } from "../ports/operations.ts";
import type { AcceptDeps, Envelope } from "./accept.ts";
import { commandRows } from "./send-command.ts";
import { Problem } from "./problem.ts";
import { hasRole, type Sender } from "./sender.ts";

export interface StateChange {
  readonly state: TradingState;
  /** Null is all of them. */
  readonly account: AccountId | null;
  readonly strategy: StrategyId | null;
  readonly reason: string | null;
  readonly cancelOrders: boolean;
  readonly flatten: boolean;
}

export interface StateChanged {
  readonly version: number;
  readonly reason: string;
  readonly commandIds: readonly string[];
  /** Sent and not acknowledged: it may trade, and is shown when its answer comes. */
  readonly onItsWay: readonly OnItsWayRow[];
  /** Working at the broker. */
  readonly resting: readonly OnItsWayRow[];
  /** Held here, with nothing sent. */
  readonly held: readonly OnItsWayRow[];
}

export interface StateDeps {
  /** What makes the rows of commands. */
  readonly accepting: AcceptDeps;
  readonly control: TradingControl;
  readonly accounts: readonly AccountId[];
}

export async function changeTradingState(
  deps: StateDeps,
  envelope: Envelope,
  change: StateChange,
): Promise<StateChanged> {
  const { sender } = envelope;
  const current = stateOf(await deps.control.tradingStateRows(), change);
  const reason = reasonFor(sender, current, change);
  const affected = change.account === null ? deps.accounts : [change.account];
  const commands = commandRows(deps.accepting, { ...envelope, key: null }, affected, {
    kind: "trading_state_changed",
    state: change.state,
    strategyId: change.strategy,
    cancelEntries: change.cancelOrders,
    flatten: change.flatten,
    reason,
  });
  const { account, strategy, state } = change;
  const { actor } = sender;
  const changed = await deps.control.changeTradingState({
    account,
    strategy,
    state,
    reason,
    actor,
    commands,
  });
  const messages = commands.flatMap(({ lane, partition, body }, index) => {
    const answer = changed.accepted[index];
    if (answer === undefined || answer.result === "conflict") return [];
    return [{ lane, partition, body, number: answer.number }];
  });
  deps.accepting.bus?.publish(messages).catch(() => undefined);
  return {
    version: changed.version,
    reason,
    commandIds: commands.map(({ id }) => id),
    onItsWay: changed.open.filter(({ status, unresolved }) => status === "submitted" || unresolved),
    resting: changed.open.filter(
      ({ status, unresolved }) => status !== "submitted" && status !== "pending" && !unresolved,
    ),
    held: changed.open.filter(({ status }) => status === "pending"),
  };
}

export function stateOf(
  rows: readonly TradingStateRecord[],
  scope: Pick<StateChange, "account" | "strategy">,
): TradingState {
  const found = rows.find(
    ({ account, strategy }) => account === scope.account && strategy === scope.strategy,
  );
  return found?.state ?? "active";
}

/** Stopping is easier than starting: it needs no reason and no administrator. */
function reasonFor(sender: Sender, current: TradingState, change: StateChange): string {
  const loosens = TRADING_STATES.indexOf(change.state) < TRADING_STATES.indexOf(current);
  if (!loosens) return change.reason ?? `asked for by ${sender.actor}`;
  if (!hasRole(sender, "admin")) {
    throw new Problem(
      "forbidden",
      `Going from ${current} to ${change.state} needs the role admin.`,
    );
  }
  if (change.reason !== null) return change.reason;
  throw new Problem("invalid_request", "Say why trading goes on: reason is required.", {
    fields: [{ field: "reason", message: "is required to resume" }],
  });
}

/** What the change does, in sentences for the person who pressed the button. */
export function effectOf(change: StateChange, changed: StateChanged): readonly string[] {
  const whom = scopeInWords(change);
  const sentences = [STATE_EFFECT[change.state](whom)];
  const { onItsWay, resting, held } = changed;
  if (onItsWay.length > 0) {
    sentences.push(
      `${count(onItsWay, "order was", "orders were")} already on the way to the broker and may still trade.`,
    );
  }
  if (change.state !== "active") {
    sentences.push("Signals that wait, and those still to come, are judged by the new state.");
    if (held.length > 0) {
      sentences.push(
        `${count(held, "held order", "held orders")}: judged again before any is sent.`,
      );
    }
  }
  if (resting.length > 0 && change.state !== "active") {
    sentences.push(
      change.cancelOrders
        ? `Of ${count(resting, "order", "orders")} at the broker the entries are being cancelled; protective exits stay.`
        : `${count(resting, "order", "orders")} at the broker stay, and may still fill.`,
    );
  }
  if (change.flatten) sentences.push("Every position in scope is being closed.");
  return sentences;
}

const STATE_EFFECT: Readonly<Record<TradingState, (whom: string) => string>> = {
  active: (whom) => `Trading goes on for ${whom}.`,
  reducing: (whom) => `Nothing new is opened for ${whom}; exits still pass.`,
  halted: (whom) => `Nothing leaves for ${whom} but cancels: exits are blocked too.`,
};

function scopeInWords({ account, strategy }: StateChange): string {
  if (account === null && strategy === null) return "all accounts";
  if (account === null) return `the strategy ${strategy}`;
  return strategy === null ? `the account ${account}` : `${strategy} on the account ${account}`;
}

function count(rows: readonly unknown[], one: string, many: string): string {
  return `${rows.length} ${rows.length === 1 ? one : many}`;
}
