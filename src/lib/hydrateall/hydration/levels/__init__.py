"""The four levels of the cascade: what each asks the model for, how it stores the answer, what follows from it."""

from __future__ import annotations

from sqlalchemy.orm import Session

from hydrateall.hydration.enums import Level
from hydrateall.hydration.levels import chapters, notes, questions, topics
from hydrateall.hydration.levels.work import Work
from hydrateall.hydration.plan import RootPlan
from hydrateall.hydration.schemas import ClaimedJob

PREPARE = {
    Level.CHAPTERS: chapters.prepare,
    Level.TOPICS: topics.prepare,
    Level.NOTES: notes.prepare,
    Level.QUESTIONS: questions.prepare,
}


def prepare(session: Session, plan: RootPlan, job: ClaimedJob) -> Work:
    """Work out what this job still has to do."""
    return PREPARE[Level(job.hierarchy_level)](session, plan, job)
