/* A signal is remembered for a day: a longer window promised what it did not do. */
CREATE OR REPLACE FUNCTION fillstream_check_value(limit_row configs, given text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
  value text := btrim(given);
  highest numeric := CASE limit_row.kind
    WHEN 'percent' THEN 100
    WHEN 'count' THEN 1000000000
    WHEN 'seconds' THEN CASE limit_row.key WHEN 'duplicate_window_seconds' THEN 86400 ELSE 31536000 END
    WHEN 'milliseconds' THEN 86400000
    ELSE 1000000000000000 END;
  wanted text := CASE limit_row.kind
    WHEN 'money' THEN 'an amount such as 20000 or 20000.50'
    WHEN 'quantity' THEN 'a quantity such as 100 or 0.5'
    WHEN 'percent' THEN 'a percentage from 0 to 100'
    WHEN 'count' THEN 'a whole number such as 200'
    WHEN 'seconds' THEN 'whole seconds, at most a '
      || CASE limit_row.key WHEN 'duplicate_window_seconds' THEN 'day' ELSE 'year' END
    WHEN 'milliseconds' THEN 'whole milliseconds, at most a day'
    WHEN 'switch' THEN 'true or false'
    WHEN 'choice' THEN 'one of ' || array_to_string(limit_row.choices, ', ')
    WHEN 'symbols' THEN 'symbols separated by commas, such as AAPL,BTC/USD' END;
  good boolean;
BEGIN
  IF value IS NULL THEN
    IF limit_row.required THEN
      PERFORM fillstream_refuse(
        format('%s cannot be switched off: it takes %s.', limit_row.key, wanted), limit_row.description);
    END IF;
    RETURN NULL;
  END IF;
  CASE limit_row.kind
    WHEN 'money', 'quantity', 'percent' THEN
      good := value ~ '^(0|[1-9][0-9]*)(\.[0-9]{1,18})?$' AND length(value) <= 40;
    WHEN 'count', 'seconds', 'milliseconds' THEN
      good := value ~ '^(0|[1-9][0-9]{0,17})$';
    WHEN 'switch' THEN
      value := lower(value);
      good := value IN ('true', 'false');
    WHEN 'choice' THEN
      value := lower(value);
      good := value = ANY (limit_row.choices);
    WHEN 'symbols' THEN
      value := upper(regexp_replace(value, '\s*,\s*', ',', 'g'));
      good := value ~ '^[A-Z0-9][A-Z0-9./:-]*(,[A-Z0-9][A-Z0-9./:-]*)*$';
    ELSE
      good := false;
  END CASE;
  IF good AND limit_row.kind NOT IN ('switch', 'choice', 'symbols') THEN
    good := value::numeric <= highest;
  END IF;
  IF NOT good THEN
    PERFORM fillstream_refuse(
      format('%L is no value for %s: it takes %s%s.', given, limit_row.key, wanted,
        CASE WHEN limit_row.required THEN '' ELSE ', or NULL for off' END),
      limit_row.description);
  END IF;
  RETURN value;
END $$;
--> statement-breakpoint
DO $$
BEGIN
  IF EXISTS (SELECT FROM configs WHERE key = 'duplicate_window_seconds' AND value::numeric > 86400) THEN
    UPDATE configs SET value = '86400' WHERE key = 'duplicate_window_seconds';
  END IF;
  IF EXISTS (SELECT FROM config_overrides WHERE key = 'duplicate_window_seconds' AND value::numeric > 86400) THEN
    UPDATE config_overrides SET value = '86400'
    WHERE key = 'duplicate_window_seconds' AND value::numeric > 86400;
  END IF;
END $$;
