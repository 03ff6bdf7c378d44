-- The engine's commit: one call, one transaction, for the parts of any number of partitions.
--
-- The fence is the update of each part's row in `partitions`: it happens only while the epoch is ours
-- and the log ends where the part begins. That update has to be made anyway, so the fence costs nothing,
-- and whoever takes the lease raises the epoch on the same row: it waits for a commit in flight, and
-- after it every commit of the old owner finds no row. Rows are locked in the order of their
-- partitions, and everything else that a part writes belongs to its partition alone.
--
-- Plans are generic: with custom ones every small commit was planned anew, 0.3 ms of its 0.6. And they go
-- by index, row by row: a plan made while the tables were empty would read them whole for ever after.
--
-- Rows travel as arrays of the composite types below, instants as milliseconds. The types are not the
-- tables' own, so that a later release can add a column while a worker of this one still commits.

CREATE TYPE fillstream_event_row AS (
  partition smallint, seq bigint, version integer, type text, account_id text, order_id uuid,
  at bigint, actor text, correlation_id text, causation_id text
);
CREATE TYPE fillstream_decision_row AS (
  signal_id uuid, partition smallint, seq bigint, number bigint, account_id text,
  instrument_id text, strategy_id text, outcome text, rejected_by text, reject_code text,
  error_message text, limits_version bigint, mark_bid numeric, mark_ask numeric,
  mark_last numeric, mark_age_ms bigint, order_ids uuid[], decided_at bigint
);
CREATE TYPE fillstream_order_row AS (
  id uuid, partition smallint, placed_seq bigint, account_id text, instrument_id text,
  strategy_id text, signal_id uuid, command_id uuid, parent_id uuid, role text, link_group text,
  reduces_position boolean, waits_for uuid[], side text, type text, time_in_force text,
  qty numeric, notional numeric, limit_price numeric, stop_price numeric, trail_price numeric,
  trail_percent numeric, extended_hours boolean, post_only boolean, exits json,
  received_at bigint, valid_until bigint, status text, hold text, hold_until bigint,
  pending_action text, pending_replace json, unresolved json, generation integer, reference text,
  broker_order_id text, broker_order_chain text[], filled_qty numeric, filled_notional numeric,
  filled_price numeric, rejected_by text, reject_code text, error_message text, flags text[],
  voided_executions text[], placed_at bigint, submitted_at bigint, accepted_at bigint,
  closed_at bigint, closed_by text, updated_at bigint, version integer
);
CREATE TYPE fillstream_execution_row AS (
  order_id uuid, id text, partition smallint, seq bigint, account_id text, instrument_id text,
  strategy_id text, side text, broker_order_id text, qty numeric, price numeric,
  cumulative_qty numeric, fee numeric, fee_in_asset numeric, executed_at bigint, source text,
  busted boolean, corrected_by text
);
CREATE TYPE fillstream_position_row AS (
  account_id text, instrument_id text, strategy_id text, partition smallint, qty numeric,
  cost_basis numeric, realized_gross numeric, fees numeric, opened_at bigint, updated_at bigint,
  last_fill_at bigint, version integer, seq bigint
);
CREATE TYPE fillstream_account_row AS (
  account_id text, partition smallint, equity numeric, cash numeric, buying_power numeric,
  non_marginable_buying_power numeric, shorting_enabled boolean, observed_at bigint,
  first_contact_at bigint, day_date date, day_equity_baseline numeric,
  day_realized_baseline numeric, day_unrealized_baseline numeric, day_orders_placed integer,
  day_loss_limit_crossed boolean, last_placed_at bigint, updated_at bigint
);
CREATE TYPE fillstream_name_row AS (partition smallint, account_id text, name text, order_id uuid);
--> statement-breakpoint
CREATE FUNCTION fillstream_at(milliseconds bigint) RETURNS timestamptz
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT to_timestamp(milliseconds::float8 / 1000)
$$;
--> statement-breakpoint
/*
 * Moves each part's partition on, and says of each part what became of it: 'committed', 'fenced' (the
 * epoch is another one) or 'stopped' (the trading state changed since).
 */
