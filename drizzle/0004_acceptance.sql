-- Acceptance: one call, one commit, for everything that waits.
--
-- Locks are taken in one order by everyone (counters by partition and lane, then keys by scope and
-- key), so API processes queue behind each other and never deadlock. A number is given only under its
-- counter's lock and only to what is stored, so numbers have no gap, and a signal whose answer was sent
-- has a lower number than any that is accepted later.

CREATE FUNCTION fillstream_accept(
  lanes text[], ids uuid[], account_ids text[], item_partitions smallint[],
  scopes text[], keys text[], fingerprints text[],
  bodies text[], received bigint[], actors text[], traces text[]
) RETURNS TABLE (ord integer, result text, accepted_id uuid, accepted_number bigint, fingerprint text)
LANGUAGE plpgsql SET plan_cache_mode = force_generic_plan SET jit = off SET enable_seqscan = off AS $$
#variable_conflict use_column
DECLARE
  fresh boolean[] := array_fill(true, ARRAY[cardinality(ids)]);
  epoch CONSTANT timestamptz := to_timestamp(0);
  wanted integer;
  locked integer;
BEGIN
  SELECT count(*) INTO wanted FROM (SELECT DISTINCT * FROM unnest(item_partitions, lanes)) AS w;
  SELECT count(*) INTO locked FROM (
    SELECT FROM acceptance_counters c
    WHERE (c.partition, c.lane) IN (SELECT * FROM unnest(item_partitions, lanes))
    ORDER BY c.partition, c.lane FOR NO KEY UPDATE) AS l;
  IF locked <> wanted THEN
    RAISE EXCEPTION 'A partition of this batch does not exist in this deployment.'
      USING ERRCODE = 'foreign_key_violation';
  END IF;

  IF EXISTS (SELECT FROM unnest(keys) AS k WHERE k IS NOT NULL) THEN
    WITH item AS (
      SELECT * FROM unnest(scopes, keys, lanes, ids, fingerprints, received)
        WITH ORDINALITY AS u (scope, key, lane, id, fingerprint, received, ord)
      WHERE key IS NOT NULL
    ), stored AS (
      INSERT INTO idempotency_keys (scope, key, lane, id, fingerprint, created_at)
      SELECT scope, key, lane, id, fingerprint, epoch + received * interval '1 millisecond'
      FROM item ORDER BY scope, key, ord
      ON CONFLICT (scope, key) DO NOTHING
      RETURNING id
    )
    SELECT array_agg(u.key IS NULL OR stored.id IS NOT NULL ORDER BY u.ord) INTO fresh
    FROM unnest(keys, ids) WITH ORDINALITY AS u (key, id, ord)
    LEFT JOIN stored ON stored.id = u.id;
  END IF;

  RETURN QUERY
  WITH item AS (
    SELECT u.*, epoch + u.received * interval '1 millisecond' AS received_at,
      c.last_number + row_number() OVER (PARTITION BY u.partition, u.lane ORDER BY u.ord) AS number
    FROM unnest(lanes, ids, account_ids, item_partitions, bodies::json[], received, actors, traces)
      WITH ORDINALITY AS u (lane, id, account_id, partition, body, received, actor, trace_parent, ord)
    JOIN acceptance_counters c ON c.partition = u.partition AND c.lane = u.lane
    WHERE fresh[u.ord]
  ), new_signals AS (
    INSERT INTO signals (id, partition, number, account_id, instrument_id, strategy_id, body, actor,
      trace_parent, received_at)
    SELECT id, partition, number, account_id, body ->> 'instrumentId', body ->> 'strategyId', body, actor,
      trace_parent, received_at
    FROM item WHERE lane = 'signals' ORDER BY ord
  ), new_commands AS (
    INSERT INTO commands (id, partition, number, account_id, kind, body, actor, trace_parent, received_at)
    SELECT id, partition, number, account_id, body -> 'request' ->> 'kind', body, actor, trace_parent,
      received_at
    FROM item WHERE lane = 'control' ORDER BY ord
  ), counted AS (
    UPDATE acceptance_counters c SET last_number = top.number
    FROM (SELECT partition, lane, max(number) AS number FROM item GROUP BY partition, lane) AS top
    WHERE c.partition = top.partition AND c.lane = top.lane
  )
  SELECT ord::integer, 'accepted', id, number, NULL::text FROM item;

  IF NOT (true = ALL (fresh)) THEN
    RETURN QUERY
    SELECT u.ord::integer, CASE WHEN k.fingerprint = u.fingerprint THEN 'replayed' ELSE 'conflict' END,
      k.id, CASE k.lane
        WHEN 'signals' THEN (SELECT s.number FROM signals s WHERE s.id = k.id)
        ELSE (SELECT c.number FROM commands c WHERE c.id = k.id) END, k.fingerprint
    FROM unnest(scopes, keys, fingerprints) WITH ORDINALITY AS u (scope, key, fingerprint, ord)
    -- One look at the index for each: a join might be planned while the table is empty.
    CROSS JOIN LATERAL (
      SELECT * FROM idempotency_keys k WHERE k.scope = u.scope AND k.key = u.key LIMIT 1) AS k
    WHERE NOT fresh[u.ord];
  END IF;
END $$;
