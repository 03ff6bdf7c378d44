-- A request that broke the core is refused, and ends as a dead letter too: in the same transaction, where
-- a person finds it with what was asked, and can try it again.
CREATE FUNCTION fillstream_bury_signal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO dead_letters (id, source, entry, partition, account_id, body, code, reason, created_at)
  SELECT s.id, 'signals', s.id::text, s.partition, s.account_id, s.body::text, NEW.reject_code,
    coalesce(NEW.error_message, NEW.reject_code), NEW.decided_at
  FROM signals s WHERE s.id = NEW.signal_id
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER decisions_bury AFTER INSERT ON decisions
FOR EACH ROW WHEN (NEW.reject_code = 'poison') EXECUTE FUNCTION fillstream_bury_signal();
--> statement-breakpoint
CREATE FUNCTION fillstream_bury_command() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO dead_letters (id, source, entry, partition, account_id, body, code, reason, created_at)
  VALUES (NEW.id, 'commands', NEW.id::text, NEW.partition, NEW.account_id, NEW.body::text, NEW.code,
    coalesce(NEW.message, NEW.code), NEW.decided_at)
  ON CONFLICT DO NOTHING;
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER commands_bury AFTER UPDATE OF code ON commands
FOR EACH ROW WHEN (NEW.code = 'poison') EXECUTE FUNCTION fillstream_bury_command();
