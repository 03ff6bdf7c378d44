// Columns that mean the same in every table.
import { numeric, smallint, text, timestamp, uuid } from "drizzle-orm/pg-core";

/** An instant. Milliseconds are what the code keeps; the database would keep more. */
export const instant = (name: string) => timestamp(name, { withTimezone: true });
/** Money, prices and quantities: exact, as text on both sides. */
export const exact = (name: string) => numeric(name);
export const partition = () => smallint("partition").notNull();
export const accountId = () => text("account_id").notNull();
export const instrumentId = () => text("instrument_id").notNull();
/** Null is the account as a whole. */
export const strategyId = () => text("strategy_id");
export const uuidOf = (name: string) => uuid(name);
