// POST /api/v1/webhooks/tradingview/:token: an alert, as JSON or as text that is JSON. TradingView sends
// no headers of one's own and gives up after three seconds, so the secret is in the path or in the body
// and the answer comes as soon as the signal is durable.
import { z } from "zod";
import { acceptSignals } from "../../app/accept.ts";
import { Problem } from "../../app/problem.ts";
import { hasRole, type Sender } from "../../app/sender.ts";
import {
  gapOf,
  mapAlert,
  readAlert,
  tradingViewAlert,
  type MappedAlert,
} from "../../app/tradingview.ts";
import { Decimal } from "../../domain/decimal.ts";
import type { ComposedSignal } from "../../app/compose-signal.ts";
import { receiptAnswer } from "../answers/signal.ts";
import type { Api } from "../context.ts";
import { answer, replayHeaders } from "../http/answer.ts";
import { route, type Call } from "../route.ts";
import { compose, receiptView, signalUrl, toAccept } from "./receive-signal.ts";

/** Where a token cannot be: the secret is in the body then. */
const NO_TOKEN = "-";

export const postTradingView = route({
  method: "POST",
  path: "/api/v1/webhooks/tradingview/:token",
  operation: "tradingViewAlert",
  tag: "signals",
  summary: "An alert of TradingView",
  description:
    "The token is an API key of role trader, best one for a single strategy with a largest amount. `-` when the alert carries it as `secret`.",
  access: "token",
  params: z.strictObject({ token: z.string().max(300) }),
  body: tradingViewAlert,
  readBody: readAlert,
  takesText: true,
  example: {
    ticker: "{{ticker}}",
    action: "{{strategy.order.action}}",
    contracts: "{{strategy.order.contracts}}",
    position_size: "{{strategy.position_size}}",
    market_position: "{{strategy.market_position}}",
    price: "{{strategy.order.price}}",
    time: "{{time}}",
    strategy: "breakout",
  },
  answers: { 202: { description: "Received and durable.", schema: receiptAnswer } },
  async handle(call) {
    const { api, params, body, remoteAddress } = call;
    requireSource(api, remoteAddress);
    const token = params.token === NO_TOKEN ? (body.secret ?? "") : params.token;
    const sender = await senderOf(call, token);
    const mapped = mapAlert(body);
    const composed = await compose(api, sender, mapped.request);
    const asked = { ...call, sender };
    const item = toAccept(asked, composed, { clientId: mapped.key, headerKey: null });
    const envelope = { ...item.envelope, scope: "tradingview" };
    const [receipt] = await acceptSignals(api.accepting, [{ ...item, envelope }]);
    if (receipt === undefined || receipt instanceof Problem) {
      throw receipt ?? new Error("an acceptance without an answer");
    }
    // After the answer: TradingView waits for nothing but the signal itself.
    if (!receipt.replayed) void noticeGap(api, { mapped, composed, sender, id: receipt.id });
    const headers = { location: signalUrl(receipt.id), ...replayHeaders(receipt.replayed) };
    return answer(202, receiptView(receipt, composed), headers);
  },
});

function requireSource({ settings }: Api, addressOf: () => string | null): void {
  const allowed = settings.tradingViewAddresses ?? null;
  if (allowed === null) return;
  const address = addressOf();
  if (address !== null && allowed.includes(address)) return;
  throw new Problem("forbidden", "Alerts are not taken from this address.");
}

type Alert = Pick<Call<unknown, unknown, unknown>, "api" | "request" | "count">;

async function senderOf({ api, request, count }: Alert, token: string): Promise<Sender> {
  const sender = await api.authenticator.withToken(request, token);
  count(sender);
  if (!hasRole(sender, "trader")) {
    throw new Problem("forbidden", "This needs a key of role trader.");
  }
  return { ...sender, actor: `tradingview:${sender.actor.replace(/^key:/, "")}` };
}

interface Noticed {
  readonly mapped: MappedAlert;
  readonly composed: ComposedSignal;
  readonly sender: Sender;
  readonly id: string;
}

/** An alert that was lost shows when the next one tells which position it believes in. */
async function noticeGap(api: Api, { mapped, composed, sender, id }: Noticed): Promise<void> {
  if (mapped.believed === null || mapped.request.qty == null) return;
  try {
    const gap = gapOf(mapped, await knownOf(api, composed, id));
    if (gap === null) return;
    const subject = `${composed.account.id} ${composed.instrument.symbol}`;
    const detail = { signal_id: id, strategy: composed.strategyId, gap, believed: mapped.believed };
    api.log.warn(
      { subject, signal: id, gap: gap.toString() },
      "an alert believes in another position",
    );
    await api.operations.record({ actor: sender.actor, action: "position_gap", subject, detail });
  } catch (error: unknown) {
    api.log.debug({ err: error }, "the position behind an alert could not be compared");
  }
}

/** What is held, and what works towards it, without the signal itself. */
async function knownOf(api: Api, { account, instrument, strategyId }: ComposedSignal, id: string) {
  const scope = { accounts: [account.id], instruments: [instrument.id], strategy: strategyId };
  const [[position], orders, waiting] = await Promise.all([
    api.queries.positions({ ...scope, byStrategy: false, includeClosed: true }),
    api.queries.orders(
      { ...scope, statuses: OPEN, side: null, signalId: null, from: null, to: null },
      { limit: 200, after: null, offset: 0 },
    ),
    api.queries.signals(
      { ...scope, outcome: "waiting", from: null, to: null },
      { limit: 200, after: null, offset: 0 },
    ),
  ]);
  const working = orders.filter(({ signal_id: signal }) => signal !== id).map(remainderOf);
  if (waiting.some((signal) => signal.id !== id)) throw new Error("other signals are waiting");
  return {
    held: position === undefined ? Decimal.ZERO : Decimal.of(position.qty),
    onItsWay: Decimal.sum(working),
  };
}

const OPEN = ["pending", "submitted", "accepted", "partially_filled"];

function remainderOf(order: {
  readonly side: string;
  readonly role: string;
  readonly qty: string | null;
  readonly filled_qty: string;
}): Decimal {
  const protective = order.role === "take_profit" || order.role === "stop_loss";
  if (order.qty === null || protective) return Decimal.ZERO;
  const left = Decimal.of(order.qty).minus(Decimal.of(order.filled_qty));
  return order.side === "buy" ? left : left.negated();
}
