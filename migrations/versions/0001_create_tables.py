"""create tables."""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


ENUMS = {
    "bloom_level": ("REMEMBER", "UNDERSTAND", "APPLY", "ANALYZE", "EVALUATE", "CREATE"),
    "content_type": ("CHAPTER", "TOPIC", "NOTE", "QUESTION"),
    "difficulty_level": ("easy", "medium", "hard"),
    "execution_phase": (
        "START",
        "CLAIM",
        "RUNNING",
        "STEP",
        "VALIDATION",
        "RECONCILIATION",
        "SUMMARY",
        "ERROR",
    ),
    "generation_status": ("PENDING", "PROCESSING", "COMPLETED", "FAILED"),
    "hydration_target_type": ("SUBJECT", "CHAPTER", "TOPIC", "NOTE", "QUESTION_SET"),
    "job_status": ("pending", "running", "failed", "completed", "cancelled"),
    "language_code": ("en", "hi"),
    "log_severity": ("INFO", "WARNING", "ERROR", "CRITICAL"),
    "outbox_kind": ("HYDRATION_JOB", "VALIDATION_JOB", "RECONCILIATION_JOB", "NOTIFICATION"),
    "question_type": (
        "MCQ",
        "SHORT_ANSWER",
        "LONG_ANSWER",
        "NUMERICAL",
        "TRUE_FALSE",
        "FILL_BLANK",
        "HOTS",
        "CASE_STUDY",
        "ASSERTION_REASON",
        "MULTI_SELECT",
        "MATCH",
    ),
    "user_role": ("viewer", "operator", "reviewer", "admin"),
    "validation_status": ("PENDING", "VALIDATED", "REJECTED"),
}


