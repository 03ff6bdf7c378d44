// Commands: every change of an account that is not a signal is a row with a number before it is
// anything else, and overtakes waiting signals.
import { encodeCommand } from "../domain/codec/command.ts";
import type { CommandRequest } from "../domain/command.ts";
import { asId, type AccountId, type CommandId } from "../domain/ids.ts";
import type { Acceptance } from "../ports/store.ts";
import {
  accept,
  acceptOne,
  envelopeOf,
  type AcceptDeps,
  type Envelope,
  type Receipt,
} from "./accept.ts";
import { fingerprintOf } from "./fingerprint.ts";
import { publicWords } from "./public-event.ts";
import { Problem } from "./problem.ts";

export interface CommandReceipt extends Receipt {
  readonly account: AccountId;
  readonly kind: CommandRequest["kind"];
}

export async function sendCommand(
  deps: AcceptDeps,
  envelope: Envelope,
  accountId: AccountId,
  request: CommandRequest,
): Promise<CommandReceipt> {
  const receipt = await acceptOne(deps, commandRow(deps, envelope, accountId, request), "urgent");
  return { ...receipt, account: accountId, kind: request.kind };
}

/** The same request to several accounts, in one commit; a key counts for each of them. */
export async function sendCommands(
  deps: AcceptDeps,
  envelope: Envelope,
  accountIds: readonly AccountId[],
  request: CommandRequest,
): Promise<readonly CommandReceipt[]> {
  const rows = commandRows(deps, envelope, accountIds, request);
  const receipts = await accept(deps, rows, "urgent");
  return receipts.map((receipt, index) => {
    if (receipt instanceof Problem) throw receipt;
    const account = accountIds[index];
    if (account === undefined) throw new Error("an acceptance without an account");
    return { ...receipt, account, kind: request.kind };
  });
}

export function commandRows(
  deps: Pick<AcceptDeps, "clock" | "ids" | "partitions">,
  envelope: Envelope,
  accountIds: readonly AccountId[],
  request: CommandRequest,
): readonly Acceptance[] {
  const { key } = envelope;
  return accountIds.map((accountId) => {
    const own = key === null ? envelope : { ...envelope, key: `${key}@${accountId}` };
    return commandRow(deps, own, accountId, request);
  });
}

function commandRow(
  deps: Pick<AcceptDeps, "clock" | "ids" | "partitions">,
  envelope: Envelope,
  accountId: AccountId,
  request: CommandRequest,
): Acceptance {
  const id = deps.ids.next();
  const receivedAt = deps.clock.now();
  const body = encodeCommand({
    id: asId<CommandId>(id),
    accountId,
    request,
    receivedAt,
    actor: envelope.sender.actor,
    traceParent: envelope.traceParent,
  });
  return envelopeOf(deps, envelope, {
    lane: "control",
    id,
    accountId,
    // Never empty: a key is for one kind of request, and the kind is part of the comparison.
    fingerprint: fingerprintOf({ account: accountId, ...publicWords({ ...request }) }),
    body,
    receivedAt,
  });
}
