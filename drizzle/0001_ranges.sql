-- Ranges of the growing tables, made ahead of need, and the log's protection.
--
-- signals, decisions and executions are cut by their uuid, whose first 48 bits are milliseconds: one
-- month each. order_events is cut by seq: 4,194,304 events of each partition. Rows that no range expects
-- (a clock far off, a test's made-up id) land in the default partition and lose nothing but speed.

/* The lowest uuid that can have been made at an instant. */
CREATE FUNCTION fillstream_uuid_from(instant timestamptz) RETURNS uuid
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT rpad(lpad(to_hex(floor(extract(epoch FROM instant) * 1000)::bigint), 12, '0'), 32, '0')::uuid
$$;
--> statement-breakpoint
CREATE TABLE signals_default PARTITION OF signals DEFAULT;
CREATE TABLE decisions_default PARTITION OF decisions DEFAULT;
CREATE TABLE executions_default PARTITION OF executions DEFAULT;
CREATE TABLE order_events_default PARTITION OF order_events DEFAULT;
--> statement-breakpoint
/* Makes one range unless it is there; rows that waited in the default partition move into it. */
CREATE FUNCTION fillstream_make_range(parent text, child text, key text, low text, high text)
RETURNS boolean LANGUAGE plpgsql AS $$
BEGIN
  IF to_regclass(child) IS NOT NULL THEN RETURN false; END IF;
  EXECUTE format('CREATE TABLE %I (LIKE %I INCLUDING ALL)', child, parent);
  -- Inline up to a page: a row of the log is read whole or not at all, and compressing it costs more.
  IF parent = 'order_events' THEN
    EXECUTE format('ALTER TABLE %I SET (toast_tuple_target = 8160)', child);
  END IF;
  PERFORM set_config('fillstream.moving_log', 'on', true);
  EXECUTE format(
    'WITH moved AS (DELETE FROM %I WHERE %I >= %L AND %I < %L RETURNING *) INSERT INTO %I SELECT * FROM moved',
    parent || '_default', key, low, key, high, child);
  PERFORM set_config('fillstream.moving_log', 'off', true);
  EXECUTE format('ALTER TABLE %I ATTACH PARTITION %I FOR VALUES FROM (%L) TO (%L)', parent, child, low, high);
  RETURN true;
END $$;
--> statement-breakpoint
/*
 * Makes this month's ranges and those of the next months, and two ranges of the log ahead of the
 * furthest partition. Called by every migration and by a daily job; answers how many it made.
 */
CREATE FUNCTION fillstream_make_ranges(today timestamptz DEFAULT now(), months integer DEFAULT 3)
RETURNS integer LANGUAGE plpgsql AS $$
DECLARE
  size CONSTANT bigint := 4194304;
  month timestamp;
  low uuid;
  high uuid;
  suffix text;
  furthest bigint;
  made integer := 0;
BEGIN
  PERFORM pg_advisory_xact_lock(1179208780, 2);
  FOR ahead IN 0..months LOOP
    month := date_trunc('month', today AT TIME ZONE 'UTC') + make_interval(months => ahead);
    low := fillstream_uuid_from(month AT TIME ZONE 'UTC');
    high := fillstream_uuid_from((month + interval '1 month') AT TIME ZONE 'UTC');
    suffix := to_char(month, '_YYYY_MM');
    made := made
      + fillstream_make_range('signals', 'signals' || suffix, 'id', low::text, high::text)::int
      + fillstream_make_range('decisions', 'decisions' || suffix, 'signal_id', low::text, high::text)::int
      + fillstream_make_range('executions', 'executions' || suffix, 'order_id', low::text, high::text)::int;
  END LOOP;
  SELECT coalesce(max(last_seq), 0) / size INTO furthest FROM partitions;
  FOR piece IN furthest..furthest + 2 LOOP
    made := made + fillstream_make_range(
      'order_events', 'order_events_' || lpad(piece::text, 5, '0'), 'seq',
      (piece * size)::text, ((piece + 1) * size)::text)::int;
  END LOOP;
  RETURN made;
END $$;
--> statement-breakpoint
CREATE FUNCTION fillstream_log_is_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' AND current_setting('fillstream.moving_log', true) = 'on' THEN RETURN OLD; END IF;
  RAISE EXCEPTION 'The log is append-only: % of order_events is refused.', TG_OP
    USING ERRCODE = 'restrict_violation', HINT = 'Record a new event that says what is right.';
END $$;
--> statement-breakpoint
CREATE TRIGGER order_events_append_only BEFORE UPDATE OR DELETE ON order_events
  FOR EACH ROW EXECUTE FUNCTION fillstream_log_is_append_only();
CREATE TRIGGER order_events_no_truncate BEFORE TRUNCATE ON order_events
  FOR EACH STATEMENT EXECUTE FUNCTION fillstream_log_is_append_only();
--> statement-breakpoint
-- Rows that change with every commit: room for the next version beside the last, vacuumed often.
ALTER TABLE partitions SET (fillfactor = 10, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
ALTER TABLE acceptance_counters SET (fillfactor = 10, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
ALTER TABLE leases SET (fillfactor = 10, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 1000);
ALTER TABLE account_states SET (fillfactor = 30, autovacuum_vacuum_scale_factor = 0, autovacuum_vacuum_threshold = 2000);
ALTER TABLE position_states SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05);
ALTER TABLE marks SET (fillfactor = 50, autovacuum_vacuum_scale_factor = 0.05);
-- An order is written about three times while it is young; its later versions fit into the same page.
ALTER TABLE orders SET (fillfactor = 70, autovacuum_vacuum_scale_factor = 0.02, autovacuum_analyze_scale_factor = 0.02);
--> statement-breakpoint
SELECT fillstream_make_ranges();