def upgrade() -> None:
    for name, labels in ENUMS.items():
        postgresql.ENUM(*labels, name=name).create(op.get_bind())
    op.create_table(
        "boards",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("country", sa.String(), nullable=True),
        sa.Column("description", sa.String(), nullable=True),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_boards")),
        sa.UniqueConstraint("code", name=op.f("uq_boards_code")),
    )
    op.create_index(op.f("ix_boards_is_active"), "boards", ["is_active"], unique=False)
    op.create_table(
        "content_cache",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("cache_key", sa.String(), nullable=False),
        sa.Column("content_type", postgresql.ENUM(name="content_type", create_type=False), nullable=False),
        sa.Column("cached_content", postgresql.JSONB(), nullable=False),
        sa.Column("quality_score", sa.Float(), nullable=True),
        sa.Column("hit_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_accessed_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_content_cache")),
        sa.UniqueConstraint("cache_key", name=op.f("uq_content_cache_cache_key")),
    )
    op.create_index(op.f("ix_content_cache_content_type"), "content_cache", ["content_type"], unique=False)
    op.create_index(op.f("ix_content_cache_expires_at"), "content_cache", ["expires_at"], unique=False)
    op.create_index(op.f("ix_content_cache_last_accessed_at"), "content_cache", ["last_accessed_at"], unique=False)
    op.create_table(
        "job_locks",
        sa.Column("job_name", sa.String(), nullable=False),
        sa.Column("locked_by", sa.String(), nullable=True),
        sa.Column("locked_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_run_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("last_result", postgresql.JSONB(), nullable=True),
        sa.PrimaryKeyConstraint("job_name", name=op.f("pk_job_locks")),
    )
    op.create_table(
        "users",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("identity_provider", sa.String(), nullable=False),
        sa.Column("external_id", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=True),
        sa.Column(
            "role",
            postgresql.ENUM(name="user_role", create_type=False),
            server_default="viewer",
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_users")),
        sa.UniqueConstraint("identity_provider", "external_id", name=op.f("uq_users_identity_provider_external_id")),
    )
    op.create_table(
        "validation_rules",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("content_type", postgresql.ENUM(name="content_type", create_type=False), nullable=False),
        sa.Column("difficulty_level", postgresql.ENUM(name="difficulty_level", create_type=False), nullable=True),
        sa.Column("grade_range", sa.String(), nullable=True),
        sa.Column("rule_definition", postgresql.JSONB(), nullable=False),
        sa.Column("is_active", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_validation_rules")),
        sa.UniqueConstraint("name", name=op.f("uq_validation_rules_name")),
    )
    op.create_index(
        op.f("ix_validation_rules_content_type_difficulty_level"),
        "validation_rules",
        ["content_type", "difficulty_level"],
        unique=False,
    )
    op.create_index(op.f("ix_validation_rules_is_active"), "validation_rules", ["is_active"], unique=False)
    op.create_table(
        "audit_logs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("actor_id", sa.Uuid(), nullable=True),
        sa.Column("action", sa.String(), nullable=False),
        sa.Column("entity_type", sa.String(), nullable=False),
        sa.Column("entity_id", sa.Uuid(), nullable=True),
        sa.Column("rationale", sa.String(), nullable=True),
        sa.Column("details", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("trace_id", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["actor_id"], ["users.id"], name=op.f("fk_audit_logs_actor_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_audit_logs")),
    )
    op.create_index(op.f("ix_audit_logs_created_at"), "audit_logs", ["created_at"], unique=False)
    op.create_index(
        op.f("ix_audit_logs_entity_type_entity_id"), "audit_logs", ["entity_type", "entity_id"], unique=False
    )
    op.create_table(
        "subjects",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("board_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("grade", sa.String(), nullable=False),
        sa.Column(
            "language",
            postgresql.ENUM(name="language_code", create_type=False),
            server_default="en",
            nullable=False,
        ),
        sa.Column("description", sa.String(), nullable=True),
        sa.Column("icon_url", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["board_id"], ["boards.id"], name=op.f("fk_subjects_board_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subjects")),
        sa.UniqueConstraint(
            "board_id", "code", "grade", "language", name=op.f("uq_subjects_board_id_code_grade_language")
        ),
    )
    op.create_index(op.f("ix_subjects_board_id"), "subjects", ["board_id"], unique=False)
    op.create_index(op.f("ix_subjects_grade"), "subjects", ["grade"], unique=False)
    op.create_index(op.f("ix_subjects_language"), "subjects", ["language"], unique=False)
    op.create_table(
        "chapters",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("chapter_number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("brief_description", sa.String(), nullable=True),
        sa.Column("estimated_weeks", sa.Integer(), nullable=True),
        sa.Column("learning_objectives", postgresql.JSONB(), nullable=True),
        sa.Column("metadata", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("is_generated", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column(
            "generation_status",
            postgresql.ENUM(name="generation_status", create_type=False),
            server_default="PENDING",
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(
            ["subject_id"], ["subjects.id"], name=op.f("fk_chapters_subject_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_chapters")),
        sa.UniqueConstraint("subject_id", "chapter_number", name=op.f("uq_chapters_subject_id_chapter_number")),
    )
    op.create_index(op.f("ix_chapters_generation_status"), "chapters", ["generation_status"], unique=False)
    op.create_index(op.f("ix_chapters_is_generated"), "chapters", ["is_generated"], unique=False)
    op.create_index(op.f("ix_chapters_subject_id"), "chapters", ["subject_id"], unique=False)
    op.create_table(
        "hydration_jobs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("root_job_id", sa.Uuid(), nullable=True),
        sa.Column("parent_job_id", sa.Uuid(), nullable=True),
        sa.Column("target_type", postgresql.ENUM(name="hydration_target_type", create_type=False), nullable=False),
        sa.Column("target_id", sa.Uuid(), nullable=True),
        sa.Column("variant", sa.String(), nullable=True),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("chapter_id", sa.Uuid(), nullable=True),
        sa.Column("hierarchy_level", sa.SmallInteger(), nullable=False),
        sa.Column(
            "status",
            postgresql.ENUM(name="job_status", create_type=False),
            server_default="pending",
            nullable=False,
        ),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("max_retries", sa.Integer(), server_default="3", nullable=False),
        sa.Column("lost_leases", sa.Integer(), server_default="0", nullable=False),
        sa.Column("fencing_token", sa.BigInteger(), server_default="0", nullable=False),
        sa.Column("locked_by", sa.String(), nullable=True),
        sa.Column("locked_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease_expires_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("next_attempt_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("items_expected", sa.Integer(), server_default="0", nullable=False),
        sa.Column("items_completed", sa.Integer(), server_default="0", nullable=False),
        sa.Column("input_params", postgresql.JSONB(), nullable=False),
        sa.Column("result_metadata", postgresql.JSONB(), nullable=True),
        sa.Column("error_message", sa.Text(), nullable=True),
        sa.Column("cancel_reason", sa.Text(), nullable=True),
        sa.Column("max_cost_usd", sa.Numeric(precision=12, scale=6), nullable=True),
        sa.Column("estimated_cost_usd", sa.Numeric(precision=12, scale=6), nullable=True),
        sa.Column("actual_cost_usd", sa.Numeric(precision=12, scale=6), server_default="0", nullable=False),
        sa.Column("estimated_duration_mins", sa.Float(), nullable=True),
        sa.Column("actual_duration_mins", sa.Float(), nullable=True),
        sa.Column("created_by", sa.Uuid(), nullable=False),
        sa.Column("trace_id", sa.String(), nullable=True),
        sa.Column("dag_run_id", sa.String(), nullable=True),
        sa.CheckConstraint(
            "(hierarchy_level = 0) = (root_job_id IS NULL)",
            name=op.f("ck_hydration_jobs_only_roots_lack_a_root"),
        ),
        sa.CheckConstraint("attempts <= max_retries", name=op.f("ck_hydration_jobs_attempts_within_limit")),
        sa.CheckConstraint("hierarchy_level BETWEEN 0 AND 4", name=op.f("ck_hydration_jobs_level_known")),
        sa.CheckConstraint(
            "items_completed BETWEEN 0 AND items_expected",
            name=op.f("ck_hydration_jobs_items_within_expectation"),
        ),
        sa.ForeignKeyConstraint(["chapter_id"], ["chapters.id"], name=op.f("fk_hydration_jobs_chapter_id")),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_hydration_jobs_created_by")),
        sa.ForeignKeyConstraint(["parent_job_id"], ["hydration_jobs.id"], name=op.f("fk_hydration_jobs_parent_job_id")),
        sa.ForeignKeyConstraint(["root_job_id"], ["hydration_jobs.id"], name=op.f("fk_hydration_jobs_root_job_id")),
        sa.ForeignKeyConstraint(["subject_id"], ["subjects.id"], name=op.f("fk_hydration_jobs_subject_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_hydration_jobs")),
    )
    op.create_index(
        "uq_hydration_jobs_child",
        "hydration_jobs",
        ["root_job_id", "hierarchy_level", "target_id", "variant"],
        unique=True,
        postgresql_where=sa.text("root_job_id IS NOT NULL"),
        postgresql_nulls_not_distinct=True,
    )
    op.create_index(
        "ix_hydration_jobs_claimable",
        "hydration_jobs",
        ["root_job_id", "hierarchy_level", "chapter_id"],
        unique=False,
        postgresql_where=sa.text("status IN ('pending', 'running')"),
    )
    op.create_index(op.f("ix_hydration_jobs_created_by"), "hydration_jobs", ["created_by"], unique=False)
    op.create_index(op.f("ix_hydration_jobs_hierarchy_level"), "hydration_jobs", ["hierarchy_level"], unique=False)
    op.create_index(op.f("ix_hydration_jobs_locked_at"), "hydration_jobs", ["locked_at"], unique=False)
    op.create_index(op.f("ix_hydration_jobs_parent_job_id"), "hydration_jobs", ["parent_job_id"], unique=False)
    op.create_index(op.f("ix_hydration_jobs_root_job_id"), "hydration_jobs", ["root_job_id"], unique=False)
    op.create_index(op.f("ix_hydration_jobs_status"), "hydration_jobs", ["status"], unique=False)
    op.create_index(
        op.f("ix_hydration_jobs_target_type_target_id"),
        "hydration_jobs",
        ["target_type", "target_id"],
        unique=False,
    )
    op.create_index(op.f("ix_hydration_jobs_trace_id"), "hydration_jobs", ["trace_id"], unique=False)
    op.create_index(
        "uq_hydration_jobs_active_root",
        "hydration_jobs",
        ["subject_id"],
        unique=True,
        postgresql_where=sa.text("root_job_id IS NULL AND status IN ('pending', 'running')"),
    )
    op.create_index(
        "uq_hydration_jobs_dag_run_id",
        "hydration_jobs",
        ["dag_run_id"],
        unique=True,
        postgresql_where=sa.text("root_job_id IS NULL"),
    )
    op.create_table(
        "topics",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("chapter_id", sa.Uuid(), nullable=False),
        sa.Column("topic_number", sa.Integer(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("learning_objectives", postgresql.JSONB(), nullable=True),
        sa.Column("prerequisite_topics", postgresql.JSONB(), nullable=True),
        sa.Column("difficulty_level", postgresql.ENUM(name="difficulty_level", create_type=False), nullable=True),
        sa.Column("estimated_duration_mins", sa.Integer(), nullable=True),
        sa.Column("metadata", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("is_generated", sa.Boolean(), server_default=sa.text("false"), nullable=False),
        sa.Column(
            "generation_status",
            postgresql.ENUM(name="generation_status", create_type=False),
            server_default="PENDING",
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["chapter_id"], ["chapters.id"], name=op.f("fk_topics_chapter_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topics")),
        sa.UniqueConstraint("chapter_id", "topic_number", name=op.f("uq_topics_chapter_id_topic_number")),
    )
    op.create_index(op.f("ix_topics_chapter_id"), "topics", ["chapter_id"], unique=False)
    op.create_index(op.f("ix_topics_difficulty_level"), "topics", ["difficulty_level"], unique=False)
    op.create_index(op.f("ix_topics_generation_status"), "topics", ["generation_status"], unique=False)
    op.create_index(op.f("ix_topics_is_generated"), "topics", ["is_generated"], unique=False)
    op.create_table(
        "ai_content_logs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("content_ref", sa.String(), nullable=False),
        sa.Column("content_type", postgresql.ENUM(name="content_type", create_type=False), nullable=False),
        sa.Column("status", sa.String(), nullable=False, comment="accepted, rejected, discarded or error"),
        sa.Column("attempt", sa.Integer(), server_default="1", nullable=False),
        sa.Column("fencing_token", sa.BigInteger(), nullable=False, comment="of the claim: a claim makes one call"),
        sa.Column("tokens_used", sa.Integer(), nullable=True),
        sa.Column("prompt_tokens", sa.Integer(), nullable=True),
        sa.Column("completion_tokens", sa.Integer(), nullable=True),
        sa.Column("cost_usd", sa.Numeric(precision=12, scale=6), nullable=True),
        sa.Column("latency_ms", sa.Integer(), nullable=True),
        sa.Column("model_used", sa.String(), nullable=True),
        sa.Column("prompt_id", sa.String(), nullable=True),
        sa.Column("prompt_version", sa.Integer(), nullable=True),
        sa.Column("metadata", postgresql.JSONB(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["hydration_jobs.id"], name=op.f("fk_ai_content_logs_job_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ai_content_logs")),
        sa.UniqueConstraint("job_id", "fencing_token", name=op.f("uq_ai_content_logs_job_id_fencing_token")),
    )
    op.create_index(op.f("ix_ai_content_logs_content_ref"), "ai_content_logs", ["content_ref"], unique=False)
    op.create_index(op.f("ix_ai_content_logs_content_type"), "ai_content_logs", ["content_type"], unique=False)
    op.create_index(op.f("ix_ai_content_logs_created_at"), "ai_content_logs", ["created_at"], unique=False)
    op.create_index(op.f("ix_ai_content_logs_job_id"), "ai_content_logs", ["job_id"], unique=False)
    op.create_table(
        "job_execution_logs",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=False),
        sa.Column("phase", postgresql.ENUM(name="execution_phase", create_type=False), nullable=False),
        sa.Column("payload", postgresql.JSONB(), nullable=True),
        sa.Column("message", sa.Text(), nullable=True),
        sa.Column(
            "severity",
            postgresql.ENUM(name="log_severity", create_type=False),
            server_default="INFO",
            nullable=False,
        ),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["hydration_jobs.id"], name=op.f("fk_job_execution_logs_job_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_job_execution_logs")),
    )
    op.create_index(
        op.f("ix_job_execution_logs_job_id_created_at"),
        "job_execution_logs",
        ["job_id", "created_at"],
        unique=False,
    )
    op.create_index(op.f("ix_job_execution_logs_phase"), "job_execution_logs", ["phase"], unique=False)
    op.create_index(op.f("ix_job_execution_logs_severity"), "job_execution_logs", ["severity"], unique=False)
    op.create_table(
        "outbox",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("payload", postgresql.JSONB(), nullable=False),
        sa.Column("kind", postgresql.ENUM(name="outbox_kind", create_type=False), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=True),
        sa.Column("dag_run_id", sa.String(), nullable=True),
        sa.Column("sent_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("claimed_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("attempts", sa.Integer(), server_default="0", nullable=False),
        sa.Column("last_error", sa.String(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.ForeignKeyConstraint(["job_id"], ["hydration_jobs.id"], name=op.f("fk_outbox_job_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("dag_run_id", name=op.f("uq_outbox_dag_run_id")),
    )
    op.create_index(op.f("ix_outbox_created_at"), "outbox", ["created_at"], unique=False)
    op.create_index(op.f("ix_outbox_job_id"), "outbox", ["job_id"], unique=False)
    op.create_index(op.f("ix_outbox_kind"), "outbox", ["kind"], unique=False)
    op.create_index(op.f("ix_outbox_sent_at"), "outbox", ["sent_at"], unique=False)
    op.create_table(
        "topic_notes",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("topic_id", sa.Uuid(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=True),
        sa.Column("content", sa.Text(), nullable=False),
        sa.Column("content_html", sa.Text(), nullable=True),
        sa.Column("word_count", sa.Integer(), nullable=True),
        sa.Column("reading_time_mins", sa.Integer(), nullable=True),
        sa.Column("version", sa.Integer(), server_default="1", nullable=False),
        sa.Column("quality_score", sa.Float(), nullable=True),
        sa.Column(
            "validation_status",
            postgresql.ENUM(name="validation_status", create_type=False),
            server_default="PENDING",
            nullable=False,
        ),
        sa.Column("validation_report", postgresql.JSONB(), nullable=True),
        sa.Column("metadata", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("is_ai_generated", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_topic_notes_created_by")),
        sa.ForeignKeyConstraint(["job_id"], ["hydration_jobs.id"], name=op.f("fk_topic_notes_job_id")),
        sa.ForeignKeyConstraint(["topic_id"], ["topics.id"], name=op.f("fk_topic_notes_topic_id"), ondelete="CASCADE"),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic_notes")),
        sa.UniqueConstraint("topic_id", "version", name=op.f("uq_topic_notes_topic_id_version")),
    )
    op.create_index(op.f("ix_topic_notes_is_ai_generated"), "topic_notes", ["is_ai_generated"], unique=False)
    op.create_index(op.f("ix_topic_notes_job_id"), "topic_notes", ["job_id"], unique=False)
    op.create_index(op.f("ix_topic_notes_quality_score"), "topic_notes", ["quality_score"], unique=False)
    op.create_index(op.f("ix_topic_notes_topic_id"), "topic_notes", ["topic_id"], unique=False)
    op.create_index(op.f("ix_topic_notes_validation_status"), "topic_notes", ["validation_status"], unique=False)
    op.create_table(
        "topic_questions",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("topic_id", sa.Uuid(), nullable=False),
        sa.Column("job_id", sa.Uuid(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("question_type", postgresql.ENUM(name="question_type", create_type=False), nullable=False),
        sa.Column("difficulty_level", postgresql.ENUM(name="difficulty_level", create_type=False), nullable=False),
        sa.Column("question_text", sa.Text(), nullable=False),
        sa.Column("scenario", sa.Text(), nullable=True),
        sa.Column("diagram_description", sa.Text(), nullable=True),
        sa.Column("options", postgresql.JSONB(), nullable=True),
        sa.Column("correct_answer", postgresql.JSONB(), nullable=False),
        sa.Column("marks", sa.Float(), nullable=False),
        sa.Column("estimated_time_mins", sa.Integer(), nullable=True),
        sa.Column("learning_objective", sa.String(), nullable=True),
        sa.Column("bloom_taxonomy_level", postgresql.ENUM(name="bloom_level", create_type=False), nullable=True),
        sa.Column("tags", postgresql.JSONB(), nullable=True),
        sa.Column("quality_score", sa.Float(), nullable=True),
        sa.Column(
            "validation_status",
            postgresql.ENUM(name="validation_status", create_type=False),
            server_default="PENDING",
            nullable=False,
        ),
        sa.Column("validation_report", postgresql.JSONB(), nullable=True),
        sa.Column("usage_count", sa.Integer(), server_default="0", nullable=False),
        sa.Column("average_performance", sa.Float(), nullable=True),
        sa.Column("metadata", postgresql.JSONB(), server_default="{}", nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("updated_at", sa.DateTime(timezone=True), server_default=sa.text("now()"), nullable=False),
        sa.Column("created_by", sa.Uuid(), nullable=True),
        sa.Column("is_ai_generated", sa.Boolean(), server_default=sa.text("true"), nullable=False),
        sa.CheckConstraint(
            "coalesce(correct_answer ->> 'final_answer', '') <> ''",
            name=op.f("ck_topic_questions_answer_is_final"),
        ),
        sa.CheckConstraint(
            "jsonb_typeof(correct_answer) = 'object'", name=op.f("ck_topic_questions_answer_is_an_object")
        ),
        sa.ForeignKeyConstraint(["created_by"], ["users.id"], name=op.f("fk_topic_questions_created_by")),
        sa.ForeignKeyConstraint(["job_id"], ["hydration_jobs.id"], name=op.f("fk_topic_questions_job_id")),
        sa.ForeignKeyConstraint(
            ["topic_id"], ["topics.id"], name=op.f("fk_topic_questions_topic_id"), ondelete="CASCADE"
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_topic_questions")),
        sa.UniqueConstraint(
            "topic_id",
            "difficulty_level",
            "position",
            name=op.f("uq_topic_questions_topic_id_difficulty_level_position"),
        ),
    )
    op.create_index(op.f("ix_topic_questions_difficulty_level"), "topic_questions", ["difficulty_level"], unique=False)
    op.create_index(op.f("ix_topic_questions_is_ai_generated"), "topic_questions", ["is_ai_generated"], unique=False)
    op.create_index(op.f("ix_topic_questions_job_id"), "topic_questions", ["job_id"], unique=False)
    op.create_index(op.f("ix_topic_questions_quality_score"), "topic_questions", ["quality_score"], unique=False)
    op.create_index(op.f("ix_topic_questions_question_type"), "topic_questions", ["question_type"], unique=False)
    op.create_index(op.f("ix_topic_questions_topic_id"), "topic_questions", ["topic_id"], unique=False)
    op.create_index(
        op.f("ix_topic_questions_validation_status"), "topic_questions", ["validation_status"], unique=False
    )
