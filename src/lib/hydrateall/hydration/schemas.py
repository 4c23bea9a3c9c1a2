"""What a request for a hydration says, and what is shown of a job. JSON on the wire is camelCase."""

from __future__ import annotations

import uuid
from datetime import datetime
from decimal import Decimal
from typing import Annotated, Any, Literal

from pydantic import (
    BaseModel,
    BeforeValidator,
    ConfigDict,
    Field,
    PlainSerializer,
    ValidationError,
    ValidationInfo,
    WithJsonSchema,
)
from pydantic.alias_generators import to_camel

from hydrateall.core.errors import UsageError
from hydrateall.curriculum.enums import DifficultyLevel
from hydrateall.documents.schemas import REALM
from hydrateall.hydration.enums import JobStatus, Mode

PLAIN = r"^[^\x00-\x1f]*$"  # no control character: PostgreSQL takes no zero byte, and no name has a line break


def _grade(given: object) -> object:
    """Accept 10 (and 10.0, which JSON takes for the same) for "10"."""
    whole = type(given) is int or (isinstance(given, float) and given.is_integer())
    return f"{given:.0f}" if whole else given


def _number(given: object, info: ValidationInfo) -> object:
    """Make a decimal of a number as it is written; from JSON refuse text and booleans, of which one is made too."""
    if info.mode == "json" and isinstance(given, str | bool):
        raise ValueError("write it as a number")
    return Decimal(str(given)) if isinstance(given, int | float) else given


GRADE_SCHEMA = {
    "anyOf": [
        {"type": "string", "minLength": 1, "maxLength": 10, "pattern": PLAIN},
        {"type": "integer", "minimum": 0, "maximum": 99},
    ]
}
BUDGET_SCHEMA = {"type": "number", "exclusiveMinimum": 0, "maximum": 100_000}
Grade = Annotated[
    str,
    BeforeValidator(_grade),
    Field(min_length=1, max_length=10, pattern=PLAIN),
    WithJsonSchema(GRADE_SCHEMA, mode="validation"),
]
Usd = Annotated[Decimal, PlainSerializer(float, return_type=float, when_used="json")]
Budget = Annotated[
    Usd,
    BeforeValidator(_number),
    Field(gt=0, le=100_000),
    WithJsonSchema(BUDGET_SCHEMA, mode="validation"),
]


