// Fault rules: added, listed, taken away. And the sockets, which can be cut, silenced or refused.
import { z } from "zod";
import type { FaultRule } from "../faults/rule.ts";
import { FAULT_KINDS } from "../faults/rule.ts";
import type { ControlHandler } from "./context.ts";
import { ControlRefusal, missing, ok } from "./context.ts";
import { amount, parseBody } from "./shapes.ts";

const whereShape = z.strictObject({
  method: z.string().optional(),
  path: z.string().optional(),
  body_contains: z.string().optional(),
  symbol: z.string().optional(),
  event: z.string().optional(),
  client_order_id: z.string().optional(),
});

const ruleShape = z.strictObject({
  kind: z.enum(FAULT_KINDS),
  probability: z.number().min(0).max(1).default(1),
  times: z.int().min(1).nullable().default(null),
  skip: z.int().min(0).default(0),
  where: whereShape.default({}),
  status: z.int().min(400).max(599).default(500),
  body: z.string().nullable().default(null),
  delay_ms: z.int().min(0).max(600_000).default(0),
  copies: z.int().min(1).max(100).default(1),
  price_by: amount.optional(),
});

function ruleJson(rule: FaultRule): Record<string, unknown> {
  const { where } = rule;
  return {
    id: rule.id,
    kind: rule.kind,
    probability: rule.probability,
    times: rule.times,
    skip: rule.skip,
    struck: rule.struck,
    status: rule.status,
    delay_ms: rule.delayMs,
    copies: rule.copies,
    where: {
      method: where.method,
      path: where.path,
      body_contains: where.bodyContains,
      symbol: where.symbol,
      event: where.event,
      client_order_id: where.clientOrderId,
    },
  };
}

function whereFrom(where: z.output<typeof whereShape>): FaultRule["where"] {
  const { method, path, symbol, event } = where;
  return {
    ...(method === undefined ? {} : { method }),
    ...(path === undefined ? {} : { path }),
    ...(where.body_contains === undefined ? {} : { bodyContains: where.body_contains }),
    ...(symbol === undefined ? {} : { symbol }),
    ...(event === undefined ? {} : { event }),
    ...(where.client_order_id === undefined ? {} : { clientOrderId: where.client_order_id }),
  };
}

export const addFault: ControlHandler = ({ faults }, { body }) => {
  const wanted = parseBody(ruleShape, body);
  const rule = faults.add({
    kind: wanted.kind,
    probability: wanted.probability,
    times: wanted.times,
    skip: wanted.skip,
    where: whereFrom(wanted.where),
    status: wanted.status,
    body: wanted.body,
    delayMs: wanted.delay_ms,
    copies: wanted.copies,
    priceBy: wanted.price_by?.toString() ?? "0.01",
  });
  if (rule === null) throw new ControlRefusal(409, "There are too many rules; take some away.");
  return ok(ruleJson(rule));
};

export const listFaults: ControlHandler = ({ faults }) =>
  ok({ faults: faults.list().map(ruleJson) });

export const clearFaults: ControlHandler = ({ faults }) => {
  faults.clear();
  return ok({ faults: [] });
};

export const removeFault: ControlHandler = ({ faults }, { params }) => {
  const id = params.id ?? "";
  if (!faults.remove(id)) throw missing(`fault rule ${id}`);
  return ok({ removed: id });
};

/** RFC 6455: these three may be said by nobody, and what lies between is not given out yet. */
const isCloseCode = (code: number): boolean =>
  code >= 3000 || (code <= 1014 && code !== 1004 && code !== 1005 && code !== 1006);
const closeCode = z.int().min(1000).max(4999).refine(isCloseCode, "cannot be sent");
const closeShape = z.strictObject({ code: closeCode.nullable().default(null) });
const switchShape = z.strictObject({ on: z.boolean() });

export const closeStreams: ControlHandler = ({ streams }, { body }) => {
  const { code } = parseBody(closeShape, body);
  const closed = streams.count;
  streams.close(code);
  return ok({ closed });
};

export const silenceStreams: ControlHandler = ({ streams }, { body }) => {
  const { on } = parseBody(switchShape, body);
  streams.silence(on);
  return ok({ silent: on });
};

export const refuseStreams: ControlHandler = ({ streams }, { body }) => {
  const { on } = parseBody(switchShape, body);
  streams.refuse(on);
  return ok({ refusing: on });
};
