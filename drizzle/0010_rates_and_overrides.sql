-- New rows are checked; old ones, which nothing read before, keep nobody from updating.
ALTER TABLE "calendar_overrides" ADD CONSTRAINT "calendar_overrides_venue" CHECK ("calendar_overrides"."venue" IN ('XNYS', 'XKRX', 'HOSE', 'HNX', 'UPCOM', 'CRYPTO', 'SIM')) NOT VALID;--> statement-breakpoint
ALTER TABLE "calendar_overrides" ADD CONSTRAINT "calendar_overrides_times" CHECK ("calendar_overrides"."open" ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$' AND "calendar_overrides"."close" ~ '^(([01][0-9]|2[0-3]):[0-5][0-9]|24:00)$'
        AND "calendar_overrides"."open" < "calendar_overrides"."close") NOT VALID;--> statement-breakpoint
ALTER TABLE "fx_rates" ADD CONSTRAINT "fx_rates_currencies" CHECK ("fx_rates"."from_currency" ~ '^[A-Z]{3,5}$' AND "fx_rates"."to_currency" ~ '^[A-Z]{3,5}$'
        AND "fx_rates"."from_currency" <> "fx_rates"."to_currency") NOT VALID;