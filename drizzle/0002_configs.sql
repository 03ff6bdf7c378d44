-- Configuration that defends itself: whatever changes it (psql, the API, a script), a value that makes
-- no sense is refused with a sentence, every change is kept with who made it, and the workers hear of it.
--
-- Who and why come from the settings fillstream.actor and fillstream.reason where the API set them,
-- otherwise from the session's user.

CREATE FUNCTION fillstream_actor() RETURNS text LANGUAGE sql STABLE AS $$
  SELECT coalesce(nullif(current_setting('fillstream.actor', true), ''), 'sql:' || session_user)
$$;
--> statement-breakpoint
CREATE FUNCTION fillstream_reason() RETURNS text LANGUAGE sql STABLE AS $$
  SELECT nullif(current_setting('fillstream.reason', true), '')
$$;
--> statement-breakpoint
CREATE FUNCTION fillstream_refuse(sentence text, advice text) RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION '%', sentence USING ERRCODE = 'check_violation', HINT = advice;
END $$;
--> statement-breakpoint
/* The value as it will be stored, or a refusal that says what would be right. */
CREATE FUNCTION fillstream_check_value(limit_row configs, given text) RETURNS text
LANGUAGE plpgsql AS $$
DECLARE
  value text := btrim(given);
  highest numeric := CASE limit_row.kind
    WHEN 'percent' THEN 100
    WHEN 'count' THEN 1000000000
    WHEN 'seconds' THEN 31536000
    WHEN 'milliseconds' THEN 86400000
    ELSE 1000000000000000 END;
  wanted text := CASE limit_row.kind
    WHEN 'money' THEN 'an amount such as 20000 or 20000.50'
    WHEN 'quantity' THEN 'a quantity such as 100 or 0.5'
    WHEN 'percent' THEN 'a percentage from 0 to 100'
    WHEN 'count' THEN 'a whole number such as 200'
    WHEN 'seconds' THEN 'whole seconds, at most a year'
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
/* Counts one more change of the limits, and answers the new count. */
CREATE FUNCTION fillstream_next_limits_version() RETURNS bigint LANGUAGE sql AS $$
  UPDATE config_version SET version = version + 1 RETURNING version
$$;
--> statement-breakpoint
/*
 * Every commit that writes an intent holds this lock shared until it is durable, and compares the
 * version. So when a stop has committed, each intent is either durable before it or refused after it.
 */
CREATE FUNCTION fillstream_next_trading_version() RETURNS void LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_advisory_xact_lock(1179208780, 3);
  UPDATE trading_version SET version = version + 1;
END $$;
--> statement-breakpoint
CREATE FUNCTION fillstream_configs_before_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('fillstream.migrating', true) IS DISTINCT FROM 'on'
    AND (NEW.key, NEW.kind, NEW.choices, NEW.required, NEW.description)
      IS DISTINCT FROM (OLD.key, OLD.kind, OLD.choices, OLD.required, OLD.description) THEN
    PERFORM fillstream_refuse(
      format('Only value, hard, shadow and reason of %s can be changed.', OLD.key),
      'The keys themselves come with a release.');
  END IF;
  NEW.value := fillstream_check_value(NEW, NEW.value);
  IF (NEW.value, NEW.hard, NEW.shadow) IS NOT DISTINCT FROM (OLD.value, OLD.hard, OLD.shadow) THEN
    RETURN NEW;
  END IF;
  IF NEW.shadow AND NEW.kind IN ('choice') THEN
    PERFORM fillstream_refuse(format('%s is no limit that could run in shadow.', NEW.key),
      'Shadow records what a limit would have refused.');
  END IF;
  IF NEW.reason IS NOT DISTINCT FROM OLD.reason THEN NEW.reason := fillstream_reason(); END IF;
  NEW.version := OLD.version + 1;
  NEW.updated_by := fillstream_actor();
  NEW.updated_at := now();
  RETURN NEW;
END $$;
--> statement-breakpoint
/*
 * Runs after every UPDATE, also one that met no row: PostgreSQL calls that a success, and an operator
 * who mistyped a key would believe in a limit that is not there.
 */
