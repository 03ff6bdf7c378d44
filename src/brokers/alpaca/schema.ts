// The bodies of Alpaca's trading wire, in the wire's own names. Only what we read is named; what is not
// named may come and go. Enumerations are plain text here: a word we do not know is judged in map.ts.
import { z } from "zod";
import { Decimal } from "../../domain/decimal.ts";

/** Money and quantities are text on this wire, and stay text until they are a Decimal. */
const decimal = z.string().transform((text, context) => {
  const parsed = Decimal.tryParse(text);
  if (parsed !== null) return parsed;
  context.addIssue({ code: "custom", message: `not a plain decimal: ${text.slice(0, 40)}` });
  return z.NEVER;
});
const optional = <Schema extends z.ZodType>(schema: Schema) =>
  schema.nullish().transform((value) => value ?? null);

/** RFC 3339 with up to nine fractional digits and any offset, as milliseconds. */
const INSTANT = /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d{1,9})?(?:Z|[+-]\d\d:\d\d)$/;
export function parseInstant(text: string): number | null {
  const at = INSTANT.test(text) ? Date.parse(text) : Number.NaN;
  return Number.isNaN(at) ? null : at;
}
export const instant = z.string().transform((text, context) => {
  const at = parseInstant(text);
  if (at !== null) return at;
  context.addIssue({ code: "custom", message: `not an instant: ${text.slice(0, 40)}` });
  return z.NEVER;
});

const orderFields = {
  id: z.string().min(1),
  client_order_id: optional(z.string()),
  created_at: optional(instant),
  updated_at: optional(instant),
  submitted_at: optional(instant),
  replaced_by: optional(z.string()),
  replaces: optional(z.string()),
  symbol: z.string(),
  asset_class: optional(z.string()),
  qty: optional(decimal),
  notional: optional(decimal),
  filled_qty: decimal,
  filled_avg_price: optional(decimal),
  order_class: optional(z.string()),
  type: optional(z.string()),
  side: optional(z.string()),
  time_in_force: optional(z.string()),
  limit_price: optional(decimal),
  stop_price: optional(decimal),
  status: z.string(),
} as const;
/** Nesting is one deep: a leg has no legs of its own. */
const legSchema = z.object(orderFields);
export const orderSchema = z.object({ ...orderFields, legs: optional(z.array(legSchema)) });
export const ordersSchema = z.array(orderSchema);
export type WireLeg = z.infer<typeof legSchema>;
export type WireOrder = z.infer<typeof orderSchema>;

/** Beside code and message stand the numbers of the refusal, each under a name of its own. */
export const errorSchema = z.looseObject({
  code: optional(z.int()),
  message: optional(z.string()),
});

export const accountSchema = z.object({
  account_number: z.string().min(1),
  status: z.string(),
  currency: z.string().default("USD"),
  equity: decimal,
  cash: decimal,
  buying_power: decimal,
  non_marginable_buying_power: optional(decimal),
  shorting_enabled: z.boolean().default(false),
  trading_blocked: z.boolean().default(false),
  account_blocked: z.boolean().default(false),
  trade_suspended_by_user: z.boolean().default(false),
});
export type WireAccount = z.infer<typeof accountSchema>;

export const positionsSchema = z.array(
  z.object({
    symbol: z.string(),
    asset_class: optional(z.string()),
    qty: decimal,
    side: optional(z.string()),
    avg_entry_price: optional(decimal),
  }),
);
export type WirePosition = z.infer<typeof positionsSchema>[number];

export const clockSchema = z.object({ timestamp: instant });

export const fillSchema = z.object({
  id: z.string().min(1),
  order_id: z.string().min(1),
  transaction_time: instant,
  price: decimal,
  qty: decimal,
  /** A fill whose side we cannot read is not readable at all. `sell_short` stands in old ones. */
  side: z
    .enum(["buy", "sell", "sell_short"])
    .transform((side) => (side === "buy" ? "buy" : "sell")),
  symbol: z.string(),
  cum_qty: optional(decimal),
  /** Published are these two; what another one means is not for us to guess. */
  type: optional(z.string()),
});
export const fillsSchema = z.array(fillSchema);
export const FILL_TYPES: ReadonlySet<string> = new Set(["fill", "partial_fill"]);
export type WireFill = z.infer<typeof fillSchema>;

export const activitySchema = z.object({
  id: z.string().min(1),
  activity_type: z.string(),
  /** A day in New York; the only time that every entry has. */
  date: z.iso.date(),
  created_at: optional(instant),
  symbol: optional(z.string()),
  qty: optional(decimal),
  price: optional(decimal),
  per_share_amount: optional(decimal),
  net_amount: optional(decimal),
  status: optional(z.string()),
  /** Entries that belong together have the same. */
  group_id: optional(z.string()),
});
export const activitiesSchema = z.array(activitySchema);
export type WireActivity = z.infer<typeof activitySchema>;

/** What is in a list before each row is looked at. */
export const rowsSchema = z.array(z.unknown());

export const assetSchema = z.object({
  class: z.string(),
  symbol: z.string(),
  status: z.string(),
  tradable: z.boolean(),
  shortable: z.boolean().default(false),
  borrow_status: optional(z.string()),
  easy_to_borrow: optional(z.boolean()),
  fractionable: z.boolean().default(false),
  min_order_size: optional(decimal),
  min_trade_increment: optional(decimal),
  price_increment: optional(decimal),
});
export type WireAsset = z.infer<typeof assetSchema>;

export const tradeUpdateSchema = z.object({
  event: z.string(),
  order: orderSchema,
  timestamp: optional(instant),
  at: optional(instant),
  execution_id: optional(z.string()),
  previous_execution_id: optional(z.string()),
  price: optional(decimal),
  qty: optional(decimal),
});
export type WireTradeUpdate = z.infer<typeof tradeUpdateSchema>;

/** Every frame of the trading socket: the stream it belongs to, or an error. */
export const frameSchema = z.object({
  stream: optional(z.string()),
  action: optional(z.string()),
  data: z.record(z.string(), z.unknown()),
});
