-- A fact that came late had all facts of its position read and folded at once: with a hundred thousand that
-- outlasted the lease. What the position was at places of its history is kept, and an adjustment says which one
-- it takes back, so that the rows alone tell what counts.
CREATE TABLE "position_checkpoints" (
	"account_id" text NOT NULL,
	"instrument_id" text NOT NULL,
	"strategy_id" text,
	"partition" smallint NOT NULL,
	"at" timestamp with time zone NOT NULL,
	"fact_id" text NOT NULL,
	"fact_kind" text NOT NULL,
	"qty" numeric NOT NULL,
	"cost_basis" numeric NOT NULL,
	"realized_gross" numeric NOT NULL,
	"fees" numeric NOT NULL,
	"opened_at" timestamp with time zone,
	"updated_at" timestamp with time zone NOT NULL,
	"version" integer NOT NULL,
	CONSTRAINT "position_checkpoints_key" UNIQUE NULLS NOT DISTINCT("account_id","instrument_id","at","fact_id","fact_kind","strategy_id")
);
--> statement-breakpoint
ALTER TABLE "adjustments" ADD COLUMN "undoes" text;--> statement-breakpoint
ALTER TABLE "position_checkpoints" ADD CONSTRAINT "position_checkpoints_account_id_accounts_id_fk" FOREIGN KEY ("account_id") REFERENCES "public"."accounts"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "adjustments_undone" ON "adjustments" USING btree ("account_id","undoes") WHERE "adjustments"."undoes" IS NOT NULL;--> statement-breakpoint
UPDATE adjustments a SET undoes = e.payload ->> 'undoes'
FROM order_events e
WHERE e.partition = a.partition AND e.seq = a.seq AND e.type = 'PositionAdjusted'
  AND e.payload ->> 'undoes' IS NOT NULL;
