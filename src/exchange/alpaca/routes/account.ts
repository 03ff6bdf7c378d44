// The account and its configuration.
import type { Configuration } from "../../core/account.ts";
import type { AlpacaContext } from "../context.ts";
import { accountJson, configurationJson } from "../json/account.ts";
import type { JsonObject } from "../order-fields.ts";
import { decodeObject, oneOf } from "../order-fields.ts";
import type { WireAnswer, WireRequest } from "../wire.ts";
import { invalid, json } from "../wire.ts";

export function getAccount(context: AlpacaContext, request: WireRequest): WireAnswer {
  const { tradingDay } = context.exchange.engine.world.session;
  return json(200, accountJson(request.account, tradingDay));
}

export function getConfiguration(_context: AlpacaContext, request: WireRequest): WireAnswer {
  return json(200, configurationJson(request.account.configuration));
}

const FLAGS = {
  disable_overnight_trading: "disableOvernightTrading",
  fractional_trading: "fractionalTrading",
  no_shorting: "noShorting",
  ptp_no_exception_entry: "ptpNoExceptionEntry",
  suspend_trade: "suspendTrade",
} as const;

const MAX_OPTIONS_LEVEL = 3;

function merge(before: Configuration, body: JsonObject): Configuration {
  const after = { ...before };
  for (const [name, key] of Object.entries(FLAGS)) {
    const value = body[name];
    if (value === undefined || value === null) continue;
    if (typeof value !== "boolean") throw invalid(`invalid ${name}`);
    after[key] = value;
  }
  const { max_margin_multiplier, trade_confirm_email, max_options_trading_level } = body;
  if (max_margin_multiplier !== undefined && max_margin_multiplier !== null) {
    const given = max_margin_multiplier;
    const text = typeof given === "number" ? String(given) : given;
    after.maxMarginMultiplier = oneOf(text, ["1", "2", "4"], "invalid max_margin_multiplier");
  }
  if (trade_confirm_email !== undefined && trade_confirm_email !== null) {
    const message = "invalid trade_confirm_email";
    after.tradeConfirmEmail = oneOf(trade_confirm_email, ["all", "none"], message);
  }
  if (max_options_trading_level !== undefined && max_options_trading_level !== null) {
    const level = max_options_trading_level;
    if (typeof level !== "number" || ![0, 1, 2, MAX_OPTIONS_LEVEL].includes(level)) {
      throw invalid("invalid max_options_trading_level");
    }
    after.maxOptionsTradingLevel = level;
  }
  return after;
}

export function patchConfiguration(context: AlpacaContext, request: WireRequest): WireAnswer {
  const { account } = request;
  account.configuration = merge(account.configuration, decodeObject(request.body));
  context.exchange.engine.world.changes.accounts.add(account);
  return json(200, configurationJson(account.configuration));
}
