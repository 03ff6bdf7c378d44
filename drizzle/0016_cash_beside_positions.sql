ALTER TABLE "adjustments" ALTER COLUMN "instrument_id" DROP NOT NULL;--> statement-breakpoint
CREATE INDEX "adjustments_cash" ON "adjustments" USING btree ("partition") WHERE "adjustments"."instrument_id" IS NULL;--> statement-breakpoint
CREATE INDEX "differences_cash" ON "differences" USING btree ("partition","account_id","seq") WHERE "differences"."kind" = 'cash';