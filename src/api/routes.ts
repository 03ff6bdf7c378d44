// Every route of the API. What is not in this table is not there.
import type { Route } from "./route.ts";
import { signIn, signOut } from "./routes/auth-session.ts";
import { listAccounts } from "./routes/accounts.ts";
import { cancelOrders } from "./routes/cancel-orders.ts";
import { closePosition, flatten } from "./routes/close-position.ts";
import { listDeadLetters, requeueDeadLetter } from "./routes/dead-letters.ts";
import { deleteOrder } from "./routes/delete-order.ts";
import { deleteSignal } from "./routes/delete-signal.ts";
import { getDocs, getDocsStyle, getOpenApi } from "./routes/docs.ts";
import { getCommand } from "./routes/get-command.ts";
import { getOrder } from "./routes/get-order.ts";
import { getSignal } from "./routes/get-signal.ts";
import { getHealth, getLive, getReady } from "./routes/health.ts";
import { createKey, listAudit, listKeys, revokeKey } from "./routes/keys.ts";
import { listLimitHistory, listLimits, putLimit } from "./routes/limits.ts";
import { getDetailed, getMetrics } from "./routes/metrics.ts";
import { listOrders } from "./routes/list-orders.ts";
import { listSignals } from "./routes/list-signals.ts";
import { patchOrder } from "./routes/patch-order.ts";
import { getBuyingPower, getPortfolio, getPortfolioHistory } from "./routes/portfolio.ts";
import { getPosition, getPositionHistory, listPositions } from "./routes/positions.ts";
import { postSignal } from "./routes/post-signal.ts";
import { postSignals } from "./routes/post-signals.ts";
import { previewOrder } from "./routes/preview-order.ts";
import { acceptCash, adoptPosition, ignorePosition } from "./routes/unexplained.ts";
import {
  adjustPosition,
  adoptOrder,
  getReconciliation,
  ignoreOrder,
  resetLossLimit,
  runReconciliation,
  settleOrder,
  unfreezeSymbol,
} from "./routes/reconciliation.ts";
import { resumePartition } from "./routes/resume-partition.ts";
import { getSession } from "./routes/session.ts";
import { getStatus, listLimitUsage } from "./routes/status.ts";
import { getStream, listEvents } from "./routes/stream.ts";
import { getTradingState, putTradingState } from "./routes/trading-state.ts";

import { postTradingView } from "./routes/tradingview.ts";
import {
  createWebhook,
  deleteWebhook,
  listDeliveries,
  listWebhooks,
  patchWebhook,
  replayWebhook,
  testWebhook,
} from "./routes/webhooks.ts";

export const ROUTES: readonly Route[] = [
  postSignal,
  postSignals,
  postTradingView,
  listSignals,
  getSignal,
  deleteSignal,
  getCommand,
  listOrders,
  previewOrder,
  getOrder,
  patchOrder,
  deleteOrder,
  cancelOrders,
  listPositions,
  getPosition,
  getPositionHistory,
  closePosition,
  flatten,
  listAccounts,
  getPortfolio,
  getPortfolioHistory,
  getBuyingPower,
  listLimits,
  listLimitUsage,
  putLimit,
  listLimitHistory,
  getTradingState,
  putTradingState,
  resetLossLimit,
  getSession,
  getStream,
  listEvents,
  listDeadLetters,
  requeueDeadLetter,
  getReconciliation,
  runReconciliation,
  adoptOrder,
  acceptCash,
  adoptPosition,
  ignorePosition,
  ignoreOrder,
  adjustPosition,
  unfreezeSymbol,
  settleOrder,
  resumePartition,
  listKeys,
  createKey,
  signIn,
  signOut,
  revokeKey,
  listAudit,
  listWebhooks,
  createWebhook,
  patchWebhook,
  deleteWebhook,
  listDeliveries,
  testWebhook,
  replayWebhook,
  getStatus,
  getHealth,
  getLive,
  getReady,
  getDetailed,
  getMetrics,
  getOpenApi,
  getDocs,
  getDocsStyle,
];
