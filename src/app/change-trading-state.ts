// The stop, and the way back: one commit for the state and for what each account has to do about it,
// answered with what was already on its way and what happens to everything else.
import type { AccountId, StrategyId } from "../domain/ids.ts";
import { TRADING_STATES, type TradingState } from "../domain/trading-state.ts";
import type { OnItsWayRow, TradingControl } from "../ports/operations.ts";
import { publish, type AcceptDeps, type Envelope } from "./accept.ts";
import { namedRequest } from "./named-request.ts";
import { Problem } from "./problem.ts";
import { publicWords } from "./public-event.ts";
import { commandRows } from "./send-command.ts";
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
  /** It was done before, under the same key; the rest is what was answered then. */
  readonly isReplay: boolean;
  /** Of the same scope; another one only where somebody changed it since. */
  readonly stateNow: TradingState;
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
  const { actor } = sender;
  const reason = change.reason ?? `asked for by ${actor}`;
  const affected = change.account === null ? deps.accounts : [change.account];
  // The key names the change as a whole: its commands are committed with it or not at all.
  const commands = commandRows(deps.accepting, { ...envelope, key: null }, affected, {
    kind: "trading_state_changed",
    state: change.state,
    strategyId: change.strategy,
    cancelEntries: change.cancelOrders,
    flatten: change.flatten,
    reason,
  });
  const { account, strategy, state } = change;
  const done = await deps.control.changeTradingState({
    ...{ account, strategy, state, reason, actor, commands },
    named: namedRequest(envelope, publicWords({ ...change })),
    judge: (replaced) => requireMay(sender, replaced, change),
  });
  const { outcome: changed, isReplay, stateNow } = done;
  if (!isReplay) publish(deps.accepting, commands, changed.accepted);
  return {
    version: changed.version,
    reason,
    isReplay,
    stateNow,
    commandIds: changed.accepted.map(({ id }) => id),
    onItsWay: changed.open.filter(({ status, unresolved }) => status === "submitted" || unresolved),
    resting: changed.open.filter(
      ({ status, unresolved }) => status !== "submitted" && status !== "pending" && !unresolved,
    ),
    held: changed.open.filter(({ status }) => status === "pending"),
  };
}

/** Stopping is easier than starting: it needs no reason and no administrator. */
function requireMay(sender: Sender, replaced: TradingState, change: StateChange): void {
  const loosens = TRADING_STATES.indexOf(change.state) < TRADING_STATES.indexOf(replaced);
  if (!loosens) return;
  if (!hasRole(sender, "admin")) {
    throw new Problem(
      "forbidden",
      `Going from ${replaced} to ${change.state} needs the role admin.`,
    );
  }
  if (change.reason !== null) return;
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
  if (changed.isReplay && changed.stateNow !== change.state) {
    sentences.push(
      `This was done before, and is not done again: the state is ${changed.stateNow} by now.`,
    );
  }
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