--> statement-breakpoint
/* What most commits do not bring. */
CREATE OR REPLACE FUNCTION fillstream_commit_rare(facts json, done smallint[]) RETURNS void
LANGUAGE plpgsql AS $$
BEGIN
  UPDATE commands c SET result = r.result, code = r.code, message = r.message,
    order_ids = r.order_ids, decided_at = fillstream_at(r.at)
  FROM json_to_recordset(facts -> 'commands')
    AS r (id uuid, partition smallint, result text, code text, message text, order_ids uuid[], at bigint)
  WHERE c.id = r.id AND r.partition = ANY (done);

  INSERT INTO adjustments (account_id, id, partition, seq, kind, instrument_id, strategy_id, qty, price,
    amount, source, at, undoes)
  SELECT account_id, id, partition, seq, kind, instrument_id, strategy_id, qty, price, amount, source,
    fillstream_at(at), undoes
  FROM json_to_recordset(facts -> 'adjustments')
    AS r (account_id text, id text, partition smallint, seq bigint, kind text, instrument_id text,
      strategy_id text, qty numeric, price numeric, amount numeric, source text, at bigint, undoes text)
  WHERE partition = ANY (done);

  -- A correction takes over what the broker holds: fills parked before it are in it already.
  WITH latest AS (
    SELECT DISTINCT ON (account_id, instrument_id) account_id, id, instrument_id, at
    FROM json_to_recordset(facts -> 'adjustments')
      AS r (account_id text, id text, partition smallint, kind text, instrument_id text, at bigint)
    WHERE partition = ANY (done) AND kind IN ('correction', 'adopted')
    ORDER BY account_id, instrument_id, at DESC
  )
  UPDATE parked_facts p SET settled_at = fillstream_at(r.at), settled_by = 'adjustment ' || r.id
  FROM latest AS r
  WHERE p.account_id = r.account_id AND p.settled_at IS NULL
    AND p.parked ->> 'instrumentId' = r.instrument_id
    AND (p.parked -> 'execution' ->> 'executedAt')::bigint <= r.at;

  WITH r AS (
    SELECT * FROM json_to_recordset(facts -> 'frozen')
      AS f (account_id text, instrument_id text, partition smallint, reason text, at bigint)
    WHERE partition = ANY (done)
  ), thawed AS (
    DELETE FROM frozen_symbols s USING r
    WHERE s.account_id = r.account_id AND s.instrument_id = r.instrument_id AND r.reason IS NULL
  )
  INSERT INTO frozen_symbols (account_id, instrument_id, partition, reason, since)
  SELECT account_id, instrument_id, partition, reason, fillstream_at(at) FROM r WHERE reason IS NOT NULL
  ON CONFLICT (account_id, instrument_id) DO UPDATE SET reason = excluded.reason;

  UPDATE external_orders o SET snapshot = coalesce(r.snapshot, o.snapshot),
    ignored = coalesce(r.ignored, o.ignored AND o.closed_at IS NULL), updated_at = fillstream_at(r.at),
    closed_at = CASE WHEN r.is_closed THEN fillstream_at(r.at) WHEN r.snapshot IS NULL THEN o.closed_at END
  FROM json_to_recordset(facts -> 'external')
    AS r (account_id text, broker_order_id text, partition smallint, snapshot json, ignored boolean,
      is_closed boolean, at bigint)
  WHERE r.partition = ANY (done) AND o.account_id = r.account_id AND o.broker_order_id = r.broker_order_id;
  INSERT INTO external_orders (account_id, broker_order_id, partition, snapshot, ignored,
    first_seen_at, updated_at, closed_at)
  SELECT account_id, broker_order_id, partition, snapshot, coalesce(ignored, false),
    fillstream_at(at), fillstream_at(at), CASE WHEN is_closed THEN fillstream_at(at) END
  FROM json_to_recordset(facts -> 'external')
    AS r (account_id text, broker_order_id text, partition smallint, snapshot json, ignored boolean,
      is_closed boolean, at bigint)
  WHERE partition = ANY (done) AND snapshot IS NOT NULL
  ON CONFLICT (account_id, broker_order_id) DO NOTHING;

  INSERT INTO parked_facts (partition, seq, account_id, description, raw, parked, execution_id, at,
    settled_at, settled_by)
  SELECT partition, seq, account_id, description, raw, parked, execution_id, fillstream_at(at),
    fillstream_at(settled_at), settled_by
  FROM json_to_recordset(facts -> 'parked')
    AS r (partition smallint, seq bigint, account_id text, description text, raw text, parked json,
      execution_id text, at bigint, settled_at bigint, settled_by text)
  WHERE partition = ANY (done);

  INSERT INTO differences (partition, seq, account_id, kind, subject, ours, theirs, action, at)
  SELECT partition, seq, account_id, kind, subject, ours, theirs, action, fillstream_at(at)
  FROM json_to_recordset(facts -> 'differences')
    AS r (partition smallint, seq bigint, account_id text, kind text, subject text, ours text, theirs text,
      action text, at bigint)
  WHERE partition = ANY (done);

  UPDATE executions e SET busted = true, corrected_by = coalesce(r.corrected_by, e.corrected_by)
  FROM json_to_recordset(facts -> 'executions')
    AS r (order_id uuid, id text, partition smallint, corrected_by text)
  WHERE r.partition = ANY (done) AND e.order_id = r.order_id AND e.id = r.id;

  -- A fact came to the place, or was taken out there: what was kept from there on is wrong.
  DELETE FROM position_checkpoints c
  USING json_to_recordset(facts -> 'forgotten')
    AS r (account_id text, instrument_id text, partition smallint, at bigint, fact_id text, fact_kind text)
  WHERE r.partition = ANY (done) AND c.account_id = r.account_id AND c.instrument_id = r.instrument_id
    AND (r.at IS NULL OR (c.at, c.fact_id COLLATE "C", c.fact_kind COLLATE "C")
      >= (fillstream_at(r.at), r.fact_id, r.fact_kind));

  INSERT INTO position_checkpoints (account_id, instrument_id, strategy_id, partition, at, fact_id,
    fact_kind, qty, cost_basis, realized_gross, fees, opened_at, updated_at, version)
  SELECT account_id, instrument_id, strategy_id, partition, fillstream_at(at), fact_id, fact_kind, qty,
    cost_basis, realized_gross, fees, fillstream_at(opened_at), fillstream_at(updated_at), version
  FROM json_to_recordset(facts -> 'checkpoints')
    AS r (account_id text, instrument_id text, strategy_id text, partition smallint, at bigint, fact_id text,
      fact_kind text, qty numeric, cost_basis numeric, realized_gross numeric, fees numeric,
      opened_at bigint, updated_at bigint, version integer)
  WHERE partition = ANY (done)
  ON CONFLICT (account_id, instrument_id, at, fact_id, fact_kind, strategy_id) DO UPDATE SET
    qty = excluded.qty, cost_basis = excluded.cost_basis, realized_gross = excluded.realized_gross,
    fees = excluded.fees, opened_at = excluded.opened_at, updated_at = excluded.updated_at,
    version = excluded.version;
END $$;
