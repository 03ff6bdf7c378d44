// One call to the broker port, whatever its kind, ending in an outcome. The port answers with outcomes;
// an exception from it is a fault of ours after bytes may have left, so it counts as unresolved.
import type { BrokerCall, CallOutcome } from "../domain/broker.ts";
import type { Instrument } from "../domain/instrument.ts";
import {
  BrokerRefusesCredentials,
  type BrokerAccountPort,
  type CallOptions,
} from "../ports/broker.ts";

export async function callBroker(
  port: BrokerAccountPort,
  call: BrokerCall,
  instrument: Instrument,
  options: CallOptions,
): Promise<CallOutcome> {
  try {
    return await dispatch(port, call, instrument, options);
  } catch (error: unknown) {
    // The door did not open, so nothing was placed.
    if (error instanceof BrokerRefusesCredentials) return notSent(call, error.message);
    return failed(
      call,
      error instanceof Error ? `${error.name}: ${error.message}` : "unknown error",
    );
  }
}

async function dispatch(
  port: BrokerAccountPort,
  call: BrokerCall,
  instrument: Instrument,
  options: CallOptions,
): Promise<CallOutcome> {
  const { orderId } = call;
  switch (call.kind) {
    case "submit": {
      const { generation, reference, terms } = call;
      const outcome = await port.submit({ instrument, reference, terms }, options);
      return { kind: "submit", orderId, generation, outcome };
    }
    case "cancel":
      return { kind: "cancel", orderId, outcome: await port.cancel(call.brokerOrderId, options) };
    case "replace": {
      const { brokerOrderId, generation, reference, change, terms } = call;
      const request = { instrument, brokerOrderId, reference, change, terms };
      const outcome = await port.replace(request, options);
      return { kind: "replace", orderId, generation, outcome };
    }
    case "lookup":
      return { kind: "lookup", orderId, outcome: await lookUp(port, call, options) };
  }
}

async function lookUp(
  port: BrokerAccountPort,
  call: Extract<BrokerCall, { kind: "lookup" }>,
  options: CallOptions,
) {
  if (call.brokerOrderId !== null) return port.findById(call.brokerOrderId, options);
  if (call.reference !== null) return port.findByReference(call.reference, options);
  return { result: "unavailable" as const, cause: "the order has no name at the broker" };
}

/** Nothing left this machine. */
export function notSent(call: BrokerCall, cause: string): CallOutcome {
  const { orderId } = call;
  switch (call.kind) {
    case "submit":
      return {
        kind: "submit",
        orderId,
        generation: call.generation,
        outcome: { result: "not_sent", cause },
      };
    case "replace":
      return {
        kind: "replace",
        orderId,
        generation: call.generation,
        outcome: { result: "not_sent", cause },
      };
    case "cancel":
      return { kind: "cancel", orderId, outcome: { result: "not_sent", cause } };
    case "lookup":
      return { kind: "lookup", orderId, outcome: { result: "unavailable", cause } };
  }
}

function failed(call: BrokerCall, cause: string): CallOutcome {
  const { orderId } = call;
  const unresolved = { result: "unresolved" as const, cause, alarm: true };
  switch (call.kind) {
    case "submit":
      return { kind: "submit", orderId, generation: call.generation, outcome: unresolved };
    case "replace":
      return { kind: "replace", orderId, generation: call.generation, outcome: unresolved };
    case "cancel":
      return { kind: "cancel", orderId, outcome: unresolved };
    case "lookup":
      return { kind: "lookup", orderId, outcome: { result: "unavailable", cause } };
  }
}

/** Whether the broker itself said something, good or bad: that is what "up" means. */
export function isAnswer(result: CallOutcome["outcome"]["result"]): boolean {
  return result !== "unresolved" && result !== "not_sent" && result !== "unavailable";
}
