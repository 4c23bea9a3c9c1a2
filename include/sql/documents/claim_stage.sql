-- Rows: the claim: fencing_token, lost (the workers that vanished at this stage, this one's predecessor too). None if
-- somebody else works on it. The caller holds the document's workflow.
UPDATE document_processing_stages
SET status           = 'in_progress',
    stale            = false,
    fencing_token    = fencing_token + 1,
    retry_count      = retry_count + CASE WHEN status = 'in_progress' THEN 1 ELSE 0 END,
    locked_by        = :owner,
    lease_expires_at = :lease_expires_at,
    started_at       = :now,
    completed_at     = NULL,
    updated_at       = :now
WHERE document_id = :document_id AND stage_name = CAST(:stage AS document_stage)
  AND (status = 'pending' OR stale OR status = 'in_progress' AND (lease_expires_at <= :now OR locked_by = :owner))
RETURNING fencing_token, retry_count
