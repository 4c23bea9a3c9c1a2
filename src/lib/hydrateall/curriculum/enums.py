"""The vocabularies of the curriculum; values are those of the database's enum types."""

from __future__ import annotations

from enum import StrEnum


class LanguageCode(StrEnum):
    EN = "en"
    HI = "hi"


class DifficultyLevel(StrEnum):
    EASY = "easy"
    MEDIUM = "medium"
    HARD = "hard"


class GenerationStatus(StrEnum):
    PENDING = "PENDING"
    PROCESSING = "PROCESSING"
    COMPLETED = "COMPLETED"
    FAILED = "FAILED"


class ValidationStatus(StrEnum):
    PENDING = "PENDING"
    VALIDATED = "VALIDATED"
    REJECTED = "REJECTED"


class QuestionType(StrEnum):
    MCQ = "MCQ"
    SHORT_ANSWER = "SHORT_ANSWER"
    LONG_ANSWER = "LONG_ANSWER"
    NUMERICAL = "NUMERICAL"
    TRUE_FALSE = "TRUE_FALSE"
    FILL_BLANK = "FILL_BLANK"
    HOTS = "HOTS"
    CASE_STUDY = "CASE_STUDY"
    ASSERTION_REASON = "ASSERTION_REASON"
    MULTI_SELECT = "MULTI_SELECT"
    MATCH = "MATCH"


class BloomLevel(StrEnum):
    REMEMBER = "REMEMBER"
    UNDERSTAND = "UNDERSTAND"
    APPLY = "APPLY"
    ANALYZE = "ANALYZE"
    EVALUATE = "EVALUATE"
    CREATE = "CREATE"


class ContentType(StrEnum):
    CHAPTER = "CHAPTER"
    TOPIC = "TOPIC"
    NOTE = "NOTE"
    QUESTION = "QUESTION"
    DOCUMENT = "DOCUMENT"
