-- Three days were less than a weekend with a holiday, over which nothing could wait for the open. Who has set
-- another value, or this one, keeps it. A default of a release is nobody's change: the history does not tell it.
ALTER TABLE configs DISABLE TRIGGER USER;
--> statement-breakpoint
UPDATE configs SET value = '432000'
WHERE key = 'market_closed_hold_seconds' AND value = '259200'
  AND NOT EXISTS (SELECT FROM config_history h WHERE h.key = configs.key);
--> statement-breakpoint
ALTER TABLE configs ENABLE TRIGGER USER;
