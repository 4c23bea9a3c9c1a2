"""Judging the items of a chapter again, as they were judged when they were written: questions set by set."""

from __future__ import annotations

import uuid
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence

from sqlalchemy.orm import Session

from hydrateall.curriculum.enums import DifficultyLevel, ValidationStatus
from hydrateall.curriculum.schemas import NoteDraft, QuestionDraft, QuestionSetDraft
from hydrateall.curriculum.service import ItemView, items_of_chapter, set_verdict
from hydrateall.review.rerun_report import ChapterResult, codes_of
from hydrateall.review.schemas import Doubt
from hydrateall.review.service import enqueue, withdraw
from hydrateall.validation.service import (
    Context,
    Fingerprint,
    Judgement,
    Rulebook,
    duplicate_findings,
    find_near,
    fingerprint_of_draft,
    judge_note,
    judge_questions,
    opinions_in,
)


def rejudge_chapter(session: Session, chapter_id: uuid.UUID, rules: Rulebook) -> ChapterResult:
    """Judge the chapter's current items, store what comes of it, and bring the review queue in line.

    What a person decided is a neighbour of the others and otherwise left alone, also if it is decided at this moment.
    """
    items = items_of_chapter(session, chapter_id)
    judged = beside_the_bank(session, items, judge_again(items, rules))
    result = ChapterResult(rulebook=rules.fingerprint)
    result.counts.items = len(items)
    doubts: list[Doubt] = []
    clean: list[uuid.UUID] = []
    for item in items:
        judgement = judged.get(item.id)
        if judgement is None or not _store(session, item, judgement):
            result.counts.kept += 1
            continue
        reasons = _reasons(judgement)
        _count(result, item, judgement, reasons)
        if reasons:
            doubts.append(Doubt.about(item, reasons, judgement.score))
        else:
            clean.append(item.id)
    enqueue(session, doubts)
    withdraw(session, clean)
    return result


def judge_again(items: Sequence[ItemView], rules: Rulebook) -> dict[uuid.UUID, Judgement]:
    """A judgement by id for every item that no person has decided; a second opinion on its key is kept."""
    notes = ((item, _judge_note(item, rules)) for item in items if isinstance(item.draft, NoteDraft))
    judged = [each for each in (*notes, *_judge_sets(items, rules)) if each[0].decided_at is None]
    return {item.id: judgement.adding(opinions_in(item.report)) for item, judgement in judged}


def beside_the_bank(
    session: Session, items: Sequence[ItemView], judged: Mapping[uuid.UUID, Judgement]
) -> dict[uuid.UUID, Judgement]:
    """Add to the judgements which questions repeat an older one of the bank: of two alike, the younger is doubted."""
    topics: dict[uuid.UUID, list[tuple[uuid.UUID, Fingerprint]]] = defaultdict(list)
    for item in items:
        if isinstance(item.draft, QuestionDraft) and item.id in judged:
            topics[item.topic_id].append((item.id, fingerprint_of_draft(item.language.value, item.draft)))
    found = dict(judged)
    for topic_id, questions in topics.items():
        near = find_near(session, [each for _, each in questions], topic_id=topic_id)
        for (item_id, _), neighbours in zip(questions, near, strict=True):
            older = [each for each in neighbours if each.question_id < item_id]
            found[item_id] = judged[item_id].adding(duplicate_findings(older))
    return found


def _judge_note(item: ItemView, rules: Rulebook) -> Judgement:
    assert isinstance(item.draft, NoteDraft)
    return judge_note(item.draft, rules=rules, context=_context(item))


def _judge_sets(items: Iterable[ItemView], rules: Rulebook) -> Iterator[tuple[ItemView, Judgement]]:
    """Judge the questions of each topic by difficulty. A question is a repeat of an easier one, not the reverse."""
    topics: dict[uuid.UUID, list[ItemView]] = defaultdict(list)
    for item in items:
        if isinstance(item.draft, QuestionDraft) and item.status is not ValidationStatus.REJECTED:
            topics[item.topic_id].append(item)
    for questions in topics.values():
        known: list[str] = []
        for difficulty in DifficultyLevel:
            of_set = sorted((each for each in questions if each.difficulty is difficulty), key=lambda it: it.position)
            yield from _judge_set(of_set, difficulty, known, rules)
            known += [each.question_text for each in _questions(of_set)]


def _judge_set(
    items: Sequence[ItemView], difficulty: DifficultyLevel, known: Sequence[str], rules: Rulebook
) -> Iterator[tuple[ItemView, Judgement]]:
    if not items:
        return
    judged = judge_questions(
        QuestionSetDraft.model_construct(questions=_questions(items)),
        rules=rules,
        context=_context(items[0]),
        count=len(items),
        difficulty=difficulty,
        avoid=known,
        objectives=items[0].objectives,
    )
    yield from zip(items, judged.items, strict=True)


def _questions(items: Iterable[ItemView]) -> list[QuestionDraft]:
    return [item.draft for item in items if isinstance(item.draft, QuestionDraft)]


def _context(item: ItemView) -> Context:
    return Context(item.language.value, item.grade, item.subject_code)


def _store(session: Session, item: ItemView, judgement: Judgement) -> bool:
    """Store the judgement if it says anything new; False if a person has decided meanwhile."""
    status, report = _status(judgement), judgement.report()
    if (item.status, item.quality_score, item.report) == (status, judgement.score, report):
        return True
    return set_verdict(session, item, status=status, score=judgement.score, report=report)


def _count(result: ChapterResult, item: ItemView, judgement: Judgement, reasons: list[str]) -> None:
    for counts, report in ((result.codes_before, item.report), (result.codes_after, judgement.report())):
        for code in codes_of(report):
            counts[code] = counts.get(code, 0) + 1
    result.note(item, judgement, _status(judgement), reasons)


def _reasons(judgement: Judgement) -> list[str]:
    """Why a person must look. An item that is stored is not written anew for an error, so errors are doubts here."""
    return sorted({finding.code for finding in (*judgement.errors, *judgement.doubts)})


def _status(judgement: Judgement) -> ValidationStatus:
    return ValidationStatus.PENDING if _reasons(judgement) else ValidationStatus.VALIDATED
