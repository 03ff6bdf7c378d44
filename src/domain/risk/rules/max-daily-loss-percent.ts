// Realised and unrealised loss since the trading day began, against the equity it began with.
import { maxDailyLoss } from "./daily-loss.ts";

export const maxDailyLossPercent = maxDailyLoss("max_daily_loss_percent");
