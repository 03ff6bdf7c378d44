// What is decided about an input that breaks the core: a signal or command is refused and ends as a
// dead letter, a broker's fact is parked and its symbol frozen until a person has looked. The rest of
// the partition goes on.
import type { AccountBook, Book, Decision, Effect, Input } from "../domain/book.ts";
import type { DomainEvent, RecordedEvent } from "../domain/event.ts";
import type { InstrumentId, OrderId } from "../domain/ids.ts";
import { refusalOf } from "../domain/decide.ts";
import { accountOf } from "./input.ts";
import { nameOf } from "./quarantine.ts";

/**
 * What an input is known by while it is looked for: a signal or command by its number, a fact by what it
 * says, since each attempt hands it out in a new wrapper; a view or a tick by itself.
 */
export type Suspect = string | Input;

export function suspectOf(input: Input): Suspect {
  return input.kind === "view" || input.kind === "tick" ? input : nameOf(input);
}

const MESSAGE = "This request could not be processed; it was set aside for a person to look at.";

const FROZEN = "a fact from the broker could not be processed";

export function poisonDecision(input: Input, book: Book, now: number): Decision {
  const account = book.accounts.get(accountOf(input));
  const about = account === undefined ? NOTHING : subjectOf(input, account);
  return {
    events: eventsFor(input, about, account).map(record(input, now)),
    effects: [alarmOf(input, about)],
    tokensUsed: 0,
    writesIntent: false,
    tick: false,
  };
}

/** What an input is about, as far as it can be told. */
interface Subject {
  readonly orderId: OrderId | null;
  readonly instrumentId: InstrumentId | null;
}

const NOTHING: Subject = { orderId: null, instrumentId: null };

function subjectOf(input: Input, account: AccountBook): Subject {
  const shown = input.kind === "report" ? (input.report.snapshot?.instrumentId ?? null) : null;
  const orderId = orderOf(input, account);
  const order = orderId === null ? undefined : account.orders.get(orderId);
  return { orderId, instrumentId: shown ?? order?.instrumentId ?? null };
}

function orderOf(input: Input, account: AccountBook): OrderId | null {
  if (input.kind === "outcome") return input.outcome.orderId;
  if (input.kind !== "report") return null;
  const { reference, brokerOrderId } = input.report;
  const byReference = reference === null ? undefined : account.byReference.get(reference);
  const byId = brokerOrderId === null ? undefined : account.byBrokerOrderId.get(brokerOrderId);
  return byReference ?? byId ?? null;
}

function alarmOf(input: Input, { orderId, instrumentId }: Subject): Effect {
  const of = `of account ${accountOf(input)}`;
  const symbol = instrumentId === null ? "" : ` and ${instrumentId} is frozen`;
  const message = `An input of kind ${input.kind} ${of} could not be processed: it was set aside${symbol}.`;
  return { kind: "alarm", code: "poison", message, orderId };
}

function eventsFor(input: Input, about: Subject, account: AccountBook | undefined): DomainEvent[] {
  switch (input.kind) {
    case "signal":
    case "command":
      return [refusalOf(input, { code: "poison", message: MESSAGE }, 0)];
    case "report":
    case "outcome":
    case "view":
      return parked(input, about, account);
    case "tick":
      // A tick carries nothing: if it breaks, the book itself is broken.
      throw new Error("time alone breaks this partition's book");
  }
}

function parked(
  input: Input,
  { instrumentId }: Subject,
  account: AccountBook | undefined,
): DomainEvent[] {
  const event: DomainEvent = {
    type: "BrokerFactParked",
    description: `set aside: ${input.kind}`,
    raw: JSON.stringify(input),
    parked: null,
  };
  if (instrumentId === null || account?.frozen.has(instrumentId) === true) return [event];
  return [event, { type: "SymbolFrozen", instrumentId, reason: FROZEN }];
}

function record(input: Input, now: number): (event: DomainEvent) => RecordedEvent {
  return (event) => ({
    accountId: accountOf(input),
    at: now,
    actor: "engine",
    correlationId: correlationOf(input),
    causationId: null,
    event,
  });
}

function correlationOf(input: Input): string | null {
  if (input.kind === "signal") return input.signal.id;
  return input.kind === "command" ? input.command.id : null;
}
