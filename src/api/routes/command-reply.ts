// How commands are answered: a receipt at once, or the outcome for those who wait for it.
import { asRecord, publicWords } from "../../app/public-event.ts";
import type { CommandReceipt } from "../../app/send-command.ts";
import { waitUntil } from "../../app/wait.ts";
import type { CommandRow } from "../../ports/queries.ts";
import { commandAnswer, commandReceipt } from "../answers/signal.ts";
import type { Api } from "../context.ts";
import { answer, replayHeaders } from "../http/answer.ts";
import { waitOf } from "../http/preferences.ts";
import type { RouteAnswer } from "../route.ts";
import { BASE } from "./base.ts";

export const commandAnswers: Readonly<Record<number, RouteAnswer>> = {
  202: {
    description: "Received and durable; it overtakes waiting signals.",
    schema: commandReceipt,
  },
  200: { description: "Carried out while `Prefer: wait` waited.", schema: commandAnswer },
};

export async function commandReply(
  { api, request }: { readonly api: Api; readonly request: Request },
  receipt: CommandReceipt,
): Promise<Response> {
  const headers = {
    location: commandUrl(receipt.id),
    ...replayHeaders(receipt.replayed),
  };
  const waitMs = waitOf(request);
  if (waitMs !== null) {
    const row = await waitUntil(
      api.clock,
      waitMs,
      () => api.queries.command(receipt.id),
      (found) => found !== null && found.result !== null,
    );
    if (row !== null && row.result !== null) {
      return answer(200, commandView(row), { ...headers, "preference-applied": "wait" });
    }
  }
  return answer(202, commandReceiptView(receipt), headers);
}

export function commandReceiptView(receipt: CommandReceipt) {
  return {
    id: receipt.id,
    status: "received",
    account: receipt.account,
    kind: receipt.kind,
    received_at: new Date(receipt.receivedAt).toISOString(),
    idempotent: receipt.idempotent,
    replayed: receipt.replayed,
    url: commandUrl(receipt.id),
  };
}

export function commandView(row: CommandRow) {
  const { kind: _kind, ...request } = asRecord(asRecord(row.body)["request"]);
  return {
    id: row.id,
    account: row.account,
    kind: row.kind,
    request: publicWords(request),
    actor: row.actor,
    received_at: row.received_at,
    result: row.result,
    code: row.code,
    message: row.message,
    order_ids: row.order_ids,
    decided_at: row.decided_at,
  };
}

function commandUrl(id: string): string {
  return `${BASE}/commands/${id}`;
}
