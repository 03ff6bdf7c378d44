CREATE INDEX "adjustments_splits" ON "adjustments" USING btree ("partition","account_id","instrument_id","at") WHERE "adjustments"."kind" = 'split';--> statement-breakpoint
/* When each instrument of an account was split last: a price from before it is of another share. */
CREATE VIEW last_splits AS
SELECT partition, account_id, instrument_id, max(at) AS at
FROM adjustments WHERE kind = 'split' AND instrument_id IS NOT NULL
GROUP BY partition, account_id, instrument_id;
--> statement-breakpoint
CREATE OR REPLACE VIEW positions AS
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
LEFT JOIN last_splits l ON l.account_id = s.account_id AND l.instrument_id = s.instrument_id
LEFT JOIN marks m ON m.instrument_id = s.instrument_id AND (l.at IS NULL OR m.at >= l.at)
LEFT JOIN LATERAL (SELECT trim_scale(coalesce(m.last, (m.bid + m.ask) * 0.5)) AS price) p ON true;
