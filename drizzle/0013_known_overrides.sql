-- An override for a symbol that nobody trades would silently do nothing: it is refused like one for an
-- account that is not there. A strategy is known by its first signal only, so GET /limits warns of it.
CREATE OR REPLACE FUNCTION fillstream_overrides_before() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  limit_row configs;
BEGIN
  SELECT * INTO limit_row FROM configs WHERE key = NEW.key;
  IF NOT FOUND THEN
    PERFORM fillstream_refuse(format('There is no configuration key %s to override.', NEW.key),
      'The keys are: ' || (SELECT string_agg(key, ', ' ORDER BY key) FROM configs) || '.');
  END IF;
  IF NEW.key = 'trading_state' THEN
    PERFORM fillstream_refuse('trading_state has no overrides.',
      'The state of one account or strategy is a row of trading_states.');
  END IF;
  IF NEW.account_id IS NOT NULL AND NOT EXISTS (SELECT FROM accounts WHERE id = NEW.account_id) THEN
    PERFORM fillstream_refuse(format('There is no account %s.', NEW.account_id),
      'The accounts are: ' || coalesce((SELECT string_agg(id, ', ' ORDER BY id) FROM accounts), 'none yet') || '.');
  END IF;
  NEW.symbol := upper(NEW.symbol);
  -- Before a broker has listed anything nobody can say what is wrong.
  IF (TG_OP = 'INSERT' OR NEW.symbol IS DISTINCT FROM OLD.symbol) AND NEW.symbol IS NOT NULL
    AND EXISTS (SELECT FROM instruments)
    AND NOT EXISTS (SELECT FROM instruments WHERE symbol = NEW.symbol) THEN
    PERFORM fillstream_refuse(
      format('There is no instrument %s, so nothing would be limited.', NEW.symbol),
      coalesce('Did you mean ' || (SELECT string_agg(DISTINCT symbol, ' or ') FROM instruments
        WHERE replace(replace(symbol, '/', ''), '-', '') = replace(replace(NEW.symbol, '/', ''), '-', '')) || '?',
        'SELECT symbol FROM instruments lists them all.'));
  END IF;
  NEW.value := fillstream_check_value(limit_row, NEW.value);
  IF TG_OP = 'UPDATE' THEN
    NEW.version := OLD.version + 1;
    IF NEW.reason IS NOT DISTINCT FROM OLD.reason THEN NEW.reason := fillstream_reason(); END IF;
  ELSE
    NEW.version := 1;
    NEW.reason := coalesce(NEW.reason, fillstream_reason());
  END IF;
  NEW.updated_by := fillstream_actor();
  NEW.updated_at := now();
  RETURN NEW;
END $$;
