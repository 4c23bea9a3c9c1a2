-- Rows: root jobs with their subject, progress and cost, newest first; with a job id that one only.
WITH page AS (
    SELECT root.id, root.status, root.created_at, root.started_at, root.finished_at, root.input_params,
           root.estimated_cost_usd, root.max_cost_usd, root.estimated_duration_mins, root.actual_duration_mins,
           root.error_message, root.cancel_reason, root.paused_until, root.paused_by_all, root.dag_run_id,
           root.trace_id, board.code AS board_code, subject.code AS subject_code, subject.name AS subject_name,
           subject.grade, subject.language, creator.name AS created_by
    FROM hydration_jobs root
    JOIN subjects subject ON subject.id = root.subject_id
    JOIN boards board ON board.id = subject.board_id
    JOIN users creator ON creator.id = root.created_by
    WHERE root.root_job_id IS NULL
      AND (CAST(:job_id AS uuid) IS NULL OR root.id = :job_id)
      AND (CAST(:status AS text) IS NULL OR root.status = CAST(CAST(:status AS text) AS job_status))
      AND (CAST(:board AS text) IS NULL OR board.code = :board)
      AND (CAST(:grade AS text) IS NULL OR subject.grade = :grade)
      AND (CAST(:subject AS text) IS NULL OR subject.code = :subject)
      AND (CAST(:language AS text) IS NULL OR subject.language = CAST(CAST(:language AS text) AS language_code))
      AND (CAST(:creator AS text) IS NULL OR creator.name = :creator)
      AND (CAST(:since AS timestamptz) IS NULL OR root.created_at >= :since)
      AND (CAST(:until AS timestamptz) IS NULL OR root.created_at < :until)
      AND (CAST(:before_at AS timestamptz) IS NULL
           OR (root.created_at, root.id) < (CAST(:before_at AS timestamptz), CAST(:before_id AS uuid)))
    ORDER BY root.created_at DESC, root.id DESC
    LIMIT :most
)
SELECT page.*, progress.*, cost.cost_usd
FROM page
-- OFFSET 0 has the view looked up for each row of the page; joined with it, it would be derived for every root there is.
CROSS JOIN LATERAL (SELECT * FROM hydration_progress WHERE job_id = page.id OFFSET 0) progress
CROSS JOIN LATERAL (
    SELECT coalesce(sum(actual_cost_usd), 0) AS cost_usd FROM hydration_jobs WHERE root_job_id = page.id
) cost
ORDER BY page.created_at DESC, page.id DESC
