"""What a model must return for each level. The descriptions are written for the model, which reads them.

Every field is required in the JSON schema (strict mode wants that); a field that does not apply is null.
"""

from __future__ import annotations

from typing import Annotated

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from pydantic.alias_generators import to_camel

from hydrateall.curriculum.enums import BloomLevel, DifficultyLevel, QuestionType


def _without_nul(text: str) -> str:
    if "\x00" in text:
        raise ValueError("must not hold the character NUL")
    return text


Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1), AfterValidator(_without_nul)]


class Draft(BaseModel):
    """The base of all drafts: camelCase on the wire, nothing unknown."""

    model_config = ConfigDict(extra="forbid", alias_generator=to_camel, populate_by_name=True)


class ChapterDraft(Draft):
    """One chapter."""

    chapter_number: int = Field(ge=1, description="Position in the book, from 1, no gaps.")
    title: Text = Field(description="The chapter's title, exactly as in the outline where one is given.")
    brief_description: Text = Field(description="Two sentences: what the chapter is about and why it matters.")
    estimated_weeks: int = Field(ge=1, le=12, description="School weeks the chapter takes.")
    learning_objectives: list[Text] = Field(
        min_length=2,
        max_length=6,
        description="What a learner can do after the chapter; each starts with a verb.",
    )


class ChaptersDraft(Draft):
    """All chapters of a subject, in order."""

    chapters: list[ChapterDraft] = Field(min_length=1)


class TopicDraft(Draft):
    """One topic of a chapter."""

    topic_number: int = Field(ge=1, description="Position in the chapter, from 1, no gaps.")
    title: Text = Field(description="The topic's title, exactly as in the outline where one is given.")
    learning_objectives: list[Text] = Field(
        min_length=1,
        max_length=5,
        description="What a learner can do after the topic; each starts with a verb.",
    )
    prerequisite_topics: list[Text] = Field(
        description="Titles of earlier topics of this chapter that must be known first; empty for the first."
    )
    difficulty_level: DifficultyLevel = Field(description="How hard the topic is for the grade.")
    estimated_duration_mins: int = Field(ge=5, le=240, description="Minutes of teaching the topic takes.")


class TopicsDraft(Draft):
    """All topics of a chapter, in order."""

    topics: list[TopicDraft] = Field(min_length=1)


class NoteDraft(Draft):
    """The note of one topic."""

    content: Text = Field(
        description="The lesson in Markdown: second-level headings, short paragraphs, lists, LaTeX between "
        "dollar signs, at least one worked example and a closing list of key points. No HTML."
    )


class OptionDraft(Draft):
    """One choice, or one entry of a column to match."""

    key: Text = Field(description="A, B, C, … for choices and the left column; 1, 2, 3, … for the right column.")
    text: Text = Field(description="The choice itself, without its letter.")


class MatchColumns(Draft):
    """The two columns of a MATCH question, of equal length."""

    left: list[OptionDraft] = Field(min_length=3, max_length=6)
    right: list[OptionDraft] = Field(min_length=3, max_length=6)


class MatchPair(Draft):
    """One right pair of a MATCH question."""

    left: Text = Field(description="Key of the left entry.")
    right: Text = Field(description="Key of the right entry.")


class AnswerDraft(Draft):
    """The complete answer. Which fields must be filled depends on the difficulty."""

    answer: Text | None = Field(
        description="EASY: the answer in one sentence; for choices the letter and its text. Otherwise null."
    )
    explanation: Text | None = Field(description="EASY: why the answer is right, 1-3 sentences. Otherwise null.")
    solution_steps: list[Text] | None = Field(
        description="MEDIUM: the steps that lead to the answer, each a full sentence or equation. HARD: likewise, "
        "or scientificExplanation. EASY: null."
    )
    direct_answer: Text | None = Field(description="HARD: the answer in one or two sentences. Otherwise null.")
    scientific_explanation: Text | None = Field(
        description="HARD: the reasoning behind it. May be null if steps are given."
    )
    final_answer: Text = Field(
        description="Always: the final answer alone. For choices only the letter(s), e.g. 'B' or 'A, C'; "
        "for numericals number and unit; for true/false the word."
    )
    discussion: Text | None = Field(
        description="HARD: common mistakes, limits or links to other ideas. May be null if a key takeaway is given."
    )
    key_takeaway: Text | None = Field(
        description="HARD: the one idea to remember. May be null if a discussion is given."
    )
    correct_options: list[Text] | None = Field(
        description="Keys of the right options for MCQ and ASSERTION_REASON (one) and MULTI_SELECT (two or three). "
        "Otherwise null."
    )
    pairs: list[MatchPair] | None = Field(description="MATCH: every left key with its right key. Otherwise null.")


class QuestionDraft(Draft):
    """One question with its complete answer."""

    question_type: QuestionType
    difficulty_level: DifficultyLevel = Field(description="The difficulty that was asked for.")
    question_text: Text = Field(
        description="The question, complete in itself. FILL_BLANK: one gap written _____. "
        "ASSERTION_REASON: both statements."
    )
    scenario: Text | None = Field(description="CASE_STUDY: the passage the question is about. Otherwise null.")
    diagram_description: Text | None = Field(description="What a needed figure shows, or null.")
    options: list[OptionDraft] | None = Field(
        description="MCQ, ASSERTION_REASON, MULTI_SELECT: exactly four distinct choices, keys A to D. Otherwise null."
    )
    match_columns: MatchColumns | None = Field(
        description="MATCH: the two columns, the right one shuffled. Otherwise null."
    )
    correct_answer: AnswerDraft
    marks: float = Field(gt=0, le=10, description="Marks in a school paper: easy 1, medium 2-3, hard 4-5.")
    estimated_time_mins: int = Field(ge=1, le=30, description="Minutes a learner needs.")
    learning_objective: Text = Field(description="The objective of the topic that the question tests, word for word.")
    bloom_taxonomy_level: BloomLevel
    tags: list[Text] = Field(max_length=6, description="Up to six short keywords.")


class QuestionSetDraft(Draft):
    """A set of questions of one topic and one difficulty."""

    questions: list[QuestionDraft] = Field(min_length=1)


class SolvedQuestion(Draft):
    """One question solved by somebody who has not seen its key."""

    number: int = Field(ge=1, description="The question's number, as given.")
    reason: Text = Field(description="One sentence: the step or the fact that decides the answer.")
    answer: Text = Field(
        description="The answer alone. Choices: the letter(s), e.g. 'B' or 'A, C'. TRUE_FALSE: the word. NUMERICAL: "
        "number and unit. FILL_BLANK: what stands in the gap. MATCH: every pair, e.g. 'A-2, B-3, C-1'. "
        "'unknown' if the question cannot be answered as it stands."
    )


class SolvedSetDraft(Draft):
    """The solutions of a set of questions."""

    solutions: list[SolvedQuestion] = Field(min_length=1)
