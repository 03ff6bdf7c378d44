// What every entrance for signals shares: compose, accept, say what became of it.
import { acceptSignals, type Receipt, type SignalToAccept } from "../../app/accept.ts";
import { composeSignal, type ComposedSignal } from "../../app/compose-signal.ts";
import { NOT_MEASURED, unitPrice, type Measure } from "../../app/measure.ts";
import { Problem } from "../../app/problem.ts";
import type { Sender } from "../../app/sender.ts";
import type { SignalRequest } from "../../app/signal-request.ts";
import { Decimal } from "../../domain/decimal.ts";
import { asId, type InstrumentId, type StrategyId } from "../../domain/ids.ts";
import type { PositionKey } from "../../domain/position/state.ts";
import type { Api } from "../context.ts";
import { idempotencyKeyOf, requireKey, type Asked } from "../http/preferences.ts";
import { BASE } from "./base.ts";

/** The sender's own name for a signal counts before the header: it names the trade, not the request. */
export function toAccept(
  asked: Asked,
  composed: ComposedSignal,
  names: { readonly clientId: string | null; readonly headerKey: string | null },
): SignalToAccept {
  const { sender, traceParent } = asked;
  const { clientId, headerKey } = names;
  requireKey(sender, clientId ?? headerKey);
  const scope = clientId === null ? "signal" : "client_signal_id";
  return { composed, envelope: { sender, scope, key: clientId ?? headerKey, traceParent } };
}

export async function compose(
  api: Api,
  sender: Sender,
  request: SignalRequest,
): Promise<ComposedSignal> {
  try {
    return await composeOnce(api, sender, request);
  } catch (error: unknown) {
    // An account or instrument may be a moment younger than what we read last.
    if (!isUnknown(error) || !(await api.world.refreshUnlessFresh())) throw error;
    return composeOnce(api, sender, request);
  }
}

async function composeOnce(
  api: Api,
  sender: Sender,
  request: SignalRequest,
): Promise<ComposedSignal> {
  const measure = sender.maxNotional === null ? NOT_MEASURED : await measureOf(api, request);
  return composeSignal(request, sender, api.directory, () => measure);
}

function isUnknown(error: unknown): boolean {
  return (
    error instanceof Problem &&
    (error.code === "not_set_up" ||
      error.code === "unknown_account" ||
      error.code === "unknown_symbol")
  );
}

async function measureOf(api: Api, request: SignalRequest): Promise<Measure> {
  const account = api.directory.account(request.account ?? null);
  const { strategy } = request;
  const holding = {
    accountId: account.id,
    instrumentId: api.directory.resolve(account, request.symbol).id,
    strategyId: strategy == null ? null : asId<StrategyId>(strategy),
  };
  return measureOn(api, holding, request.position != null);
}

/** Asked for keys with a largest amount only; what is held, only where a position is wished for. */
export async function measureOn(
  api: Api,
  holding: PositionKey,
  isPosition: boolean,
): Promise<Measure> {
  const [price, held] = await Promise.all([
    lastPriceOf(api, holding.instrumentId),
    isPosition ? heldOf(api, holding) : null,
  ]);
  return { price, held };
}

async function heldOf({ queries }: Api, holding: PositionKey): Promise<Decimal> {
  const quantity = await queries.held(holding);
  return quantity === null ? Decimal.ZERO : Decimal.of(quantity);
}

/** For keys with a largest amount: what one unit was last worth. */
export async function lastPriceOf(api: Api, instrumentId: InstrumentId): Promise<Decimal | null> {
  const [mark] = await api.queries.marks([instrumentId]);
  if (mark === undefined) return null;
  const price = unitPrice(mark, api.clock.now() - mark.at.getTime());
  return price === null ? null : Decimal.of(price);
}

export async function acceptSignal(api: Api, asked: Asked, request: SignalRequest) {
  const composed = await compose(api, asked.sender, request);
  const names = {
    clientId: request.client_signal_id ?? null,
    headerKey: idempotencyKeyOf(asked.request),
  };
  const [receipt] = await acceptSignals(api.accepting, [toAccept(asked, composed, names)]);
  if (receipt === undefined) throw new Error("an acceptance without an answer");
  if (receipt instanceof Problem) throw receipt;
  return { receipt, composed };
}

export function receiptView(receipt: Receipt, composed: ComposedSignal) {
  return {
    id: receipt.id,
    status: "received",
    account: composed.account.id,
    symbol: composed.instrument.symbol,
    received_at: new Date(receipt.receivedAt).toISOString(),
    idempotent: receipt.idempotent,
    replayed: receipt.replayed,
    url: signalUrl(receipt.id),
  };
}

export function signalUrl(id: string): string {
  return `${BASE}/signals/${id}`;
}
