"""Level 4: the questions of a topic in one difficulty."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from textwrap import shorten
from typing import Any

from sqlalchemy.orm import Session

from hydrateall.curriculum.enums import ContentType, DifficultyLevel
from hydrateall.curriculum.schemas import QuestionDraft, QuestionSetDraft
from hydrateall.curriculum.service import (
    Slot,
    TopicView,
    chapter_view,
    free_slots,
    question_places,
    store_questions,
    topic_view,
)
from hydrateall.documents.service import anchor
from hydrateall.hydration.grounding import sources_of_topic, told
from hydrateall.hydration.levels.work import Checked, Work, assignment, context_of, doubts_about, verdict_of
from hydrateall.hydration.plan import RootPlan
from hydrateall.hydration.schemas import ClaimedJob
from hydrateall.review.service import enqueue
from hydrateall.validation.service import (
    Finding,
    Fingerprint,
    Judgement,
    duplicate_findings,
    find_near,
    fingerprint_of_draft,
    judge_questions,
    read_questions,
    remember,
    repeats_within,
    sentences,
)

QUOTED = 90  # characters of a question by which the model is told which one was rejected

Kept = list[tuple[Slot, QuestionDraft, Judgement]]


def prepare(session: Session, plan: RootPlan, job: ClaimedJob) -> Work:
    """Ask for as many questions as the topic lacks in this difficulty; those that exist are named, to be avoided.

    Named are those of the same difficulty only: the other sets of the topic are written at the same moment, and an
    assignment that depended on who was first would give other content after a crash than in a calm run.
    """
    topic = topic_view(session, job.target_id)
    chapter = chapter_view(session, topic.chapter_id)
    difficulty = DifficultyLevel(job.variant or DifficultyLevel.EASY)
    wanted = plan.options.question_counts.wanted()[difficulty]
    places = question_places(session, topic.id)
    slots = free_slots(places, difficulty, wanted)
    passages = sources_of_topic(session, plan, topic.id)

    def check(text: str) -> Checked:
        found, findings = read_questions(text)
        alone = judge_questions(
            QuestionSetDraft.model_construct(questions=list(found.values())),
            rules=plan.rules,
            context=context_of(plan),
            count=len(found),
            difficulty=difficulty,
            avoid=[place.text for place in places],
            objectives=topic.objectives,
        ).items
        judged = _beside_each_other(found, alone, plan)
        good = [(draft, each) for draft, each in zip(found.values(), judged, strict=True) if not each.errors]
        kept = [(slot, draft, each) for slot, (draft, each) in zip(slots, good, strict=False)]
        if len(kept) == len(slots):
            return Checked(kept=kept, items=len(kept))
        count = (
            f"{len(kept)} of {len(slots)} {difficulty} questions are good; write the other {len(slots) - len(kept)}."
        )
        return Checked(kept=kept, items=len(kept), issues=[count, *sentences(findings), *_rejections(found, judged)])

    def store(session: Session, kept: Kept, provenance: dict[str, Any]) -> None:
        prints = [_fingerprint(draft, plan) for _, draft, _ in kept]
        kept = _beside_the_bank(session, kept, prints, topic)
        items = [(slot, draft, verdict_of(judgement)) for slot, draft, judgement in kept]
        ids = store_questions(session, topic.id, items, job_id=job.id, provenance=provenance)
        remember(session, [(each, fingerprint) for each, fingerprint in zip(ids, prints, strict=True) if each])
        doubts = [
            doubt
            for question_id, (_, _, judgement) in zip(ids, kept, strict=True)
            if question_id
            for doubt in doubts_about(judgement, question_id, ContentType.QUESTION, plan, topic)
        ]
        enqueue(session, doubts)
        texts = [(each, _text(draft)) for each, (_, draft, _) in zip(ids, kept, strict=True) if each]
        anchor(session, ContentType.QUESTION, texts, passages)

    details = {
        "chapter": {"number": chapter.number, "title": chapter.title},
        "topic": topic.as_context(),
        "difficulty": difficulty.value,
        "count": len(slots),
        "types": None,
        "avoid": [place.text for place in places if place.difficulty is difficulty],
        **told(passages),
    }
    return Work(
        label=f"{len(slots)} {difficulty} questions of {chapter.number}.{topic.number} {topic.title}",
        prompt="curriculum/draft_questions",
        schema=QuestionSetDraft,
        content_type=ContentType.QUESTION,
        content_ref=str(topic.id),
        items=wanted,
        present=wanted - len(slots),
        assignment=assignment(plan, job, "questions", **details) if slots else None,
        check=check,
        store=store,
    )


def _text(draft: QuestionDraft) -> str:
    """What a question says, its answer included."""
    answer = draft.correct_answer.model_dump(exclude_none=True)
    return "\n".join([draft.question_text, *map(str, answer.values())])


def _fingerprint(draft: QuestionDraft, plan: RootPlan) -> Fingerprint:
    return fingerprint_of_draft(plan.subject.language.value, draft)


def _beside_each_other(
    found: dict[int, QuestionDraft], judged: Sequence[Judgement], plan: RootPlan
) -> Sequence[Judgement]:
    """Add to the judgements which questions of the answer nearly repeat another one of it."""
    judgements = list(judged)
    for finding in repeats_within([_fingerprint(draft, plan) for draft in found.values()]):
        place = (finding.item or 1) - 1
        judgements[place] = judgements[place].adding([replace(finding, item=None)])
    return judgements


def _beside_the_bank(session: Session, kept: Kept, prints: Sequence[Fingerprint], topic: TopicView) -> Kept:
    """Add to the judgements what the questions repeat of the whole bank; a person decides, for now they are stored."""
    replaced = [slot.supersedes for slot, _, _ in kept if slot.supersedes]
    near = find_near(session, prints, topic_id=topic.id, excepted=replaced)
    return [
        (slot, draft, judgement.adding(map(_as_doubt, duplicate_findings(repeated))))
        for (slot, draft, judgement), repeated in zip(kept, near, strict=True)
    ]


def _as_doubt(finding: Finding) -> Finding:
    """A repeat that is certain, and known too late to ask again, is for a person as well."""
    return replace(finding, severity="review") if finding.severity == "error" else finding


def _rejections(found: dict[int, QuestionDraft], judged: Sequence[Judgement]) -> Iterator[str]:
    """What was wrong, item by item. A rejected question is quoted: the next attempt numbers its items anew."""
    for draft, judgement in zip(found.values(), judged, strict=True):
        quote = shorten(draft.question_text, QUOTED, placeholder="…")
        yield from (f"“{quote}”, {finding.field}: {finding.message}" for finding in judgement.errors)
