-- Rows: one a call, in their order: the ledger's verdict on it.
SELECT call_id, verdict, wait_seconds, short_usd, detail, answer
FROM admit_calls(CAST(:calls AS jsonb), CAST(:at AS timestamptz))