CREATE FUNCTION fillstream_configs_after_update() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  limits_version bigint;
BEGIN
  IF NOT EXISTS (SELECT FROM after) THEN
    PERFORM fillstream_refuse(
      'No configuration key matches, so nothing was changed.',
      'The keys are: ' || (SELECT string_agg(key, ', ' ORDER BY key) FROM configs) || '.');
  END IF;
  IF NOT EXISTS (SELECT FROM after JOIN before USING (key) WHERE after.version <> before.version) THEN
    RETURN NULL;
  END IF;
  limits_version := fillstream_next_limits_version();
  INSERT INTO config_history
    (source, key, field, old_value, new_value, reason, changed_by, changed_at, limits_version)
  SELECT 'configs', after.key, change.field, change.old_value, change.new_value,
    after.reason, after.updated_by, after.updated_at, limits_version
  FROM after JOIN before USING (key)
  CROSS JOIN LATERAL (VALUES
    ('value', before.value, after.value),
    ('hard', before.hard::text, after.hard::text),
    ('shadow', before.shadow::text, after.shadow::text)) AS change(field, old_value, new_value)
  WHERE change.old_value IS DISTINCT FROM change.new_value
  ORDER BY after.key, change.field;
  IF EXISTS (SELECT FROM after JOIN before USING (key)
    WHERE key = 'trading_state' AND after.value <> before.value) THEN
    PERFORM fillstream_next_trading_version();
  END IF;
  PERFORM pg_notify('fillstream_config', 'configs');
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE FUNCTION fillstream_configs_fixed() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF current_setting('fillstream.migrating', true) = 'on' THEN
    RETURN CASE TG_OP WHEN 'DELETE' THEN OLD ELSE NEW END;
  END IF;
  IF TG_OP = 'DELETE' THEN
    PERFORM fillstream_refuse(format('%s cannot be deleted.', OLD.key),
      'UPDATE configs SET value = NULL switches a limit off.');
  END IF;
  IF EXISTS (SELECT FROM configs WHERE key = NEW.key) THEN
    PERFORM fillstream_refuse(format('%s is already there.', NEW.key),
      format('UPDATE configs SET value = … WHERE key = %L changes it.', NEW.key));
  END IF;
  PERFORM fillstream_refuse(format('There is no configuration key %s, and nothing would read it.', NEW.key),
    'The keys are: ' || (SELECT string_agg(key, ', ' ORDER BY key) FROM configs) || '.');
END $$;
--> statement-breakpoint
CREATE TRIGGER configs_before_update BEFORE UPDATE ON configs
  FOR EACH ROW EXECUTE FUNCTION fillstream_configs_before_update();
CREATE TRIGGER configs_after_update AFTER UPDATE ON configs
  REFERENCING OLD TABLE AS before NEW TABLE AS after
  FOR EACH STATEMENT EXECUTE FUNCTION fillstream_configs_after_update();
CREATE TRIGGER configs_fixed BEFORE INSERT OR DELETE ON configs
  FOR EACH ROW EXECUTE FUNCTION fillstream_configs_fixed();
--> statement-breakpoint
CREATE FUNCTION fillstream_overrides_before() RETURNS trigger LANGUAGE plpgsql AS $$
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
--> statement-breakpoint
CREATE FUNCTION fillstream_overrides_inserted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  limits_version bigint;
BEGIN
  IF NOT EXISTS (SELECT FROM after) THEN RETURN NULL; END IF;
  limits_version := fillstream_next_limits_version();
  INSERT INTO config_history (source, key, account_id, symbol, strategy_id, field, old_value, new_value,
    reason, changed_by, changed_at, limits_version)
  SELECT 'config_overrides', key, account_id, symbol, strategy_id, 'override', NULL, coalesce(value, 'off'),
    reason, updated_by, updated_at, limits_version FROM after;
  PERFORM pg_notify('fillstream_config', 'config_overrides');
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE FUNCTION fillstream_overrides_updated() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  limits_version bigint;
BEGIN
  IF NOT EXISTS (SELECT FROM after) THEN
    -- INSERT … ON CONFLICT DO UPDATE that inserted comes by here too, and has changed something.
    IF current_query() ~* '\mon\s+conflict\M' THEN RETURN NULL; END IF;
    PERFORM fillstream_refuse('No override matches, so nothing was changed.',
      'INSERT INTO config_overrides (key, account_id, symbol, strategy_id, value) makes one.');
  END IF;
  limits_version := fillstream_next_limits_version();
  INSERT INTO config_history (source, key, account_id, symbol, strategy_id, field, old_value, new_value,
    reason, changed_by, changed_at, limits_version)
  SELECT 'config_overrides', a.key, a.account_id, a.symbol, a.strategy_id, 'override',
    CASE WHEN b.key IS NOT NULL THEN coalesce(b.value, 'off') END, coalesce(a.value, 'off'),
    a.reason, a.updated_by, a.updated_at, limits_version
  FROM after a LEFT JOIN before b ON (a.key, a.account_id, a.symbol, a.strategy_id)
    IS NOT DISTINCT FROM (b.key, b.account_id, b.symbol, b.strategy_id);
  PERFORM pg_notify('fillstream_config', 'config_overrides');
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE FUNCTION fillstream_overrides_deleted() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  limits_version bigint;
BEGIN
  IF NOT EXISTS (SELECT FROM before) THEN RETURN NULL; END IF;
  limits_version := fillstream_next_limits_version();
  INSERT INTO config_history (source, key, account_id, symbol, strategy_id, field, old_value, new_value,
    reason, changed_by, changed_at, limits_version)
  SELECT 'config_overrides', key, account_id, symbol, strategy_id, 'override', coalesce(value, 'off'), NULL,
    fillstream_reason(), fillstream_actor(), now(), limits_version FROM before;
  PERFORM pg_notify('fillstream_config', 'config_overrides');
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER config_overrides_before BEFORE INSERT OR UPDATE ON config_overrides
  FOR EACH ROW EXECUTE FUNCTION fillstream_overrides_before();
