"""The form of an edit: what it shows makes the same draft again, and what is wrong is told at its control."""

from __future__ import annotations

import uuid
from datetime import UTC, datetime
from typing import Any

import pytest
from starlette.datastructures import FormData

from factories import answer, choice_question, match_question, question
from hydrateall.curriculum.enums import ContentType, DifficultyLevel, LanguageCode, ValidationStatus
from hydrateall.curriculum.schemas import NoteDraft, QuestionDraft
from hydrateall.curriculum.service import ItemView
from hydrateall.validation.schemas import Finding
from hydrateall.web.pages.review_form import Unfit, controls_of, draft_of, field_name, refused

NOTE = NoteDraft(content="## Current\n\nThe flow of charge: $I = \\frac{Q}{t}$.")
DRAFTS = [
    NOTE,
    question(),
    question(DifficultyLevel.MEDIUM, correct=answer(DifficultyLevel.MEDIUM)),
    question(DifficultyLevel.HARD, correct=answer(DifficultyLevel.HARD)),
    choice_question(),
    match_question([("B", "3"), ("A", "2"), ("C", "1")]),
]


def item_of(draft: NoteDraft | QuestionDraft) -> ItemView:
    now, ids = datetime(2026, 1, 5, tzinfo=UTC), [uuid.uuid4() for _ in range(4)]
    question_level = draft.difficulty_level if isinstance(draft, QuestionDraft) else None
    values: dict[str, Any] = dict.fromkeys(("quality_score", "report", "supersedes", "decided_at", "decided_by"))
    values |= {"subject_id": ids[0], "chapter_id": ids[1], "topic_id": ids[2], "id": ids[3], "created_by": None}
    values |= {"board_code": "CBSE", "grade": "8", "subject_code": "SCIENCE", "subject_name": "Science"}
    return ItemView(
        **values,
        content_type=ContentType.QUESTION if question_level else ContentType.NOTE,
        draft=draft,
        status=ValidationStatus.PENDING,
        version=1,
        difficulty=question_level,
        position=1,
        language=LanguageCode.EN,
        chapter_number=1,
        chapter_title="Light",
        topic_number=1,
        topic_title="Mirrors",
        objectives=["Explain it.", "Use it."],
        created_at=now,
        is_ai_generated=True,
        provenance={},
    )


def form_of(item: ItemView, **changes: str) -> FormData:
    """What a browser sends if nothing but `changes` (dots written as __) is typed."""
    typed = {name.replace("__", "."): value for name, value in changes.items()}
    return FormData(
        [
            (control.name, value.replace("\n", "\r\n"))
            for control in controls_of(item)
            for value in ([typed[control.name]] if control.name in typed else control.values)
        ]
    )


class TestTheForm:
    @pytest.mark.parametrize("draft", DRAFTS, ids=lambda draft: getattr(draft, "question_type", "note"))
    def test_that_nobody_changes_makes_the_same_draft(self, draft: NoteDraft | QuestionDraft) -> None:
        item = item_of(draft)

        assert draft_of(item, form_of(item)) == draft

    def test_changes_what_is_typed_and_nothing_else(self) -> None:
        item = item_of(choice_question())

        changed = draft_of(
            item, form_of(item, options__B="seven", correctAnswer__correctOptions="B", tags="sums, tens")
        )

        assert isinstance(changed, QuestionDraft)
        assert [option.text for option in changed.options or []] == ["two", "seven", "four", "five"]
        assert (changed.correct_answer.correct_options, changed.tags) == (["B"], ["sums", "tens"])

    def test_pairs_the_columns_anew(self) -> None:
        item = item_of(match_question())

        changed = draft_of(item, form_of(item, correctAnswer__pairs__A="3", correctAnswer__pairs__B="2"))

        assert isinstance(changed, QuestionDraft)
        assert [(pair.left, pair.right) for pair in changed.correct_answer.pairs or []] == [
            ("A", "3"),
            ("B", "2"),
            ("C", "1"),
        ]

    def test_tells_at_its_control_what_makes_no_draft(self) -> None:
        item = item_of(choice_question())

        with pytest.raises(Unfit) as refusal:
            draft_of(item, form_of(item, questionText=" ", options__C="", marks="many"))

        assert sorted(refusal.value.errors) == ["marks", "options.C", "questionText"]
        assert refusal.value.errors["questionText"] == ["must not be empty."]


class TestWhatTheGatesRefuse:
    def test_is_told_at_the_field_at_a_part_of_it_or_at_what_it_is_a_part_of(self) -> None:
        controls = controls_of(item_of(choice_question()))
        findings = [
            Finding("OPTION_DUPLICATE", "options", "two say the same."),
            Finding("ANSWER_EMPTY", "correctAnswer.final_answer", "cannot be read."),
            Finding("GATE_BROKEN", "tags.2", "is odd."),
            Finding("COUNT", "questions", "must be three."),
        ]

        errors = refused(controls, findings)

        assert errors == {
            "options.A": ["two say the same."],
            "correctAnswer.finalAnswer": ["cannot be read."],
            "tags": ["is odd."],
            "": ["must be three."],
        }

    def test_names_fields_in_words(self) -> None:
        assert [field_name(each) for each in ("correctAnswer.solutionSteps.3", "options.B", "odd")] == [
            "Steps",
            "Option",
            "odd",
        ]