class Wire(BaseModel):
    """The base of everything that goes over a wire."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid")


class QuestionCounts(Wire):
    """Questions a topic gets, per difficulty."""

    easy: int = Field(5, ge=0, le=50)
    medium: int = Field(3, ge=0, le=50)
    hard: int = Field(2, ge=0, le=50)

    def wanted(self) -> dict[DifficultyLevel, int]:
        """The difficulties that are asked for at all."""
        pairs = ((level, getattr(self, level.value)) for level in DifficultyLevel)
        return {level: count for level, count in pairs if count}

    @property
    def total(self) -> int:
        return self.easy + self.medium + self.hard


class HydrateOptions(Wire):
    """The options of a hydration. `chapter_limit` null: all chapters; `max_cost_usd` null: the default budget.

    `second_opinion`: the questions are solved once more without their keys, at the cost of a call a set.
    `ground`: the realm of documents on whose passages notes and questions stand; null: on none.
    """

    generate_notes: bool = True
    generate_questions: bool = True
    chapter_limit: int | None = Field(None, ge=1, le=100)
    question_counts: QuestionCounts = QuestionCounts()
    max_cost_usd: Budget | None = None
    mode: Mode = Mode.FAST
    dry_run: bool = False
    second_opinion: bool = False
    ground: str | None = Field(None, pattern=REALM)


def read_budget(amount: float) -> Decimal:
    """A budget as a person gives it; raise UsageError unless one can spend it."""
    try:
        return HydrateOptions(max_cost_usd=Decimal(str(amount))).max_cost_usd or Decimal(0)
    except ValidationError as error:
        reason = error.errors()[0]["msg"]
        raise UsageError(
            f"A budget of ${amount:g} is not usable: {reason}.", "Correct --max-cost-usd.", field="maxCostUsd"
        ) from None


class HydrateRequest(Wire):
    """A request to hydrate one subject."""

    language: Literal["en", "hi"] = "en"
    board_code: str = Field(min_length=1, max_length=40, pattern=PLAIN)
    grade: Grade
    subject_code: str = Field(min_length=1, max_length=40, pattern=PLAIN)
    options: HydrateOptions = HydrateOptions()


class Estimates(Wire):
    """What a hydration will do and cost: seed 001's dry run. `basis` says what the figures come from.

    The batch figures are those of `mode=batch`: at the provider's batch price, when it takes all the time it may.
    """

    total_chapters: int
    estimated_topics: int
    estimated_notes: int
    estimated_questions: int
    estimated_cost_usd: Usd
    estimated_duration_mins: float
    estimated_batch_cost_usd: Usd
    estimated_batch_duration_mins: float
    estimated_calls: int
    basis: str

    def cost_of(self, mode: Mode) -> Decimal:
        """The estimated cost in a mode."""
        return self.estimated_batch_cost_usd if mode is Mode.BATCH else self.estimated_cost_usd

    def minutes_of(self, mode: Mode) -> float:
        """The estimated duration in a mode."""
        return self.estimated_batch_duration_mins if mode is Mode.BATCH else self.estimated_duration_mins


class LevelProgress(Wire):
    completed: int
    expected: int

    @property
    def percent(self) -> float:
        """Never above 100; a level with nothing to do is complete."""
        return min(100.0, 100.0 * self.completed / self.expected) if self.expected else 100.0


class Progress(Wire):
    overall: float
    chapters: LevelProgress
    topics: LevelProgress
    notes: LevelProgress
    questions: LevelProgress

    def levels(self) -> dict[str, LevelProgress]:
        return {
            "chapters": self.chapters,
            "topics": self.topics,
            "notes": self.notes,
            "questions": self.questions,
        }


class Timing(Wire):
    created_at: datetime
    started_at: datetime | None
    finished_at: datetime | None
    estimated_duration_mins: float | None
    actual_duration_mins: float | None


class Cost(Wire):
    estimated: Usd | None
    actual: Usd
    budget: Usd | None


class LogLine(Wire):
    phase: str
    severity: str
    message: str | None
    payload: dict[str, Any] | None
    created_at: datetime


class PurposeUsage(Wire):
    """What a job's calls for one purpose came to. `uncertain` answers got lost: they may have been billed on top."""

    purpose: str
    calls: int
    accepted: int
    rejected: int
    errors: int
    discarded: int
    cached: int
    cost_usd: Usd
    uncertain: int
    uncertain_usd: Usd


class JobView(Wire):
    """A root job as seed 000's GET response shows it. `paused_until` null: a paused job waits for `jobs resume`."""

    job_id: uuid.UUID
    status: JobStatus
    subject: str
    board_code: str
    grade: str
    subject_code: str
    language: str
    progress: Progress
    timing: Timing
    cost: Cost
    error_message: str | None
    cancel_reason: str | None
    paused_until: datetime | None
    dag_run_id: str | None
    trace_id: str | None
    created_by: str
    sample: bool
    usage: list[PurposeUsage] = []
    recent_logs: list[LogLine] = []


class Submission(Wire):
    """The answer to a submission. `delivered` is false when Airflow did not answer and the outbox keeps it."""

    root_job_id: uuid.UUID
    status: JobStatus
    estimates: Estimates
    trace_id: str
    created_at: datetime
    delivered: bool = False
    message: str = ""


class ClaimedJob(BaseModel):
    """A job that this worker holds, by the token it was given."""

    id: uuid.UUID
    root_job_id: uuid.UUID
    parent_job_id: uuid.UUID | None
    hierarchy_level: int
    target_id: uuid.UUID
    variant: str | None
    subject_id: uuid.UUID
    chapter_id: uuid.UUID | None
    attempts: int
    fencing_token: int
    items_expected: int
    result_metadata: dict[str, Any] | None

    @property
    def issues(self) -> list[str]:
        """What was wrong with the last attempt's answer, as the model is told it."""
        return list((self.result_metadata or {}).get("issues", []))


class FailedItem(Wire):
    """A part of the curriculum that is missing, and why."""

    job_id: uuid.UUID
    what: str
    where: str
    reason: str
