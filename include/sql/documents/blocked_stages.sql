-- Rows: the stages among those named that could not run, in their order, with what they lack: stage_name, needs. What is
-- named too will have run by then.
SELECT need.stage_name::text AS stage_name, array_agg(need.depends_on_stage::text ORDER BY need.depends_on_stage) AS needs
FROM stage_dependencies need
JOIN document_processing_stages base
    ON base.document_id = :document_id AND base.stage_name = need.depends_on_stage
WHERE need.stage_name::text = ANY (:stages) AND need.is_required
  AND (base.status <> 'completed' OR base.stale) AND NOT base.stage_name::text = ANY (:stages)
GROUP BY need.stage_name
ORDER BY min(need.execution_order)
