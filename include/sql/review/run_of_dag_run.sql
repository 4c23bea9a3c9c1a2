-- Rows: the id of the validation run that this DAG run works on, if there is one.
SELECT id FROM validation_runs WHERE dag_run_id = :dag_run_id ORDER BY created_at DESC LIMIT 1
