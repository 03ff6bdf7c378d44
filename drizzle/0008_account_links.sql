CREATE TABLE "account_links" (
	"account_id" text PRIMARY KEY NOT NULL,
	"owner" text NOT NULL,
	"is_up" boolean NOT NULL,
	"is_streaming" boolean NOT NULL,
	"stream_heard_at" timestamp with time zone,
	"reconciled_at" timestamp with time zone,
	"order_budget" integer NOT NULL,
	"calls_waiting" integer NOT NULL,
	"at" timestamp with time zone NOT NULL
);
--> statement-breakpoint
ALTER TABLE "account_links" ADD CONSTRAINT "account_links_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;