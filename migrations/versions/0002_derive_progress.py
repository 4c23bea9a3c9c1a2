"""Derive progress from jobs; forbid deleting jobs and changing the audit trail."""

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

# A topic that is not written yet will bring one note and one set per difficulty: that is how the levels
# below are expected before their jobs exist, so a bar never has to grow its own end.
PROGRESS = """
CREATE VIEW hydration_progress AS
WITH levels AS (
    SELECT root.id AS job_id,
           jobs.chapters_expected,
           jobs.chapters_completed,
           CASE WHEN jobs.chapters_open
                THEN greatest(jobs.topics_expected, (root.input_params #>> '{planned,topics}')::bigint)
                ELSE jobs.topics_expected END AS topics_expected,
           jobs.topics_completed,
           jobs.notes_expected,
           jobs.notes_completed,
           jobs.questions_expected,
           jobs.questions_completed,
           CASE WHEN (root.input_params #>> '{options,generateNotes}')::boolean THEN 1 ELSE 0 END AS notes_a_topic,
           CASE WHEN (root.input_params #>> '{options,generateQuestions}')::boolean
                THEN (root.input_params #>> '{options,questionCounts,easy}')::bigint
                   + (root.input_params #>> '{options,questionCounts,medium}')::bigint
                   + (root.input_params #>> '{options,questionCounts,hard}')::bigint
                ELSE 0 END AS questions_a_topic
    FROM hydration_jobs root
    CROSS JOIN LATERAL (
        SELECT coalesce(sum(items_expected)  FILTER (WHERE hierarchy_level = 1), 0) AS chapters_expected,
               coalesce(sum(items_completed) FILTER (WHERE hierarchy_level = 1), 0) AS chapters_completed,
               coalesce(bool_or(status <> 'completed') FILTER (WHERE hierarchy_level = 1), true) AS chapters_open,
               coalesce(sum(items_expected)  FILTER (WHERE hierarchy_level = 2), 0) AS topics_expected,
               coalesce(sum(items_completed) FILTER (WHERE hierarchy_level = 2), 0) AS topics_completed,
               coalesce(sum(items_expected)  FILTER (WHERE hierarchy_level = 3), 0) AS notes_expected,
               coalesce(sum(items_completed) FILTER (WHERE hierarchy_level = 3), 0) AS notes_completed,
               coalesce(sum(items_expected)  FILTER (WHERE hierarchy_level = 4), 0) AS questions_expected,
               coalesce(sum(items_completed) FILTER (WHERE hierarchy_level = 4), 0) AS questions_completed
        FROM hydration_jobs job
        WHERE job.root_job_id = root.id
    ) jobs
    WHERE root.root_job_id IS NULL
), planned AS (
    SELECT job_id,
           chapters_expected, chapters_completed,
           topics_expected, topics_completed,
           notes_expected + (topics_expected - topics_completed) * notes_a_topic AS notes_expected,
           notes_completed,
           questions_expected + (topics_expected - topics_completed) * questions_a_topic AS questions_expected,
           questions_completed
    FROM levels
), totals AS (
    SELECT *,
           chapters_expected + topics_expected + notes_expected + questions_expected AS items_expected,
           chapters_completed + topics_completed + notes_completed + questions_completed AS items_completed
    FROM planned
)
SELECT job_id,
       CASE WHEN items_expected = 0 THEN 100.0
            ELSE round(100.0 * items_completed / items_expected, 1) END AS overall_progress,
       chapters_expected::int, chapters_completed::int,
       topics_expected::int, topics_completed::int,
       notes_expected::int, notes_completed::int,
       questions_expected::int, questions_completed::int
FROM totals
"""

REFUSE = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
    RAISE EXCEPTION 'Rows of % are kept for good: % is refused.', TG_TABLE_NAME, TG_OP
        USING ERRCODE = 'restrict_violation';
END $$
"""


def upgrade() -> None:
    op.execute(PROGRESS)
    op.execute(REFUSE)
    op.execute("CREATE TRIGGER keep_jobs BEFORE DELETE ON hydration_jobs FOR EACH ROW EXECUTE FUNCTION refuse_change()")
    op.execute(
        "CREATE TRIGGER keep_audit_trail BEFORE UPDATE OR DELETE ON audit_logs "
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()"
    )
