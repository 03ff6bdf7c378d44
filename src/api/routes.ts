// Every route of the API. What is not in this table is not there.
import type { Route } from "./route.ts";
import { listAccounts } from "./routes/accounts.ts";
import { deleteOrder } from "./routes/delete-order.ts";
import { deleteSignal } from "./routes/delete-signal.ts";
import { getCommand } from "./routes/get-command.ts";
import { getOrder } from "./routes/get-order.ts";
import { getSignal } from "./routes/get-signal.ts";
import { getLive, getReady } from "./routes/health.ts";
import { listLimitHistory, listLimits, putLimit } from "./routes/limits.ts";
import { listOrders } from "./routes/list-orders.ts";
import { listSignals } from "./routes/list-signals.ts";
import { getPosition, getPositionHistory, listPositions } from "./routes/positions.ts";
import { postSignal } from "./routes/post-signal.ts";
import { postSignals } from "./routes/post-signals.ts";
import { getSession } from "./routes/session.ts";
import { getTradingState, putTradingState } from "./routes/trading-state.ts";

export const ROUTES: readonly Route[] = [
  postSignal,
  postSignals,
  listSignals,
  getSignal,
  deleteSignal,
  getCommand,
  listOrders,
  getOrder,
  deleteOrder,
  listPositions,
  getPosition,
  getPositionHistory,
  listAccounts,
  listLimits,
  putLimit,
  listLimitHistory,
  getTradingState,
  putTradingState,
  getSession,
  getLive,
  getReady,
];