CREATE FUNCTION fillstream_pass_fence(
  part_partitions smallint[], epochs bigint[], after_seqs bigint[], event_counts integer[],
  signals bigint[], commands bigint[], trading_versions bigint[]
) RETURNS text[] LANGUAGE plpgsql AS $$
DECLARE
  results text[] := array_fill('committed'::text, ARRAY[cardinality(part_partitions)]);
  trading bigint;
  part record;
BEGIN
  IF cardinality(array_remove(trading_versions, NULL)) > 0 THEN
    -- Shared with every other intent, exclusive for a change of state, held until this is durable.
    PERFORM pg_advisory_xact_lock_shared(1179208780, 3);
    SELECT version INTO trading FROM trading_version;
  END IF;
  FOR part IN
    SELECT * FROM unnest(part_partitions, epochs, after_seqs, event_counts, signals, commands, trading_versions)
      WITH ORDINALITY AS u (number, epoch, after_seq, event_count, signals, commands, trading_version, ord)
    ORDER BY number
  LOOP
    IF part.trading_version <> trading THEN
      results[part.ord] := 'stopped';
      CONTINUE;
    END IF;
    UPDATE partitions SET last_seq = part.after_seq + part.event_count,
      decided_signals = part.signals, decided_commands = part.commands
    WHERE partition = part.number AND epoch = part.epoch AND last_seq = part.after_seq;
    IF FOUND THEN CONTINUE; END IF;
    -- Ours, but the log goes on behind the part: an earlier commit, whose reply was lost, came through
    -- after the book was loaded. Nothing of this one happens, and the book has to be loaded again.
    IF EXISTS (SELECT FROM partitions WHERE partition = part.number AND epoch = part.epoch) THEN
      RAISE EXCEPTION 'The log of partition % does not end at %.', part.number, part.after_seq
        USING ERRCODE = 'serialization_failure';
    END IF;
    results[part.ord] := 'fenced';
  END LOOP;
  RETURN results;
END $$;
--> statement-breakpoint
/* What most commits do not bring. */
CREATE FUNCTION fillstream_commit_rare(facts json, done smallint[]) RETURNS void
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
  UPDATE parked_facts p SET settled_at = fillstream_at(r.at), settled_by = 'adjustment ' || r.id
  FROM json_to_recordset(facts -> 'adjustments')
    AS r (account_id text, id text, partition smallint, kind text, instrument_id text, at bigint)
  WHERE r.partition = ANY (done) AND r.kind IN ('correction', 'adopted')
    AND p.account_id = r.account_id AND p.settled_at IS NULL
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
--> statement-breakpoint
CREATE FUNCTION fillstream_commit(
  part_partitions smallint[], epochs bigint[], after_seqs bigint[], event_counts integer[],
  signals bigint[], commands bigint[], trading_versions bigint[],
  events fillstream_event_row[], payloads text, decided fillstream_decision_row[],
  placed fillstream_order_row[], changed fillstream_order_row[], fills fillstream_execution_row[],
  holdings fillstream_position_row[], order_references fillstream_name_row[],
  order_names fillstream_name_row[], account_changes fillstream_account_row[], rare text
) RETURNS text[] LANGUAGE plpgsql
SET plan_cache_mode = force_generic_plan SET jit = off
SET enable_seqscan = off SET enable_hashjoin = off SET enable_mergejoin = off AS $$
DECLARE
  results text[];
  done smallint[];
  met integer;
