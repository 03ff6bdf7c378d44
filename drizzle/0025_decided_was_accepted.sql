-- The commit as before (0005), and the rule that what is decided has its row: the stream only carries copies.
CREATE OR REPLACE FUNCTION fillstream_commit(
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
  -- Redis may outlive a restored database, and then tells of what was accepted in the time that is gone.
  IF EXISTS (
    SELECT FROM unnest(decided) AS r WHERE NOT EXISTS (
      -- By the number, which one index has: of those that have the id, a plan might take one where it comes second.
      SELECT FROM signals s
      WHERE s.partition = r.partition AND s.number = r.number AND s.id IS NOT DISTINCT FROM r.signal_id)
  ) OR (rare IS NOT NULL AND EXISTS (
    SELECT FROM json_to_recordset(rare::json -> 'commands') AS r (id uuid, partition smallint)
    WHERE NOT EXISTS (SELECT FROM commands c WHERE c.id = r.id AND c.partition = r.partition))
  ) THEN
    RAISE EXCEPTION 'A signal or command was decided that was never accepted.' USING ERRCODE = 'FS001';
  END IF;
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
