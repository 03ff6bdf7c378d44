-- A commit with many corrections looked through all that waits on the account for each of them: 600 among 6,000
-- took longer than a statement may, and were tried again for ever. Each instrument is asked once, by an index.
CREATE INDEX "parked_facts_of_instrument" ON "parked_facts" USING btree ("account_id",("parked" ->> 'instrumentId')) WHERE "parked_facts"."settled_at" IS NULL;--> statement-breakpoint
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
    amount, source, at)
  SELECT account_id, id, partition, seq, kind, instrument_id, strategy_id, qty, price, amount, source,
    fillstream_at(at)
  FROM json_to_recordset(facts -> 'adjustments')
    AS r (account_id text, id text, partition smallint, seq bigint, kind text, instrument_id text,
      strategy_id text, qty numeric, price numeric, amount numeric, source text, at bigint)
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
END $$;
