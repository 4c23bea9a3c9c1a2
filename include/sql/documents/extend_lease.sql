-- Rows: one while the claim holds.
UPDATE document_processing_stages
SET lease_expires_at = :lease_expires_at
WHERE document_id = :document_id AND stage_name = CAST(:stage AS document_stage)
  AND status = 'in_progress' AND fencing_token = :fencing_token
RETURNING id
