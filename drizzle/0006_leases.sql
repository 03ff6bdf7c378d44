-- Leases: who works on what, and until when, by this clock and no other.

/*
 * Takes free or expired leases among the names, at most so many, and raises their epochs. On a partition
 * (p0, p1, …) the epoch is raised in `partitions` too, which is where every commit checks it: this
 * waits for a commit in flight and shuts out every later one of the old owner. A faulted partition is
 * taken by nobody.
 */
CREATE FUNCTION fillstream_take_leases(names text[], new_owner text, wanted integer, lease_ms integer)
RETURNS TABLE (name text, epoch bigint) LANGUAGE plpgsql AS $$
#variable_conflict use_column
BEGIN
  INSERT INTO leases (name) SELECT n FROM unnest(names) AS n
  WHERE NOT EXISTS (SELECT FROM leases l WHERE l.name = n)
  ORDER BY n ON CONFLICT DO NOTHING;
  RETURN QUERY
  WITH free AS (
    SELECT l.name FROM leases l
    WHERE l.name = ANY (names) AND (l.owner IS NULL OR l.until < clock_timestamp())
      AND NOT EXISTS (SELECT FROM partitions p
        WHERE 'p' || p.partition = l.name AND p.fault IS NOT NULL)
    ORDER BY random() LIMIT wanted FOR NO KEY UPDATE SKIP LOCKED
  ), taken AS (
    UPDATE leases l SET owner = new_owner, epoch = l.epoch + 1,
      until = clock_timestamp() + lease_ms * interval '1 millisecond'
    FROM free WHERE l.name = free.name
    RETURNING l.name, l.epoch
  ), raised AS (
    UPDATE partitions p SET epoch = taken.epoch FROM taken WHERE 'p' || p.partition = taken.name
  )
  SELECT taken.name, taken.epoch FROM taken;
END $$;
--> statement-breakpoint
/* The partitions of a new deployment, with their counters; a settled number is never changed. */
CREATE FUNCTION fillstream_settle_partitions(wanted smallint) RETURNS smallint LANGUAGE plpgsql AS $$
DECLARE
  settled smallint;
BEGIN
  INSERT INTO deployment (partitions) VALUES (wanted) ON CONFLICT DO NOTHING;
  SELECT partitions INTO settled FROM deployment;
  IF settled = wanted THEN
    INSERT INTO partitions (partition) SELECT generate_series(0, wanted - 1) ON CONFLICT DO NOTHING;
    INSERT INTO acceptance_counters (partition, lane)
    SELECT p, lane FROM generate_series(0, wanted - 1) AS p, unnest(ARRAY['signals', 'control']) AS lane
    ON CONFLICT DO NOTHING;
  END IF;
  RETURN settled;
END $$;
