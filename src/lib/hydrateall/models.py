"""Every table of the content database in one place, for migrations and the mapper registry."""

from hydrateall.core.database import Base
from hydrateall.core.models import AuditLog, User
from hydrateall.curriculum.models import Board, Chapter, Subject, Topic, TopicNote, TopicQuestion
from hydrateall.hydration.models import HydrationJob, JobExecutionLog, JobLock, LLMBatch, OutboxEntry
from hydrateall.llm.models import AIContentLog, Budget, ContentCache, Deployment
from hydrateall.validation.models import ValidationRule

__all__ = [
    "AIContentLog",
    "AuditLog",
    "Base",
    "Board",
    "Budget",
    "Chapter",
    "ContentCache",
    "Deployment",
    "HydrationJob",
    "JobExecutionLog",
    "JobLock",
    "LLMBatch",
    "OutboxEntry",
    "Subject",
    "Topic",
    "TopicNote",
    "TopicQuestion",
    "User",
    "ValidationRule",
]
