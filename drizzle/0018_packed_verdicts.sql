/* Verdicts that say nothing but their result are one word in the log; whoever asks here sees every field. */
CREATE FUNCTION verdicts_of(payload json) RETURNS jsonb LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT coalesce(jsonb_agg(jsonb_build_object('result', 'pass', 'message', NULL, 'numbers', '{}'::jsonb, 'head', NULL)
    || CASE jsonb_typeof(v.verdict)
      WHEN 'string' THEN jsonb_build_object(
        'rule', split_part(v.verdict #>> '{}', ' ', 1),
        'result', coalesce(nullif(split_part(v.verdict #>> '{}', ' ', 2), ''), 'pass'))
      ELSE v.verdict END ORDER BY v.place), '[]'::jsonb)
  FROM jsonb_array_elements((payload -> 'verdicts')::jsonb) WITH ORDINALITY AS v (verdict, place)
$$;
--> statement-breakpoint
CREATE OR REPLACE VIEW signal_ledger AS
SELECT s.id, s.partition, s.number, s.account_id, s.strategy_id, s.instrument_id, s.actor,
  s.received_at, s.body, d.decided_at, d.outcome, d.rejected_by, d.reject_code, d.error_message,
  d.limits_version, d.mark_bid, d.mark_ask, d.mark_last, d.mark_age_ms, d.order_ids,
  verdicts_of(e.payload)::json AS verdicts
FROM signals s
LEFT JOIN decisions d ON d.signal_id = s.id
LEFT JOIN order_events e ON e.partition = d.partition AND e.seq = d.seq;
