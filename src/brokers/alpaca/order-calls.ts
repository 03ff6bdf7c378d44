// The calls that change an order, straight on the wire. They are never repeated here: whether to ask
// again is decided by whoever knows the intent.
import type { CancelOutcome, ReplaceOutcome, SubmitOutcome } from "../../domain/broker.ts";
import type { BrokerOrderId } from "../../domain/ids.ts";
import { BrokerRefusesCredentials } from "../../ports/broker.ts";
import type {
  CallOptions,
  ReplaceRequest,
  SubmitRequest,
  SymbolDirectory,
} from "../../ports/broker.ts";
import { faultOf, parseJson } from "./faults.ts";
import type { Fault } from "./faults.ts";
import { snapshotOf } from "./map.ts";
import { replaceBody, submitBody, unsupported } from "./order-body.ts";
import { orderSchema } from "./schema.ts";
import type { AlpacaWire, WireAnswer, WireRequest } from "./wire.ts";

type Undecided = Extract<
  SubmitOutcome,
  { readonly result: "rate_limited" | "not_sent" | "unresolved" }
>;
type Heard = Extract<WireAnswer, { readonly kind: "answer" }>;

interface Parts {
  readonly wire: AlpacaWire;
  readonly directory: SymbolDirectory;
}

export class AlpacaOrderCalls {
  readonly #wire: AlpacaWire;
  readonly #directory: SymbolDirectory;

  constructor({ wire, directory }: Parts) {
    this.#wire = wire;
    this.#directory = directory;
  }

  async submit(request: SubmitRequest, options: CallOptions): Promise<SubmitOutcome> {
    const impossible = unsupported(request.terms);
    if (impossible !== null) return rejected("unsupported", impossible);
    const body = submitBody(request);
    const answer = await this.#exchange({ method: "POST", path: "/v2/orders", body }, options);
    if (answer.kind === "failure") return lost(answer);
    if (isGood(answer)) return this.#readOrder(answer, "accepted");
    const fault = faultOf(answer.status, answer.body);
    if (fault.kind === "duplicate") return { result: "duplicate" };
    const refusal = refusalOf(fault);
    return refusal === null ? this.#undecided(fault) : rejected(refusal.code, refusal.message);
  }

  async cancel(brokerOrderId: BrokerOrderId, options: CallOptions): Promise<CancelOutcome> {
    const path = `/v2/orders/${encodeURIComponent(brokerOrderId)}`;
    const answer = await this.#exchange({ method: "DELETE", path }, options);
    if (answer.kind === "failure") return lost(answer);
    if (isGood(answer)) return { result: "requested" };
    const fault = faultOf(answer.status, answer.body);
    if (fault.kind === "cancel_pending") return { result: "requested" };
    if (fault.kind === "not_found") return { result: "not_found" };
    const refusal = refusalOf(fault);
    return refusal === null
      ? this.#undecided(fault)
      : { result: "refused", message: refusal.message };
  }

  async replace(request: ReplaceRequest, options: CallOptions): Promise<ReplaceOutcome> {
    const path = `/v2/orders/${encodeURIComponent(request.brokerOrderId)}`;
    const body = replaceBody(request);
    const answer = await this.#exchange({ method: "PATCH", path, body }, options);
    if (answer.kind === "failure") return lost(answer);
    if (isGood(answer)) return this.#readOrder(answer, "requested");
    const fault = faultOf(answer.status, answer.body);
    // An earlier try of this very replace came through: a lookup by the reference finds its order.
    if (fault.kind === "duplicate") return unresolved("the reference is known already", false);
    const refusal = refusalOf(fault);
    return refusal === null
      ? this.#undecided(fault)
      : { result: "refused", message: refusal.message };
  }

  #exchange(
    request: Omit<WireRequest, "signal" | "traceParent">,
    { signal, traceParent }: CallOptions,
  ): Promise<WireAnswer> {
    return this.#wire.exchange({ ...request, signal, traceParent: traceParent ?? null });
  }

  /** A success that cannot be read is an order that exists, in a state that must be looked up. */
  #readOrder<Result extends "accepted" | "requested">(answer: Heard, result: Result) {
    const order = orderSchema.safeParse(parseJson(answer.body));
    if (order.success) return { result, snapshot: snapshotOf(order.data, this.#directory) };
    return unresolved(`${answer.status} with an answer that cannot be read`, true);
  }

  #undecided(fault: Fault): Undecided {
    switch (fault.kind) {
      case "rate_limited":
        return { result: "rate_limited", retryAt: this.#wire.retryAt() };
      case "credentials":
        throw new BrokerRefusesCredentials(fault.message);
      case "unclear":
        return unresolved(fault.cause, fault.alarm);
      // A refusal that does not belong to this call: the broker and we disagree about what was asked.
      case "refused":
      case "not_found":
        return unresolved(fault.message, true);
      case "duplicate":
      case "cancel_pending":
        return unresolved(fault.kind, true);
    }
  }
}

function isGood(answer: Heard): boolean {
  return answer.status >= 200 && answer.status < 300;
}

function lost(failure: Extract<WireAnswer, { readonly kind: "failure" }>): Undecided {
  return failure.sent
    ? unresolved(failure.cause, false)
    : { result: "not_sent", cause: failure.cause };
}

function refusalOf(fault: Fault): { readonly code: string; readonly message: string } | null {
  if (fault.kind === "refused") return fault;
  return fault.kind === "not_found" ? { code: "40410000", message: fault.message } : null;
}

function rejected(code: string, message: string) {
  return { result: "rejected", code, message } as const;
}

function unresolved(cause: string, alarm: boolean) {
  return { result: "unresolved", cause, alarm } as const;
}
