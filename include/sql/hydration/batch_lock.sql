-- Rows: one; whether this transaction now has the step of this level's batch to itself, until it ends.
SELECT pg_try_advisory_xact_lock(
    hashtextextended('hydrateall.batch.' || CAST(:root_id AS text) || '.' || CAST(:level AS text), 0))
