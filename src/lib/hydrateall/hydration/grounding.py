"""The passages that the writers of a topic stand on: found once a root and topic, before the first of them is asked.

They are kept, so that a note and its questions, every attempt and every run after a crash are given the same.
"""

from __future__ import annotations

import json
import uuid
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from sqlalchemy.orm import Session

from hydrateall.core.database import rows, sql
from hydrateall.core.runtime import Runtime
from hydrateall.curriculum.service import chapter_view, topic_view
from hydrateall.documents.schemas import Passage, without_markers
from hydrateall.documents.service import passages_for
from hydrateall.hydration import repository
from hydrateall.hydration.enums import ExecutionPhase, Level, LogSeverity
from hydrateall.hydration.plan import RootPlan
from hydrateall.hydration.schemas import ClaimedJob
from hydrateall.llm.service import budget_scopes, open_embedder

GROUNDED = (Level.NOTES.value, Level.QUESTIONS.value)

Transaction = Callable[[Callable[[Session], Any]], Awaitable[Any]]


@dataclass(frozen=True)
class Query:
    """What is looked for in the documents, for one topic."""

    topic_id: uuid.UUID
    label: str
    topic: str
    chapter: str
    objectives: Sequence[str]

    @property
    def text(self) -> str:
        return "\n".join([self.topic, self.chapter, *self.objectives])


async def find_sources(runtime: Runtime, plan: RootPlan, jobs: Sequence[ClaimedJob], transaction: Transaction) -> None:
    """Find and keep the passages for the topics of these jobs that have none yet. A second run finds nothing to do.

    The vectors count against the root's budgets; raise what the gateway raises.
    """
    topics = {job.target_id for job in jobs if job.hierarchy_level in GROUNDED and job.target_id}
    if not plan.options.ground or not topics:
        return
    queries: list[Query] = await transaction(lambda session: _queries(session, plan, sorted(topics)))
    if not queries:
        return
    settings = runtime.settings
    async with open_embedder(settings, runtime.database) as embedder:
        caps = budget_scopes(
            settings,
            root_job_id=plan.root_id,
            max_cost_usd=plan.max_cost_usd,
            tenant=plan.tenant,
            now=runtime.now(),
        )
        vectors = await embedder.embed([query.text for query in queries], content_ref=str(plan.root_id), caps=caps)
    for query, vector in zip(queries, vectors, strict=True):
        await transaction(partial(_keep, runtime=runtime, plan=plan, query=query, vector=vector, model=embedder.name))


def sources_of_topic(session: Session, plan: RootPlan, topic_id: uuid.UUID) -> list[Passage]:
    """The passages that the writers of a topic are given, best first; none where the root is not grounded."""
    if not plan.options.ground:
        return []
    found = rows(session, sql("hydration/topic_sources"), root_id=plan.root_id, topic_id=topic_id)
    return [Passage.model_validate(each) for each in found[0]["passages"]] if found else []


def told(passages: Sequence[Passage]) -> dict[str, Any]:
    """The passages as an assignment carries them; nothing without any, so that what is not grounded stays as it was."""
    if not passages:
        return {}
    return {
        "sources": [
            {
                "document": passage.document_title,
                "headings": passage.heading_path,
                "page": passage.page_from,
                "text": without_markers(passage.text),
                "facts": passage.facts,
            }
            for passage in passages
        ]
    }


def grounding_of(session: Session, root_id: uuid.UUID) -> tuple[int, int]:
    """For how many topics of a root passages were looked for, and for how many some were found."""
    [found] = rows(session, sql("hydration/grounding_of_root"), root_id=root_id)
    return found["topics"], found["grounded"]


def _queries(session: Session, plan: RootPlan, topics: Sequence[uuid.UUID]) -> list[Query]:
    known = rows(session, sql("hydration/topics_with_sources"), root_id=plan.root_id, topic_ids=list(topics))
    missing = set(topics) - {row["topic_id"] for row in known}
    return [_query(session, topic_id) for topic_id in sorted(missing)]


def _query(session: Session, topic_id: uuid.UUID) -> Query:
    topic = topic_view(session, topic_id)
    chapter = chapter_view(session, topic.chapter_id)
    label = f"{chapter.number}.{topic.number} {topic.title}"
    return Query(topic_id, label, topic.title, chapter.title, topic.objectives)


def _keep(
    session: Session, *, runtime: Runtime, plan: RootPlan, query: Query, vector: Sequence[float], model: str
) -> None:
    found = passages_for(
        session,
        query.text,
        realm=plan.options.ground or "",
        language=plan.subject.language.value,
        vector=vector,
        embedding_model=model,
        topic=query.topic,
        chapter=query.chapter,
        least_overlap=runtime.settings.ground_least_overlap,
        most=runtime.settings.ground_passages,
        most_tokens=runtime.settings.ground_tokens,
    )
    kept = json.dumps([passage.model_dump(mode="json") for passage in found], ensure_ascii=False)
    values = {"root_id": plan.root_id, "topic_id": query.topic_id, "passages": kept}
    if rows(session, sql("hydration/keep_topic_sources"), **values) and not found:
        message = (
            f"No passage of the realm {plan.options.ground} speaks of {query.label}; it is written without sources."
        )
        repository.log(session, plan.root_id, ExecutionPhase.STEP, message, severity=LogSeverity.WARNING)
