-- Tables that only grow and are asked by a key or an age need no fine picture of their values. Autovacuum draws one
-- with every tenth of growth, from 30,000 pages at its default of 100, which is felt on a busy machine.
CREATE FUNCTION fillstream_sample_little(grown regclass) RETURNS void LANGUAGE plpgsql AS $$
DECLARE
  name text;
BEGIN
  FOR name IN SELECT attname FROM pg_attribute WHERE attrelid = grown AND attnum > 0 AND NOT attisdropped LOOP
    EXECUTE format('ALTER TABLE ONLY %s ALTER COLUMN %I SET STATISTICS 10', grown, name);
  END LOOP;
END $$;
--> statement-breakpoint
/* The events of an order lie side by side, so a small sample would count far too few orders. */
CREATE FUNCTION fillstream_sample_log(grown regclass) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM fillstream_sample_little(grown);
  EXECUTE format(
    'ALTER TABLE ONLY %s ALTER COLUMN order_id SET (n_distinct = -0.2, n_distinct_inherited = -0.2)', grown);
END $$;
--> statement-breakpoint
SELECT fillstream_sample_little(grown) FROM unnest(
  '{broker_orders, broker_references, execution_identities, idempotency_keys}'::regclass[]) AS grown;
SELECT fillstream_sample_log(relid) FROM pg_partition_tree('order_events');
--> statement-breakpoint
/* As before; a range of the log draws small samples. */
CREATE OR REPLACE FUNCTION fillstream_make_range(parent text, child text, key text, low text, high text)
RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  IF to_regclass(child) IS NOT NULL THEN RETURN false; END IF;
  EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL)', child, parent);
  -- Inline up to a page: a row of the log is read whole or not at all, and compressing it costs more.
  IF parent = 'order_events' THEN
    EXECUTE format('ALTER TABLE %I SET (toast_tuple_target = 8160)', child);
    PERFORM fillstream_sample_log(child::regclass);
  END IF;
  PERFORM set_config('fillstream.moving_log', 'on', true);
  EXECUTE format(
    'WITH moved AS (DELETE FROM %I WHERE %I >= %L AND %I < %L RETURNING *) INSERT INTO %I SELECT * FROM moved',
    parent || '_default', key, low, key, high, child);
  PERFORM set_config('fillstream.moving_log', 'off', true);
  EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', parent, child, low, high);
  RETURN true;
END $$;
