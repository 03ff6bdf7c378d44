// A request for an account that this partition does not hold is answered all the same: nothing that
// was acknowledged stays without an outcome.
import type { Context, Decision } from "../book.ts";
import { refuseRequest, type Request } from "./refuse-request.ts";

export function decideUnknownAccount(context: Context, request: Request): Decision {
  const { accountId } = request.kind === "signal" ? request.signal : request.command;
  const message = `The account ${accountId} is not known here.`;
  return refuseRequest(context, request, { code: "account_unavailable", message });
}
