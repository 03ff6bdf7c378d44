// What is decided about an input that breaks the core: a signal or command is refused and ends as a
// dead letter, a broker's fact is parked and its symbol frozen until a person has looked. The rest of
// the partition goes on.
import type { Decision, Effect, Input } from "../domain/book.ts";
import type { DomainEvent, RecordedEvent } from "../domain/event.ts";
import type { InstrumentId } from "../domain/ids.ts";
import { refusalOf } from "../domain/decide.ts";
import { accountOf } from "./input.ts";

/**
 * What an input is known by while it is looked for: a signal or command by its number, since each attempt
 * hands it out in a new wrapper; everything else by itself.
 */
export type Suspect = string | Input;

export function suspectOf(input: Input): Suspect {
  switch (input.kind) {
    case "signal":
      return `signal ${input.signal.number}`;
    case "command":
      return `command ${input.command.number}`;
    case "report":
    case "outcome":
    case "view":
    case "tick":
      return input;
  }
}

const MESSAGE = "This request could not be processed; it was set aside for a person to look at.";

export function poisonDecision(input: Input, now: number): Decision {
  const events = eventsFor(input);
  const alarm: Effect = {
    kind: "alarm",
    code: "poison",
    message: `An input of kind ${input.kind} was set aside.`,
    orderId: null,
  };
  return {
    events: events.map(record(input, now)),
    effects: [alarm],
    tokensUsed: 0,
    writesIntent: false,
    tick: false,
  };
}

function eventsFor(input: Input): DomainEvent[] {
  switch (input.kind) {
    case "signal":
    case "command":
      return [refusalOf(input, { code: "poison", message: MESSAGE }, 0)];
    case "report":
    case "outcome":
    case "view":
      return parked(input);
    case "tick":
      // A tick carries nothing: if it breaks, the book itself is broken.
      throw new Error("time alone breaks this partition's book");
  }
}

function parked(input: Input): DomainEvent[] {
  const raw = JSON.stringify(input);
  const event: DomainEvent = {
    type: "BrokerFactParked",
    description: `set aside: ${input.kind}`,
    raw,
    parked: null,
  };
  const instrumentId = instrumentOf(input);
  if (instrumentId === null) return [event];
  return [
    event,
    { type: "SymbolFrozen", instrumentId, reason: "a fact from the broker could not be processed" },
  ];
}

function instrumentOf(input: Input): InstrumentId | null {
  return input.kind === "report" ? (input.report.snapshot?.instrumentId ?? null) : null;
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
