-- The tables as drizzle-kit generates them from src/db/schema, reviewed. One thing is added by hand,
-- which drizzle cannot say: the four growing tables are PARTITION BY RANGE.
CREATE TABLE "acceptance_counters" (
	"partition" smallint NOT NULL,
	"lane" text NOT NULL,
	"last_number" bigint DEFAULT 0 NOT NULL,
	CONSTRAINT "acceptance_counters_partition_lane_pk" PRIMARY KEY("partition","lane"),
	CONSTRAINT "acceptance_counters_lane" CHECK ("acceptance_counters"."lane" IN ('signals', 'control'))
);
--> statement-breakpoint
CREATE TABLE "commands" (
	"id" uuid PRIMARY KEY NOT NULL,
	"partition" smallint NOT NULL,
	"number" bigint NOT NULL,
	"account_id" text NOT NULL,
	"kind" text NOT NULL,
	"body" json NOT NULL,
	"actor" text NOT NULL,
	"trace_parent" text,
	"received_at" timestamp with time zone NOT NULL,
	"result" text,
	"code" text,
	"message" text,
	"order_ids" uuid[],
	"decided_at" timestamp with time zone,
	CONSTRAINT "commands_number_positive" CHECK ("commands"."number" > 0),
	CONSTRAINT "commands_result" CHECK ("commands"."result" IN ('done', 'refused'))
);
--> statement-breakpoint
CREATE TABLE "dead_letters" (
	"id" uuid PRIMARY KEY NOT NULL,
	"source" text NOT NULL,
	"entry" text NOT NULL,
	"partition" smallint,
	"account_id" text,
	"body" text NOT NULL,
	"code" text NOT NULL,
	"reason" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	"requeued_at" timestamp with time zone,
	"requeued_by" text,
	"requeued_as" uuid
);
--> statement-breakpoint
CREATE TABLE "idempotency_keys" (
	"scope" text NOT NULL,
	"key" text NOT NULL,
	"lane" text NOT NULL,
	"id" uuid NOT NULL,
	"fingerprint" text NOT NULL,
	"created_at" timestamp with time zone NOT NULL,
	CONSTRAINT "idempotency_keys_scope_key_pk" PRIMARY KEY("scope","key")
);
--> statement-breakpoint
CREATE TABLE "signals" (
	"id" uuid PRIMARY KEY NOT NULL,
	"partition" smallint NOT NULL,
	"number" bigint NOT NULL,
	"account_id" text NOT NULL,
	"instrument_id" text NOT NULL,
	"strategy_id" text,
	"body" json NOT NULL,
	"actor" text NOT NULL,
	"trace_parent" text,
	"received_at" timestamp with time zone NOT NULL,
	CONSTRAINT "signals_number_positive" CHECK ("signals"."number" > 0)
) PARTITION BY RANGE ("id");
--> statement-breakpoint
CREATE TABLE "accounts" (
	"id" text PRIMARY KEY NOT NULL,
	"partition" smallint NOT NULL,
	"broker" text NOT NULL,
	"environment" text NOT NULL,
	"broker_account" text,
	"bound_at" timestamp with time zone,
	"currency" text DEFAULT 'USD' NOT NULL,
	"day_zone" text DEFAULT 'America/New_York' NOT NULL,
	"day_roll" text DEFAULT '00:00' NOT NULL,
	"credentials" text,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "accounts_broker_account" UNIQUE("broker","environment","broker_account"),
	CONSTRAINT "accounts_environment" CHECK ("accounts"."environment" IN ('mock', 'paper', 'live')),
	CONSTRAINT "accounts_day_roll" CHECK ("accounts"."day_roll" ~ '^([01][0-9]|2[0-3]):[0-5][0-9]$')
);
--> statement-breakpoint
CREATE TABLE "calendar_overrides" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"kind" text NOT NULL,
	"venue" text NOT NULL,
	"date" date NOT NULL,
	"open" text,
	"close" text,
	"reason" text NOT NULL,
	"updated_by" text DEFAULT 'fillstream' NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "calendar_overrides_kind" CHECK ("calendar_overrides"."kind" IN ('close', 'hours', 'confirm')),
	CONSTRAINT "calendar_overrides_hours" CHECK (("calendar_overrides"."kind" = 'hours') = ("calendar_overrides"."open" IS NOT NULL AND "calendar_overrides"."close" IS NOT NULL))
);
--> statement-breakpoint
CREATE TABLE "fx_rates" (
	"from_currency" text NOT NULL,
	"to_currency" text NOT NULL,
	"date" date NOT NULL,
	"rate" numeric NOT NULL,
	"source" text NOT NULL,
	"saved_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "fx_rates_from_currency_to_currency_date_pk" PRIMARY KEY("from_currency","to_currency","date"),
	CONSTRAINT "fx_rates_rate" CHECK ("fx_rates"."rate" > 0)
);
--> statement-breakpoint
CREATE TABLE "instruments" (
	"id" text PRIMARY KEY NOT NULL,
	"venue" text NOT NULL,
	"symbol" text NOT NULL,
	"asset_class" text NOT NULL,
	"currency" text NOT NULL,
	"ticks" jsonb NOT NULL,
	"lot" numeric NOT NULL,
	"fractionable" boolean NOT NULL,
	"min_qty" numeric,
	"max_qty" numeric,
	"min_notional" numeric,
	"shortable" boolean NOT NULL,
	"tradable" boolean NOT NULL,
	"price_floor" numeric,
	"price_ceiling" numeric,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "instruments_venue_symbol" UNIQUE("venue","symbol"),
	CONSTRAINT "instruments_id" CHECK ("instruments"."id" = "instruments"."venue" || ':' || "instruments"."symbol"),
	CONSTRAINT "instruments_asset_class" CHECK ("instruments"."asset_class" IN ('stock', 'crypto')),
	CONSTRAINT "instruments_lot" CHECK ("instruments"."lot" > 0),
	CONSTRAINT "instruments_price_band" CHECK (("instruments"."price_floor" IS NULL) = ("instruments"."price_ceiling" IS NULL) AND "instruments"."price_floor" <= "instruments"."price_ceiling")
);
--> statement-breakpoint
CREATE TABLE "config_history" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"source" text NOT NULL,
	"key" text NOT NULL,
	"account_id" text,
	"symbol" text,
	"strategy_id" text,
	"field" text NOT NULL,
	"old_value" text,
	"new_value" text,
	"reason" text,
	"changed_by" text NOT NULL,
	"changed_at" timestamp with time zone NOT NULL,
	"limits_version" bigint NOT NULL
);
--> statement-breakpoint
CREATE TABLE "config_overrides" (
	"key" text NOT NULL,
	"account_id" text,
	"symbol" text,
	"strategy_id" text,
	"value" text,
	"hard" boolean DEFAULT false NOT NULL,
	"shadow" boolean,
	"version" bigint DEFAULT 1 NOT NULL,
	"reason" text,
	"updated_by" text DEFAULT 'fillstream' NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "config_overrides_scope" UNIQUE NULLS NOT DISTINCT("key","account_id","symbol","strategy_id"),
	CONSTRAINT "config_overrides_scope_known" CHECK (("config_overrides"."strategy_id" IS NULL AND ("config_overrides"."account_id" IS NOT NULL OR "config_overrides"."symbol" IS NOT NULL))
        OR ("config_overrides"."strategy_id" IS NOT NULL AND "config_overrides"."account_id" IS NULL AND "config_overrides"."symbol" IS NULL))
);
--> statement-breakpoint
CREATE TABLE "config_version" (
	"only_row" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"version" bigint NOT NULL,
	CONSTRAINT "config_version_one_row" CHECK ("config_version"."only_row")
);
--> statement-breakpoint
CREATE TABLE "configs" (
	"key" text PRIMARY KEY NOT NULL,
	"value" text,
	"kind" text NOT NULL,
	"choices" text[],
	"required" boolean DEFAULT false NOT NULL,
	"hard" boolean DEFAULT false NOT NULL,
	"shadow" boolean DEFAULT false NOT NULL,
	"description" text NOT NULL,
	"version" bigint DEFAULT 1 NOT NULL,
	"reason" text,
	"updated_by" text DEFAULT 'fillstream' NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "trading_states" (
	"account_id" text,
	"strategy_id" text,
	"state" text NOT NULL,
	"reason" text NOT NULL,
	"updated_by" text DEFAULT 'fillstream' NOT NULL,
	"updated_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "trading_states_scope" UNIQUE NULLS NOT DISTINCT("account_id","strategy_id"),
	CONSTRAINT "trading_states_state" CHECK ("trading_states"."state" IN ('active', 'reducing', 'halted')),
	CONSTRAINT "trading_states_scope_known" CHECK ("trading_states"."account_id" IS NOT NULL OR "trading_states"."strategy_id" IS NOT NULL)
);
--> statement-breakpoint
CREATE TABLE "trading_version" (
	"only_row" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"version" bigint NOT NULL,
	CONSTRAINT "trading_version_one_row" CHECK ("trading_version"."only_row")
);
--> statement-breakpoint
CREATE TABLE "deployment" (
	"only_row" boolean PRIMARY KEY DEFAULT true NOT NULL,
	"id" uuid DEFAULT gen_random_uuid() NOT NULL,
	"partitions" smallint NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "deployment_one_row" CHECK ("deployment"."only_row"),
	CONSTRAINT "deployment_partitions" CHECK ("deployment"."partitions" BETWEEN 1 AND 1024)
);
--> statement-breakpoint
CREATE TABLE "feed_cursors" (
	"feed" text NOT NULL,
	"partition" smallint NOT NULL,
	"seq" bigint NOT NULL,
	"saved_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "feed_cursors_feed_partition_pk" PRIMARY KEY("feed","partition")
);
--> statement-breakpoint
CREATE TABLE "leases" (
	"name" text PRIMARY KEY NOT NULL,
	"owner" text,
	"epoch" bigint DEFAULT 0 NOT NULL,
	"until" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "order_events" (
	"partition" smallint NOT NULL,
	"seq" bigint NOT NULL,
	"version" smallint NOT NULL,
	"type" text NOT NULL,
	"account_id" text NOT NULL,
	"order_id" uuid,
	"at" timestamp with time zone NOT NULL,
	"actor" text NOT NULL,
	"correlation_id" text,
	"causation_id" text,
	"payload" json NOT NULL,
	CONSTRAINT "order_events_partition_seq_pk" PRIMARY KEY("partition","seq"),
	CONSTRAINT "order_events_seq" CHECK ("order_events"."seq" > 0)
) PARTITION BY RANGE ("seq");
--> statement-breakpoint
CREATE TABLE "partitions" (
	"partition" smallint PRIMARY KEY NOT NULL,
	"epoch" bigint DEFAULT 0 NOT NULL,
	"last_seq" bigint DEFAULT 0 NOT NULL,
	"decided_signals" bigint DEFAULT 0 NOT NULL,
	"decided_commands" bigint DEFAULT 0 NOT NULL,
	"fault" text,
	"faulted_at" timestamp with time zone,
	CONSTRAINT "partitions_last_seq" CHECK ("partitions"."last_seq" >= 0),
	CONSTRAINT "partitions_decided" CHECK ("partitions"."decided_signals" >= 0 AND "partitions"."decided_commands" >= 0)
);
--> statement-breakpoint
CREATE TABLE "api_keys" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"hash" text NOT NULL,
	"prefix" text NOT NULL,
	"role" text NOT NULL,
	"account_ids" text[],
	"strategy_ids" text[],
	"symbols" text[],
	"max_notional" numeric,
	"require_idempotency" boolean DEFAULT false NOT NULL,
	"expires_at" timestamp with time zone,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"revoked_at" timestamp with time zone,
	"last_used_at" timestamp with time zone,
	CONSTRAINT "api_keys_hash" UNIQUE("hash"),
	CONSTRAINT "api_keys_role" CHECK ("api_keys"."role" IN ('viewer', 'trader', 'admin')),
	CONSTRAINT "api_keys_hash_form" CHECK ("api_keys"."hash" ~ '^[0-9a-f]{64}$')
);
--> statement-breakpoint
CREATE TABLE "audit_trail" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	"actor" text NOT NULL,
	"action" text NOT NULL,
	"subject" text NOT NULL,
	"detail" json
);
--> statement-breakpoint
CREATE TABLE "notices_sent" (
	"endpoint_id" uuid NOT NULL,
	"subject" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "notices_sent_key" UNIQUE("endpoint_id","subject")
);
--> statement-breakpoint
CREATE TABLE "webhook_deliveries" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"endpoint_id" uuid NOT NULL,
	"partition" smallint,
	"seq" bigint,
	"notice" text NOT NULL,
	"attempt" integer NOT NULL,
	"status" integer,
	"error" text,
	"at" timestamp with time zone NOT NULL,
	"next_attempt_at" timestamp with time zone
);
--> statement-breakpoint
CREATE TABLE "webhook_endpoints" (
	"id" uuid PRIMARY KEY NOT NULL,
	"name" text NOT NULL,
	"url" text NOT NULL,
	"secret" text NOT NULL,
	"events" text[] NOT NULL,
	"template" text DEFAULT 'json' NOT NULL,
	"enabled" boolean DEFAULT true NOT NULL,
	"disabled_reason" text,
	"failures" integer DEFAULT 0 NOT NULL,
	"created_by" text NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "broker_orders" (
	"account_id" text NOT NULL,
	"broker_order_id" text NOT NULL,
	"order_id" uuid NOT NULL,
	CONSTRAINT "broker_orders_account_id_broker_order_id_pk" PRIMARY KEY("account_id","broker_order_id")
);
--> statement-breakpoint
CREATE TABLE "broker_references" (
	"account_id" text NOT NULL,
	"reference" text NOT NULL,
	"order_id" uuid NOT NULL,
	CONSTRAINT "broker_references_account_id_reference_pk" PRIMARY KEY("account_id","reference")
);
--> statement-breakpoint
CREATE TABLE "decisions" (
	"signal_id" uuid PRIMARY KEY NOT NULL,
	"partition" smallint NOT NULL,
	"seq" bigint NOT NULL,
	"number" bigint NOT NULL,
	"account_id" text NOT NULL,
	"instrument_id" text NOT NULL,
	"strategy_id" text,
	"outcome" text NOT NULL,
	"rejected_by" text,
	"reject_code" text,
	"error_message" text,
	"limits_version" bigint NOT NULL,
	"mark_bid" numeric,
	"mark_ask" numeric,
	"mark_last" numeric,
	"mark_age_ms" bigint,
	"order_ids" uuid[] NOT NULL,
	"decided_at" timestamp with time zone NOT NULL,
	CONSTRAINT "decisions_outcome" CHECK ("decisions"."outcome" IN ('ordered', 'held', 'rejected', 'nothing_to_do'))
) PARTITION BY RANGE ("signal_id");
--> statement-breakpoint
CREATE TABLE "execution_identities" (
	"account_id" text NOT NULL,
	"execution_id" text NOT NULL,
	"order_id" uuid NOT NULL,
	CONSTRAINT "execution_identities_account_id_execution_id_pk" PRIMARY KEY("account_id","execution_id")
);
--> statement-breakpoint
CREATE TABLE "executions" (
	"order_id" uuid NOT NULL,
	"id" text NOT NULL,
	"partition" smallint NOT NULL,
	"seq" bigint NOT NULL,
	"account_id" text NOT NULL,
	"instrument_id" text NOT NULL,
	"strategy_id" text,
	"side" text NOT NULL,
	"broker_order_id" text,
	"qty" numeric NOT NULL,
	"price" numeric NOT NULL,
	"cumulative_qty" numeric,
	"fee" numeric NOT NULL,
	"fee_in_asset" numeric NOT NULL,
	"executed_at" timestamp with time zone NOT NULL,
	"source" text NOT NULL,
	"busted" boolean NOT NULL,
	"corrected_by" text,
	CONSTRAINT "executions_order_id_id_pk" PRIMARY KEY("order_id","id"),
	CONSTRAINT "executions_qty" CHECK ("executions"."qty" > 0),
	CONSTRAINT "executions_price" CHECK ("executions"."price" >= 0),
	CONSTRAINT "executions_side" CHECK ("executions"."side" IN ('buy', 'sell'))
) PARTITION BY RANGE ("order_id");
--> statement-breakpoint
CREATE TABLE "orders" (
	"id" uuid PRIMARY KEY NOT NULL,
	"partition" smallint NOT NULL,
	"placed_seq" bigint NOT NULL,
	"account_id" text NOT NULL,
	"instrument_id" text NOT NULL,
	"strategy_id" text,
	"signal_id" uuid,
	"command_id" uuid,
	"parent_id" uuid,
	"role" text NOT NULL,
	"link_group" text,
	"reduces_position" boolean NOT NULL,
	"waits_for" uuid[] NOT NULL,
	"side" text NOT NULL,
	"type" text NOT NULL,
	"time_in_force" text NOT NULL,
	"qty" numeric,
	"notional" numeric,
	"limit_price" numeric,
	"stop_price" numeric,
	"trail_price" numeric,
	"trail_percent" numeric,
	"extended_hours" boolean NOT NULL,
	"post_only" boolean NOT NULL,
	"exits" json,
	"received_at" timestamp with time zone NOT NULL,
	"valid_until" timestamp with time zone,
	"status" text NOT NULL,
	"hold" text,
	"hold_until" timestamp with time zone,
	"pending_action" text,
	"pending_replace" json,
	"unresolved" json,
	"generation" integer NOT NULL,
	"reference" text,
	"broker_order_id" text,
	"broker_order_chain" text[] NOT NULL,
	"filled_qty" numeric NOT NULL,
	"filled_notional" numeric NOT NULL,
	"filled_price" numeric,
	"rejected_by" text,
	"reject_code" text,
	"error_message" text,
	"flags" text[] NOT NULL,
	"voided_executions" text[] NOT NULL,
	"placed_at" timestamp with time zone NOT NULL,
	"submitted_at" timestamp with time zone,
	"accepted_at" timestamp with time zone,
	"closed_at" timestamp with time zone,
	"closed_by" text,
	"updated_at" timestamp with time zone NOT NULL,
	"version" integer NOT NULL,
	CONSTRAINT "orders_side" CHECK ("orders"."side" IN ('buy', 'sell')),
	CONSTRAINT "orders_status" CHECK ("orders"."status" IN ('pending', 'submitted', 'accepted', 'partially_filled', 'filled', 'cancelled', 'rejected', 'expired')),
	CONSTRAINT "orders_closed" CHECK (("orders"."closed_at" IS NOT NULL) = ("orders"."status" IN ('filled', 'cancelled', 'rejected', 'expired'))),
	CONSTRAINT "orders_amount" CHECK (num_nonnulls("orders"."qty", "orders"."notional") > 0),
	CONSTRAINT "orders_amount_positive" CHECK ("orders"."qty" > 0 OR "orders"."notional" > 0),
	CONSTRAINT "orders_filled" CHECK ("orders"."filled_qty" >= 0 AND "orders"."filled_notional" >= 0),
	CONSTRAINT "orders_intent" CHECK ("orders"."submitted_at" IS NULL OR "orders"."reference" IS NOT NULL OR "orders"."broker_order_id" IS NOT NULL),
	CONSTRAINT "orders_rejected" CHECK ("orders"."status" <> 'rejected' OR "orders"."reject_code" IS NOT NULL)
);
--> statement-breakpoint
CREATE TABLE "account_states" (
	"account_id" text PRIMARY KEY NOT NULL,
	"partition" smallint NOT NULL,
	"equity" numeric,
	"cash" numeric,
	"buying_power" numeric,
	"non_marginable_buying_power" numeric,
	"shorting_enabled" boolean,
	"observed_at" timestamp with time zone,
	"day_date" date,
	"day_equity_baseline" numeric,
	"day_realized_baseline" numeric,
	"day_unrealized_baseline" numeric,
	"day_orders_placed" integer,
	"day_loss_limit_crossed" boolean,
	"first_contact_at" timestamp with time zone,
	"reference_counter" bigint NOT NULL,
	"last_placed_at" timestamp with time zone,
	"updated_at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "adjustments" (
	"account_id" text NOT NULL,
	"id" text NOT NULL,
	"partition" smallint NOT NULL,
	"seq" bigint NOT NULL,
	"kind" text NOT NULL,
	"instrument_id" text NOT NULL,
	"strategy_id" text,
	"qty" numeric NOT NULL,
	"price" numeric,
	"amount" numeric NOT NULL,
	"source" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "adjustments_account_id_id_pk" PRIMARY KEY("account_id","id")
);
--> statement-breakpoint
CREATE TABLE "differences" (
	"partition" smallint NOT NULL,
	"seq" bigint NOT NULL,
	"account_id" text NOT NULL,
	"kind" text NOT NULL,
	"subject" text NOT NULL,
	"ours" text,
	"theirs" text,
	"action" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	CONSTRAINT "differences_partition_seq_pk" PRIMARY KEY("partition","seq")
);
--> statement-breakpoint
CREATE TABLE "external_orders" (
	"account_id" text NOT NULL,
	"broker_order_id" text NOT NULL,
	"partition" smallint NOT NULL,
	"snapshot" json NOT NULL,
	"ignored" boolean NOT NULL,
	"first_seen_at" timestamp with time zone NOT NULL,
	"updated_at" timestamp with time zone NOT NULL,
	"closed_at" timestamp with time zone,
	CONSTRAINT "external_orders_account_id_broker_order_id_pk" PRIMARY KEY("account_id","broker_order_id")
);
--> statement-breakpoint
CREATE TABLE "frozen_symbols" (
	"account_id" text NOT NULL,
	"instrument_id" text NOT NULL,
	"partition" smallint NOT NULL,
	"reason" text NOT NULL,
	"since" timestamp with time zone NOT NULL,
	CONSTRAINT "frozen_symbols_account_id_instrument_id_pk" PRIMARY KEY("account_id","instrument_id")
);
--> statement-breakpoint
CREATE TABLE "marks" (
	"instrument_id" text PRIMARY KEY NOT NULL,
	"bid" numeric,
	"ask" numeric,
	"last" numeric,
	"at" timestamp with time zone NOT NULL,
	"saved_at" timestamp with time zone DEFAULT now() NOT NULL
);
--> statement-breakpoint
CREATE TABLE "parked_facts" (
	"partition" smallint NOT NULL,
	"seq" bigint NOT NULL,
	"account_id" text NOT NULL,
	"description" text NOT NULL,
	"raw" text NOT NULL,
	"parked" json,
	"execution_id" text,
	"at" timestamp with time zone NOT NULL,
	"settled_at" timestamp with time zone,
	"settled_by" text,
	CONSTRAINT "parked_facts_partition_seq_pk" PRIMARY KEY("partition","seq")
);
--> statement-breakpoint
CREATE TABLE "portfolio_snapshots" (
	"account_id" text NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"equity" numeric,
	"cash" numeric,
	"buying_power" numeric,
	"market_value" numeric,
	"unrealized_pnl" numeric,
	"realized_pnl" numeric NOT NULL,
	"fees" numeric NOT NULL,
	"open_positions" integer NOT NULL,
	"unpriced" integer NOT NULL,
	CONSTRAINT "portfolio_snapshots_account_id_at_pk" PRIMARY KEY("account_id","at")
);
--> statement-breakpoint
CREATE TABLE "position_history" (
	"id" bigserial PRIMARY KEY NOT NULL,
	"partition" smallint NOT NULL,
	"seq" bigint NOT NULL,
	"account_id" text NOT NULL,
	"instrument_id" text NOT NULL,
	"strategy_id" text,
	"qty" numeric NOT NULL,
	"cost_basis" numeric NOT NULL,
	"realized_gross" numeric NOT NULL,
	"fees" numeric NOT NULL,
	"version" integer NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
CREATE TABLE "position_states" (
	"account_id" text NOT NULL,
	"instrument_id" text NOT NULL,
	"strategy_id" text,
	"partition" smallint NOT NULL,
	"qty" numeric NOT NULL,
	"cost_basis" numeric NOT NULL,
	"realized_gross" numeric NOT NULL,
	"fees" numeric NOT NULL,
	"opened_at" timestamp with time zone,
	"updated_at" timestamp with time zone NOT NULL,
	"last_fill_at" timestamp with time zone,
	"version" integer NOT NULL,
	CONSTRAINT "position_states_key" UNIQUE NULLS NOT DISTINCT("account_id","instrument_id","strategy_id")
);
--> statement-breakpoint
ALTER TABLE "config_overrides" ADD CONSTRAINT "config_overrides_key_configs_key_fk" FOREIGN KEY ("key") REFERENCES "public"."configs"("key") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "notices_sent" ADD CONSTRAINT "notices_sent_endpoint_id_webhook_endpoints_id_fk" FOREIGN KEY ("endpoint_id") REFERENCES "public"."webhook_endpoints"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "webhook_deliveries" ADD CONSTRAINT "webhook_deliveries_endpoint_id_webhook_endpoints_id_fk" FOREIGN KEY ("endpoint_id") REFERENCES "public"."webhook_endpoints"("id") ON DELETE cascade ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "executions" ADD CONSTRAINT "executions_order_id_orders_id_fk" FOREIGN KEY ("order_id") REFERENCES "public"."orders"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "orders" ADD CONSTRAINT "orders_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "adjustments" ADD CONSTRAINT "adjustments_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "external_orders" ADD CONSTRAINT "external_orders_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "position_states" ADD CONSTRAINT "position_states_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE UNIQUE INDEX "commands_number" ON "commands" USING btree ("partition","number");--> statement-breakpoint
CREATE UNIQUE INDEX "dead_letters_entry" ON "dead_letters" USING btree ("source","entry");--> statement-breakpoint
CREATE INDEX "idempotency_keys_age" ON "idempotency_keys" USING brin ("created_at");--> statement-breakpoint
CREATE INDEX "signals_number" ON "signals" USING btree ("partition","number");--> statement-breakpoint
CREATE INDEX "signals_account" ON "signals" USING btree ("account_id","id");--> statement-breakpoint
CREATE INDEX "accounts_partition" ON "accounts" USING btree ("partition");--> statement-breakpoint
CREATE INDEX "config_history_key" ON "config_history" USING btree ("key","id");--> statement-breakpoint
CREATE INDEX "order_events_order" ON "order_events" USING btree ("order_id") WHERE "order_events"."order_id" IS NOT NULL;--> statement-breakpoint
CREATE INDEX "audit_trail_at" ON "audit_trail" USING btree ("at");--> statement-breakpoint
CREATE INDEX "webhook_deliveries_endpoint" ON "webhook_deliveries" USING btree ("endpoint_id","id");--> statement-breakpoint
CREATE INDEX "decisions_number" ON "decisions" USING btree ("partition","number");--> statement-breakpoint
CREATE INDEX "decisions_outcome" ON "decisions" USING btree ("outcome","signal_id") WHERE "decisions"."outcome" <> 'ordered';--> statement-breakpoint
CREATE INDEX "executions_position" ON "executions" USING btree ("account_id","instrument_id","executed_at");--> statement-breakpoint
CREATE INDEX "orders_open" ON "orders" USING btree ("partition") WHERE "orders"."closed_at" IS NULL;--> statement-breakpoint
CREATE INDEX "orders_closed_account" ON "orders" USING btree ("account_id","id") WHERE "orders"."closed_at" IS NOT NULL;--> statement-breakpoint
CREATE INDEX "orders_closed_instrument" ON "orders" USING btree ("instrument_id","id") WHERE "orders"."closed_at" IS NOT NULL;--> statement-breakpoint
CREATE INDEX "orders_closed_status" ON "orders" USING btree ("status","id") WHERE "orders"."closed_at" IS NOT NULL;--> statement-breakpoint
CREATE INDEX "orders_closed_strategy" ON "orders" USING btree ("strategy_id","id") WHERE "orders"."closed_at" IS NOT NULL AND "orders"."strategy_id" IS NOT NULL;--> statement-breakpoint
CREATE INDEX "adjustments_position" ON "adjustments" USING btree ("account_id","instrument_id","at");--> statement-breakpoint
CREATE INDEX "differences_at" ON "differences" USING btree ("at");--> statement-breakpoint
CREATE INDEX "external_orders_open" ON "external_orders" USING btree ("partition") WHERE "external_orders"."closed_at" IS NULL;--> statement-breakpoint
CREATE INDEX "parked_facts_waiting" ON "parked_facts" USING btree ("account_id","execution_id") WHERE "parked_facts"."settled_at" IS NULL;--> statement-breakpoint
CREATE INDEX "position_history_key" ON "position_history" USING btree ("account_id","instrument_id","id");--> statement-breakpoint
CREATE INDEX "position_states_partition" ON "position_states" USING btree ("partition");