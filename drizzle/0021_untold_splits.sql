DROP INDEX "adjustments_splits";--> statement-breakpoint
CREATE INDEX "adjustments_splits" ON "adjustments" USING btree ("partition","account_id","instrument_id","at") WHERE "adjustments"."kind" = 'split' OR ("adjustments"."kind" = 'correction' AND "adjustments"."price" IS NULL AND "adjustments"."source" = 'reconciliation');--> statement-breakpoint
/* A position that a reconciliation corrected without a price kept its cost: a split that no entry told. */
CREATE OR REPLACE VIEW last_splits AS
SELECT partition, account_id, instrument_id, max(at) AS at
FROM adjustments
WHERE (kind = 'split' OR (kind = 'correction' AND price IS NULL AND source = 'reconciliation'))
  AND instrument_id IS NOT NULL
GROUP BY partition, account_id, instrument_id;
