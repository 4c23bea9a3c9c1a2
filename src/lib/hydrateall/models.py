"""Every table of the content database in one place, for migrations and the mapper registry."""

from hydrateall.core.database import Base
from hydrateall.core.models import AuditLog, User
from hydrateall.curriculum.models import Board, Chapter, Subject, Topic, TopicNote, TopicQuestion
from hydrateall.delivery.models import OutboxEntry
from hydrateall.hydration.models import (
    HydrationControl,
    HydrationJob,
    IdempotencyKey,
    JobExecutionLog,
    JobLock,
    LLMBatch,
    WriteRate,
)
from hydrateall.llm.models import AIContentLog, Budget, ContentCache, Deployment
from hydrateall.monitoring.models import MetricTotal, MetricTotalsState, Notification, Subscription
from hydrateall.review.models import ContentReview, ValidationRun, ValidationRunChapter
from hydrateall.validation.models import QuestionFingerprint, ValidationRule

__all__ = [
    "AIContentLog",
    "AuditLog",
    "Base",
    "Board",
    "Budget",
    "Chapter",
    "ContentCache",
    "ContentReview",
    "Deployment",
    "HydrationControl",
    "HydrationJob",
    "IdempotencyKey",
    "JobExecutionLog",
    "JobLock",
    "LLMBatch",
    "MetricTotal",
    "MetricTotalsState",
    "Notification",
    "OutboxEntry",
    "QuestionFingerprint",
    "Subject",
    "Subscription",
    "Topic",
    "TopicNote",
    "TopicQuestion",
    "User",
    "ValidationRule",
    "ValidationRun",
    "ValidationRunChapter",
    "WriteRate",
]