BEGIN
  results := fillstream_pass_fence(part_partitions, epochs, after_seqs, event_counts, signals, commands,
    trading_versions);
  SELECT array_agg(p) INTO done
  FROM unnest(part_partitions, results) AS u (p, result) WHERE result = 'committed';
  IF done IS NULL THEN RETURN results; END IF;

  INSERT INTO order_events (partition, seq, version, type, account_id, order_id, at, actor,
    correlation_id, causation_id, payload)
  SELECT r.partition, r.seq, r.version, r.type, r.account_id, r.order_id, fillstream_at(r.at), r.actor,
    r.correlation_id, r.causation_id, r.payload::json
  -- JSON never holds a bare record separator, so the payloads need no escaping on either side.
  FROM unnest(events, string_to_array(payloads, E'\x1e')) AS r (partition, seq, version, type, account_id, order_id, at, actor,
    correlation_id, causation_id, payload)
  WHERE r.partition = ANY (done);

  IF cardinality(decided) > 0 THEN
    INSERT INTO decisions (signal_id, partition, seq, number, account_id, instrument_id, strategy_id,
      outcome, rejected_by, reject_code, error_message, limits_version, mark_bid, mark_ask, mark_last,
      mark_age_ms, order_ids, decided_at)
    SELECT r.signal_id, r.partition, r.seq, r.number, r.account_id, r.instrument_id, r.strategy_id,
      r.outcome, r.rejected_by, r.reject_code, r.error_message, r.limits_version, r.mark_bid, r.mark_ask,
      r.mark_last, r.mark_age_ms, r.order_ids, fillstream_at(r.decided_at)
    FROM unnest(decided) AS r WHERE r.partition = ANY (done);
  END IF;

  IF cardinality(placed) > 0 THEN
    INSERT INTO orders (
      id, partition, placed_seq, account_id, instrument_id, strategy_id, signal_id, command_id,
      parent_id, role, link_group, reduces_position, waits_for, side, type, time_in_force, qty,
      notional, limit_price, stop_price, trail_price, trail_percent, extended_hours, post_only,
      exits, received_at, valid_until, status, hold, hold_until, pending_action, pending_replace,
      unresolved, generation, reference, broker_order_id, broker_order_chain, filled_qty,
      filled_notional, filled_price, rejected_by, reject_code, error_message, flags,
      voided_executions, placed_at, submitted_at, accepted_at, closed_at, closed_by, updated_at,
      version)
    SELECT
      r.id, r.partition, r.placed_seq, r.account_id, r.instrument_id, r.strategy_id, r.signal_id,
      r.command_id, r.parent_id, r.role, r.link_group, r.reduces_position, r.waits_for, r.side,
      r.type, r.time_in_force, r.qty, r.notional, r.limit_price, r.stop_price, r.trail_price,
      r.trail_percent, r.extended_hours, r.post_only, r.exits, fillstream_at(r.received_at),
      fillstream_at(r.valid_until), r.status, r.hold, fillstream_at(r.hold_until),
      r.pending_action, r.pending_replace, r.unresolved, r.generation, r.reference,
      r.broker_order_id, r.broker_order_chain, r.filled_qty, r.filled_notional, r.filled_price,
      r.rejected_by, r.reject_code, r.error_message, r.flags, r.voided_executions,
      fillstream_at(r.placed_at), fillstream_at(r.submitted_at), fillstream_at(r.accepted_at),
      fillstream_at(r.closed_at), r.closed_by, fillstream_at(r.updated_at), r.version
    FROM unnest(placed) AS r WHERE r.partition = ANY (done);
  END IF;

  IF cardinality(changed) > 0 THEN
    UPDATE orders o SET
      time_in_force = r.time_in_force, qty = r.qty, notional = r.notional,
      limit_price = r.limit_price, stop_price = r.stop_price, trail_price = r.trail_price,
      trail_percent = r.trail_percent, status = r.status, hold = r.hold,
      hold_until = fillstream_at(r.hold_until), pending_action = r.pending_action,
      pending_replace = r.pending_replace, unresolved = r.unresolved, generation = r.generation,
      reference = r.reference, broker_order_id = r.broker_order_id,
      broker_order_chain = r.broker_order_chain, filled_qty = r.filled_qty,
      filled_notional = r.filled_notional, filled_price = r.filled_price,
      rejected_by = r.rejected_by, reject_code = r.reject_code, error_message = r.error_message,
      flags = r.flags, voided_executions = r.voided_executions,
      submitted_at = fillstream_at(r.submitted_at), accepted_at = fillstream_at(r.accepted_at),
      closed_at = fillstream_at(r.closed_at), closed_by = r.closed_by,
      updated_at = fillstream_at(r.updated_at), version = r.version
    FROM unnest(changed) AS r WHERE o.id = r.id AND r.partition = ANY (done);
    GET DIAGNOSTICS met = ROW_COUNT;
    IF met <> (SELECT count(*) FROM unnest(changed) AS r WHERE r.partition = ANY (done)) THEN
      RAISE EXCEPTION 'An order changed that was never placed.' USING ERRCODE = 'foreign_key_violation';
    END IF;
  END IF;

  IF cardinality(fills) > 0 THEN
    INSERT INTO executions (
      order_id, id, partition, seq, account_id, instrument_id, strategy_id, side, broker_order_id,
      qty, price, cumulative_qty, fee, fee_in_asset, executed_at, source, busted, corrected_by)
    SELECT
      r.order_id, r.id, r.partition, r.seq, r.account_id, r.instrument_id, r.strategy_id, r.side,
      r.broker_order_id, r.qty, r.price, r.cumulative_qty, r.fee, r.fee_in_asset,
      fillstream_at(r.executed_at), r.source, r.busted, r.corrected_by
    FROM unnest(fills) AS r WHERE r.partition = ANY (done)
    -- Some brokers correct a fill under its own id: the new figures take the old one's place.
    ON CONFLICT (order_id, id) DO UPDATE SET
      seq = excluded.seq, broker_order_id = excluded.broker_order_id, qty = excluded.qty,
      price = excluded.price, cumulative_qty = excluded.cumulative_qty, fee = excluded.fee,
      fee_in_asset = excluded.fee_in_asset, executed_at = excluded.executed_at,
      source = excluded.source, busted = excluded.busted, corrected_by = excluded.corrected_by;
    -- A fill that another order has already counted breaks the key, and with it this commit.
    INSERT INTO execution_identities (account_id, execution_id, order_id)
    SELECT r.account_id, r.id, r.order_id FROM unnest(fills) AS r
    WHERE r.partition = ANY (done) AND NOT EXISTS (
      SELECT FROM execution_identities k
      WHERE k.account_id = r.account_id AND k.execution_id = r.id AND k.order_id = r.order_id);
    IF EXISTS (SELECT FROM parked_facts WHERE settled_at IS NULL) THEN
      UPDATE parked_facts p SET settled_at = now(), settled_by = 'order ' || r.order_id
      FROM unnest(fills) AS r
      WHERE r.partition = ANY (done) AND p.settled_at IS NULL
        AND p.account_id = r.account_id AND p.execution_id = r.id;
    END IF;
  END IF;

  IF cardinality(holdings) > 0 THEN
    INSERT INTO position_states AS s (account_id, instrument_id, strategy_id, partition, qty, cost_basis,
      realized_gross, fees, opened_at, updated_at, last_fill_at, version)
    SELECT r.account_id, r.instrument_id, r.strategy_id, r.partition, r.qty, r.cost_basis,
      r.realized_gross, r.fees, fillstream_at(r.opened_at), fillstream_at(r.updated_at),
      fillstream_at(r.last_fill_at), r.version
    FROM unnest(holdings) AS r WHERE r.partition = ANY (done)
    ON CONFLICT (account_id, instrument_id, strategy_id) DO UPDATE SET qty = excluded.qty,
      cost_basis = excluded.cost_basis, realized_gross = excluded.realized_gross, fees = excluded.fees,
      opened_at = excluded.opened_at, updated_at = excluded.updated_at,
      last_fill_at = coalesce(excluded.last_fill_at, s.last_fill_at), version = excluded.version;
    INSERT INTO position_history (partition, seq, account_id, instrument_id, strategy_id, qty, cost_basis,
      realized_gross, fees, version, at)
    SELECT r.partition, r.seq, r.account_id, r.instrument_id, r.strategy_id, r.qty, r.cost_basis,
      r.realized_gross, r.fees, r.version, fillstream_at(r.updated_at)
    FROM unnest(holdings) AS r WHERE r.partition = ANY (done);
  END IF;

  IF cardinality(account_changes) > 0 THEN
    WITH used AS (
      -- A resend repeats its reference; a reference of another order breaks the key.
      INSERT INTO broker_references (account_id, reference, order_id)
      SELECT r.account_id, r.name, r.order_id FROM unnest(order_references) AS r
      WHERE r.partition = ANY (done) AND NOT EXISTS (
        SELECT FROM broker_references k
        WHERE k.account_id = r.account_id AND k.reference = r.name AND k.order_id = r.order_id)
      RETURNING account_id
    ), counted AS (SELECT account_id, count(*) AS used FROM used GROUP BY account_id)
    INSERT INTO account_states AS s (account_id, partition, equity, cash, buying_power,
      non_marginable_buying_power, shorting_enabled, observed_at, first_contact_at, day_date,
      day_equity_baseline, day_realized_baseline, day_unrealized_baseline, day_orders_placed,
      day_loss_limit_crossed, reference_counter, last_placed_at, updated_at)
    SELECT r.account_id, r.partition, r.equity, r.cash, r.buying_power, r.non_marginable_buying_power,
      r.shorting_enabled, fillstream_at(r.observed_at), fillstream_at(r.first_contact_at), r.day_date,
      r.day_equity_baseline, r.day_realized_baseline, r.day_unrealized_baseline, r.day_orders_placed,
      r.day_loss_limit_crossed, coalesce(c.used, 0), fillstream_at(r.last_placed_at),
      fillstream_at(r.updated_at)
    FROM unnest(account_changes) AS r LEFT JOIN counted c USING (account_id)
    WHERE r.partition = ANY (done)
    ON CONFLICT (account_id) DO UPDATE SET
      equity = coalesce(excluded.equity, s.equity),
      cash = coalesce(excluded.cash, s.cash),
      buying_power = coalesce(excluded.buying_power, s.buying_power),
      non_marginable_buying_power = CASE WHEN excluded.observed_at IS NULL
        THEN s.non_marginable_buying_power ELSE excluded.non_marginable_buying_power END,
      shorting_enabled = coalesce(excluded.shorting_enabled, s.shorting_enabled),
      observed_at = coalesce(excluded.observed_at, s.observed_at),
      first_contact_at = coalesce(s.first_contact_at, excluded.first_contact_at),
      day_date = coalesce(excluded.day_date, s.day_date),
      day_equity_baseline = CASE WHEN excluded.day_date IS NULL
        THEN s.day_equity_baseline ELSE excluded.day_equity_baseline END,
      day_realized_baseline = coalesce(excluded.day_realized_baseline, s.day_realized_baseline),
      day_unrealized_baseline = coalesce(excluded.day_unrealized_baseline, s.day_unrealized_baseline),
      day_orders_placed = CASE WHEN excluded.day_date IS NULL
        THEN s.day_orders_placed + excluded.day_orders_placed ELSE excluded.day_orders_placed END,
      day_loss_limit_crossed = coalesce(excluded.day_loss_limit_crossed, s.day_loss_limit_crossed),
      reference_counter = s.reference_counter + excluded.reference_counter,
      last_placed_at = coalesce(excluded.last_placed_at, s.last_placed_at),
      updated_at = excluded.updated_at;
  END IF;

  IF cardinality(order_names) > 0 THEN
    INSERT INTO broker_orders (account_id, broker_order_id, order_id)
    SELECT r.account_id, r.name, r.order_id FROM unnest(order_names) AS r
    WHERE r.partition = ANY (done) AND NOT EXISTS (
      SELECT FROM broker_orders k
      WHERE k.account_id = r.account_id AND k.broker_order_id = r.name AND k.order_id = r.order_id);
  END IF;

  IF rare IS NOT NULL THEN PERFORM fillstream_commit_rare(rare::json, done); END IF;
  RETURN results;
END $$;
