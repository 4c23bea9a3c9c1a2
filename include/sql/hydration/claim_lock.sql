-- Rows: none of interest. One claim at a time per root, until the transaction ends.
SELECT pg_advisory_xact_lock(hashtextextended('hydrateall.claim.' || CAST(:root_id AS text), 0))
