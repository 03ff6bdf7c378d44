// Every route of the control interface, under /control.
import type { ControlHandler } from "./context.ts";
import * as assets from "./assets.ts";
import * as entries from "./entries.ts";
import * as faults from "./fault-rules.ts";
import * as ledger from "./ledger.ts";
import * as market from "./market.ts";
import * as prices from "./prices.ts";
import * as time from "./time.ts";
import * as venue from "./venue.ts";

export interface ControlRoute {
  readonly method: "GET" | "POST" | "PATCH" | "DELETE";
  readonly path: string;
  readonly says: string;
  readonly handler: ControlHandler;
}

function route(
  method: ControlRoute["method"],
  path: string,
  says: string,
  handler: ControlHandler,
): ControlRoute {
  return { method, path: `/control${path}`, says, handler };
}

export const CONTROL_ROUTES: readonly ControlRoute[] = [
  route("GET", "/prices", "every price as it is shown now", prices.listPrices),
  route("POST", "/prices", "show exactly these prices, and hold them", prices.setPrices),
  route("POST", "/prices/move", "move prices by a percentage", prices.movePrices),
  route("POST", "/prices/freeze", "hold prices, or let them walk again", prices.freezePrices),
  route("POST", "/prices/tick", "make prices tick at once", prices.tickPrices),
  route("POST", "/prices/replay", "play prices from CSV rows", prices.startReplay),
  route("DELETE", "/prices/replay", "stop playing", prices.stopReplay),
  route("POST", "/assets", "list or delist, allow or forbid selling short", assets.changeAssets),
  route("GET", "/time", "the clock and the session", time.getTime),
  route("POST", "/time", "advance_ms, move_to or jump_to", time.setTime),
  route("POST", "/session", "the session's mode, or a phase to hold", time.setSession),
  route("GET", "/settings", "delays, liquidity, limits, switches", market.getSettings),
  route("PATCH", "/settings", "change any of them", market.patchSettings),
  route("GET", "/faults", "the fault rules in force", faults.listFaults),
  route("POST", "/faults", "add a fault rule", faults.addFault),
  route("DELETE", "/faults", "take all fault rules away", faults.clearFaults),
  route("DELETE", "/faults/{id}", "take one away", faults.removeFault),
  route("POST", "/streams/close", "cut every socket", faults.closeStreams),
  route("POST", "/streams/silence", "sockets stay open and say nothing", faults.silenceStreams),
  route("POST", "/streams/refuse", "turn new sockets away", faults.refuseStreams),
  route("POST", "/orders/{id}/fill", "fill an order, also after its cancel", venue.fillOrder),
  route("POST", "/orders/{id}/cancel", "the venue cancels it", venue.cancelByVenue),
  route("POST", "/orders/{id}/expire", "the venue lets it expire", venue.expireByVenue),
  route("POST", "/orders/{id}/reject", "the venue rejects it", venue.rejectByVenue),
  route("POST", "/executions/{id}/bust", "take an execution back", venue.bustExecution),
  route("POST", "/executions/{id}/correct", "correct an execution", venue.correctExecution),
  route("POST", "/dividends", "pay the holders of a share", entries.payDividends),
  route("POST", "/splits", "split a share", entries.splitShare),
  route("POST", "/accounts/{key}/transfers", "money in or out, by an entry", entries.transferCash),
  route("POST", "/entries/{id}/cancel", "take an entry back", entries.cancelEntry),
  route("POST", "/entries/{id}/correct", "let it say another amount", entries.correctEntry),
  route("POST", "/accounts/{key}/cash", "money in or out, without an entry", venue.moveCash),
  route("GET", "/ledger/accounts", "every account, exact", ledger.listAccounts),
  route("GET", "/ledger/accounts/{key}", "one account", ledger.getAccount),
  route("GET", "/ledger/orders", "every order there ever was", ledger.listOrders),
  route("GET", "/ledger/executions", "every execution, busts too", ledger.listExecutions),
  route("GET", "/ledger/entries", "dividends, splits, transfers", ledger.listEntries),
];
