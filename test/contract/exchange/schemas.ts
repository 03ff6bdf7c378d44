// Holds answers of the exchange to Alpaca's published response shapes.
import { readFileSync } from "node:fs";
import { Ajv } from "ajv";
import addFormats from "ajv-formats";

const file = new URL("../../fixtures/alpaca/exchange-schemas.json", import.meta.url);
const schemas = JSON.parse(readFileSync(file, "utf8")) as { definitions: object };

const ajv = new Ajv({ strict: false, allErrors: true, allowUnionTypes: true });
addFormats.default(ajv);
for (const name of ["double", "int64", "uint64", "uint32", "decimal"]) ajv.addFormat(name, true);
ajv.addFormat("ulid", /^[0-7][0-9A-HJKMNP-TV-Z]{25}$/);
// The shapes call an activity's date an instant; recorded activities carry a plain date.
ajv.addFormat(
  "date-time",
  /^\d{4}-\d{2}-\d{2}(?:T\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?(?:Z|[+-]\d{2}:\d{2}))?$/,
);
ajv.addSchema({ $id: "alpaca", definitions: schemas.definitions });

const one = (name: string) => ({ $ref: `alpaca#/definitions/${name}` });
const many = (name: string) => ({ type: "array", items: one(name) });
const activity = { anyOf: [one("TradingActivities"), one("NonTradeActivities")] };
const failure = {
  type: "object",
  required: ["message"],
  properties: { code: { type: "integer" }, message: { type: "string", minLength: 1 } },
};
const closed = {
  type: "array",
  items: {
    type: "object",
    required: ["symbol", "status"],
    properties: {
      symbol: { type: "string" },
      status: { type: "integer" },
      body: { type: "object" },
    },
  },
};

/** The first row that matches method and path says what a success looks like. */
const TABLE: readonly (readonly [RegExp, object])[] = [
  [/^DELETE \/v2\/orders$/, many("CanceledOrderResponse")],
  [/^GET \/v2\/orders$/, many("Order")],
  [/^(GET|POST|PATCH) \/v2\/orders/, one("Order")],
  [/^DELETE \/v2\/positions$/, closed],
  [/^DELETE \/v2\/positions\//, one("Order")],
  [/^GET \/v2\/positions$/, many("Position")],
  [/^GET \/v2\/positions\//, one("Position")],
  [/^GET \/v2\/account$/, one("Account")],
  [/\/v2\/account\/configurations$/, one("AccountConfigurations")],
  [/\/v2\/account\/portfolio\/history$/, one("PortfolioHistory")],
  [/\/v2\/account\/activities/, { type: "array", items: activity }],
  [/^GET \/v2\/assets$/, many("Assets")],
  [/^GET \/v2\/assets\//, one("Assets")],
  [/^GET \/v2\/clock$/, one("legacy_clock")],
  [/^GET \/v2\/calendar$/, many("legacy_calendar_day")],
  [/^GET \/v3\/clock$/, one("clock_resp")],
  [/^GET \/v3\/calendar\//, one("public_calendar_resp")],
  [/^GET \/v2\/watchlists$/, many("WatchlistWithoutAsset")],
  [/^\w+ \/v2\/watchlists/, one("Watchlist")],
  [/^GET \/v2\/stocks\/trades\/latest$/, one("stock_latest_trades_resp")],
  [/^GET \/v2\/stocks\/quotes\/latest$/, one("stock_latest_quotes_resp")],
  [/^GET \/v2\/stocks\/bars\/latest$/, one("stock_latest_bars_resp")],
  [/^GET \/v2\/stocks\/snapshots$/, one("stock_snapshots_resp")],
  [/^GET \/v2\/stocks\/meta\/exchanges$/, one("stock_exchanges")],
  [/^GET \/v2\/stocks\/meta\/conditions\/\w+$/, one("stock_conditions")],
  [/^GET \/v2\/stocks\/trades$/, one("stock_trades_resp")],
  [/^GET \/v2\/stocks\/quotes$/, one("stock_quotes_resp")],
  [/^GET \/v2\/stocks\/[^/]+\/trades$/, one("stock_trades_resp_single")],
  [/^GET \/v2\/stocks\/[^/]+\/quotes$/, one("stock_quotes_resp_single")],
  [/^GET \/v1beta3\/crypto\/[^/]+\/trades$/, one("crypto_trades_resp")],
  [/^GET \/v1beta3\/crypto\/[^/]+\/quotes$/, one("crypto_quotes_resp")],
  [/^GET \/v2\/stocks\/bars$/, one("stock_bars_resp")],
  [/^GET \/v2\/stocks\/[^/]+\/trades\/latest$/, one("stock_latest_trades_resp_single")],
  [/^GET \/v2\/stocks\/[^/]+\/quotes\/latest$/, one("stock_latest_quotes_resp_single")],
  [/^GET \/v2\/stocks\/[^/]+\/bars\/latest$/, one("stock_latest_bars_resp_single")],
  [/^GET \/v2\/stocks\/[^/]+\/bars$/, one("stock_bars_resp_single")],
  [/^GET \/v2\/stocks\/[^/]+\/snapshot$/, one("stock_snapshots_resp_single")],
  [/^GET \/v1beta3\/crypto\/[^/]+\/latest\/trades$/, one("crypto_latest_trades_resp")],
  [/^GET \/v1beta3\/crypto\/[^/]+\/latest\/quotes$/, one("crypto_latest_quotes_resp")],
  [/^GET \/v1beta3\/crypto\/[^/]+\/latest\/bars$/, one("crypto_latest_bars_resp")],
  [/^GET \/v1beta3\/crypto\/[^/]+\/latest\/orderbooks$/, one("crypto_latest_orderbooks_resp")],
  [/^GET \/v1beta3\/crypto\/[^/]+\/snapshots$/, one("crypto_snapshots_resp")],
  [/^GET \/v1beta3\/crypto\/[^/]+\/bars$/, one("crypto_bars_resp")],
];

/** Null when the answer has its published shape; else what is wrong with it. */
export function shapeProblem(
  method: string,
  path: string,
  status: number,
  body: unknown,
): string | null {
  if (status === 204) return body === null ? null : "a 204 with a body";
  const row = TABLE.find(([pattern]) => pattern.test(`${method} ${path}`));
  if (status < 400 && row === undefined) return `no published shape for ${method} ${path}`;
  const validate = ajv.compile(status >= 400 || row === undefined ? failure : row[1]);
  return validate(body) ? null : ajv.errorsText(validate.errors);
}

/** Null when a value has the published shapes of these names; else what is wrong with it. */
export function problemWith(value: unknown, ...names: readonly string[]): string | null {
  const validate = ajv.compile({ allOf: names.map(one) });
  return validate(value) ? null : ajv.errorsText(validate.errors);
}
