-- Rows: every stage in its order: stage_name, optional (nobody requires it, and it is not the last).
SELECT stage.stage_name::text AS stage_name,
       EXISTS (SELECT FROM stage_dependencies need WHERE need.depends_on_stage = stage.stage_name)
           AND NOT EXISTS (SELECT FROM stage_dependencies need
                           WHERE need.depends_on_stage = stage.stage_name AND need.is_required) AS optional
FROM stage_dependencies stage
GROUP BY stage.stage_name
ORDER BY min(stage.execution_order)
