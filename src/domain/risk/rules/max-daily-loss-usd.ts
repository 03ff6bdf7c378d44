// Realised and unrealised loss since the trading day began, in US dollars.
import { maxDailyLoss } from "./daily-loss.ts";

export const maxDailyLossUsd = maxDailyLoss("max_daily_loss_usd");
