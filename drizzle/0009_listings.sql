DROP INDEX "position_history_key";--> statement-breakpoint
CREATE INDEX "signals_instrument" ON "signals" USING btree ("instrument_id","id");--> statement-breakpoint
CREATE INDEX "signals_strategy" ON "signals" USING btree ("strategy_id","id") WHERE "signals"."strategy_id" IS NOT NULL;--> statement-breakpoint
CREATE INDEX "portfolio_snapshots_at" ON "portfolio_snapshots" USING btree ("at");--> statement-breakpoint
CREATE INDEX "position_history_version" ON "position_history" USING btree ("instrument_id","version");