-- What people read with SQL. Words as in the API; instants are timestamptz, money is exact.

/*
 * The fold joined with its mark: a new price revalues every position without writing one. Without a
 * price an open position has no value, and says so with NULL instead of a guess.
 */
CREATE VIEW positions AS
SELECT s.account_id, s.instrument_id, split_part(s.instrument_id, ':', 1) AS venue,
  substr(s.instrument_id, strpos(s.instrument_id, ':') + 1) AS symbol,
  i.asset_class, i.currency, s.strategy_id, s.qty, s.cost_basis,
  CASE WHEN s.qty <> 0 THEN trim_scale(round(s.cost_basis / s.qty, 12)) END AS avg_price,
  p.price AS last_price,
  m.at AS last_price_at,
  CASE WHEN s.qty = 0 THEN 0 ELSE trim_scale(s.qty * p.price) END AS market_value,
  CASE WHEN s.qty = 0 THEN 0 ELSE trim_scale(s.qty * p.price - s.cost_basis) END AS unrealized_pnl,
  trim_scale(s.realized_gross - s.fees) AS realized_pnl,
  s.realized_gross, s.fees, s.opened_at, s.updated_at, s.version
FROM position_states s
LEFT JOIN instruments i ON i.id = s.instrument_id
LEFT JOIN marks m ON m.instrument_id = s.instrument_id
LEFT JOIN LATERAL (SELECT trim_scale(coalesce(m.last, (m.bid + m.ask) * 0.5)) AS price) p ON true;
--> statement-breakpoint
/* Every event of every order, with who caused it. */
CREATE VIEW order_audit_log AS
SELECT e.at, e.order_id, e.account_id, e.type AS event, e.actor, e.correlation_id, e.causation_id,
  e.payload AS detail, e.partition, e.seq
FROM order_events e
WHERE e.order_id IS NOT NULL;
--> statement-breakpoint
/* One line per order, with its latencies in milliseconds. */
CREATE VIEW order_summary AS
SELECT o.id, o.signal_id, o.account_id, o.strategy_id,
  substr(o.instrument_id, strpos(o.instrument_id, ':') + 1) AS symbol,
  split_part(o.instrument_id, ':', 1) AS venue, o.side, o.type, o.qty, o.notional, o.limit_price,
  o.stop_price, o.status, o.hold, o.pending_action, o.unresolved IS NOT NULL AS unresolved,
  o.filled_qty, o.filled_price, o.filled_notional, o.rejected_by, o.reject_code, o.error_message,
  o.broker_order_id, o.received_at, o.placed_at, o.submitted_at, o.accepted_at, o.closed_at,
  round(extract(epoch FROM o.submitted_at - o.received_at) * 1000, 3) AS received_to_submitted_ms,
  round(extract(epoch FROM o.accepted_at - o.submitted_at) * 1000, 3) AS submitted_to_accepted_ms,
  round(extract(epoch FROM o.closed_at - o.accepted_at) * 1000, 3) AS accepted_to_closed_ms
FROM orders o;
--> statement-breakpoint
/* By trading date in the account's own zone; currencies are never added. */
CREATE VIEW daily_order_statistics AS
SELECT (o.placed_at AT TIME ZONE a.day_zone)::date AS date, o.account_id, i.currency,
  count(*) AS orders,
  count(*) FILTER (WHERE o.status = 'filled') AS filled,
  count(*) FILTER (WHERE o.status = 'partially_filled') AS partially_filled,
  count(*) FILTER (WHERE o.status = 'cancelled') AS cancelled,
  count(*) FILTER (WHERE o.status = 'rejected') AS rejected,
  count(*) FILTER (WHERE o.status = 'rejected' AND o.rejected_by = 'risk') AS rejected_by_risk,
  count(*) FILTER (WHERE o.status = 'rejected' AND o.rejected_by = 'broker') AS rejected_by_broker,
  count(*) FILTER (WHERE o.status = 'expired') AS expired,
  count(*) FILTER (WHERE o.closed_at IS NULL) AS open,
  coalesce(sum(o.filled_notional) FILTER (WHERE o.side = 'buy'), 0) AS bought_notional,
  coalesce(sum(o.filled_notional) FILTER (WHERE o.side = 'sell'), 0) AS sold_notional,
  round(avg(extract(epoch FROM o.submitted_at - o.received_at) * 1000), 3) AS avg_received_to_submitted_ms
FROM orders o
JOIN accounts a ON a.id = o.account_id
LEFT JOIN instruments i ON i.id = o.instrument_id
GROUP BY 1, 2, 3;
--> statement-breakpoint
/* What came in and what became of it; the verdicts are in the log, at (partition, seq). */
CREATE VIEW signal_ledger AS
SELECT s.id, s.partition, s.number, s.account_id, s.strategy_id, s.instrument_id, s.actor,
  s.received_at, s.body, d.decided_at, d.outcome, d.rejected_by, d.reject_code, d.error_message,
  d.limits_version, d.mark_bid, d.mark_ask, d.mark_last, d.mark_age_ms, d.order_ids,
  e.payload -> 'verdicts' AS verdicts
FROM signals s
LEFT JOIN decisions d ON d.signal_id = s.id
LEFT JOIN order_events e ON e.partition = d.partition AND e.seq = d.seq;
