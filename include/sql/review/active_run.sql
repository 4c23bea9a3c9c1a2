-- Rows: the id of the subject's validation run that is pending or running, if there is one.
SELECT id FROM validation_runs WHERE subject_id = :subject_id AND status IN ('pending', 'running')