CREATE TRIGGER config_overrides_inserted AFTER INSERT ON config_overrides
  REFERENCING NEW TABLE AS after
  FOR EACH STATEMENT EXECUTE FUNCTION fillstream_overrides_inserted();
CREATE TRIGGER config_overrides_updated AFTER UPDATE ON config_overrides
  REFERENCING OLD TABLE AS before NEW TABLE AS after
  FOR EACH STATEMENT EXECUTE FUNCTION fillstream_overrides_updated();
CREATE TRIGGER config_overrides_deleted AFTER DELETE ON config_overrides
  REFERENCING OLD TABLE AS before
  FOR EACH STATEMENT EXECUTE FUNCTION fillstream_overrides_deleted();
--> statement-breakpoint
CREATE FUNCTION fillstream_trading_states_before() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.updated_by := fillstream_actor();
  NEW.updated_at := now();
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE FUNCTION fillstream_trading_states_changed() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  old_row trading_states := CASE WHEN TG_OP = 'INSERT' THEN NULL ELSE OLD END;
  new_row trading_states := CASE WHEN TG_OP = 'DELETE' THEN NULL ELSE NEW END;
BEGIN
  PERFORM fillstream_next_trading_version();
  INSERT INTO config_history (source, key, account_id, strategy_id, field, old_value, new_value,
    reason, changed_by, changed_at, limits_version)
  VALUES ('trading_states', 'trading_state', coalesce(new_row.account_id, old_row.account_id),
    coalesce(new_row.strategy_id, old_row.strategy_id), 'value', old_row.state, new_row.state,
    coalesce(new_row.reason, fillstream_reason()), fillstream_actor(), now(),
    (SELECT version FROM config_version));
  PERFORM pg_notify('fillstream_config', 'trading_states');
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER trading_states_before BEFORE INSERT OR UPDATE ON trading_states
  FOR EACH ROW EXECUTE FUNCTION fillstream_trading_states_before();
CREATE TRIGGER trading_states_changed AFTER INSERT OR UPDATE OR DELETE ON trading_states
  FOR EACH ROW EXECUTE FUNCTION fillstream_trading_states_changed();
--> statement-breakpoint
CREATE FUNCTION fillstream_notify_config() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  PERFORM pg_notify('fillstream_config', TG_TABLE_NAME);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER accounts_notify AFTER INSERT OR UPDATE OR DELETE ON accounts
  FOR EACH STATEMENT EXECUTE FUNCTION fillstream_notify_config();
CREATE TRIGGER instruments_notify AFTER INSERT OR UPDATE OR DELETE ON instruments
  FOR EACH STATEMENT EXECUTE FUNCTION fillstream_notify_config();
CREATE TRIGGER calendar_overrides_notify AFTER INSERT OR UPDATE OR DELETE ON calendar_overrides
  FOR EACH STATEMENT EXECUTE FUNCTION fillstream_notify_config();
CREATE TRIGGER fx_rates_notify AFTER INSERT OR UPDATE OR DELETE ON fx_rates
  FOR EACH STATEMENT EXECUTE FUNCTION fillstream_notify_config();
--> statement-breakpoint
/* Bound once: other keys make another account. */
CREATE FUNCTION fillstream_accounts_stay_bound() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NEW.id <> OLD.id OR NEW.partition <> OLD.partition THEN
    PERFORM fillstream_refuse(format('Account %s cannot be renamed or moved.', OLD.id),
      'Its number in the log names it.');
  END IF;
  IF OLD.broker_account IS NOT NULL AND (NEW.broker, NEW.environment, NEW.broker_account)
    IS DISTINCT FROM (OLD.broker, OLD.environment, OLD.broker_account) THEN
    PERFORM fillstream_refuse(
      format('Account %s belongs to %s %s account %s and cannot become another one.',
        OLD.id, OLD.broker, OLD.environment, OLD.broker_account),
      'Other keys make another account: give it a name of its own.');
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER accounts_stay_bound BEFORE UPDATE ON accounts
  FOR EACH ROW EXECUTE FUNCTION fillstream_accounts_stay_bound();
