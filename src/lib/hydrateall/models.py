"""Every table of the content database in one place, for migrations and the mapper registry."""

from hydrateall.core.database import Base
from hydrateall.core.models import AuditLog, User
from hydrateall.curriculum.models import Board, Chapter, Subject, Topic, TopicNote, TopicQuestion
from hydrateall.delivery.models import OutboxEntry
from hydrateall.documents.models import (
    ContentAnchor,
    Document,
    DocumentChunk,
    DocumentFact,
    DocumentProcessingStage,
    ProcessingWorkflow,
    StageDependency,
    StageOutputFile,
)
from hydrateall.hydration.models import (
    HydrationControl,
    HydrationJob,
    IdempotencyKey,
    JobExecutionLog,
    JobLock,
    LLMBatch,
    TopicSources,
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
    "ContentAnchor",
    "ContentCache",
    "ContentReview",
    "Deployment",
    "Document",
    "DocumentChunk",
    "DocumentFact",
    "DocumentProcessingStage",
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
    "ProcessingWorkflow",
    "QuestionFingerprint",
    "StageDependency",
    "StageOutputFile",
    "Subject",
    "Subscription",
    "Topic",
    "TopicNote",
    "TopicQuestion",
    "TopicSources",
    "User",
    "ValidationRule",
    "ValidationRun",
    "ValidationRunChapter",
    "WriteRate",
]
