CREATE TABLE "broker_call_totals" (
	"account_id" text NOT NULL,
	"kind" text NOT NULL,
	"result" text NOT NULL,
	"bucket" smallint NOT NULL,
	"calls" bigint NOT NULL,
	"seconds" double precision NOT NULL,
	CONSTRAINT "broker_call_totals_account_id_kind_result_bucket_pk" PRIMARY KEY("account_id","kind","result","bucket")
);
--> statement-breakpoint
ALTER TABLE "account_links" ADD COLUMN "reconnects" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
ALTER TABLE "broker_call_totals" ADD CONSTRAINT "broker_call_totals_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;