"""What the admin API of documents takes and answers, beside what the service shows."""

from __future__ import annotations

import uuid

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

from hydrateall.documents.enums import StageName
from hydrateall.documents.grounding import StaleItem
from hydrateall.documents.schemas import Shown
from hydrateall.documents.views import ChunkView, RealmView


class Asked(BaseModel):
    """The base of what is sent."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True, extra="forbid")


class ProcessRequest(Asked):
    """Which documents are processed, which stages of them (null: all), and whether what is done is done anew."""

    documents: list[uuid.UUID] = Field(min_length=1)
    stages: list[StageName] | None = Field(None, min_length=1)
    force: bool = False


class PauseDocument(Asked):
    """Why a document is paused; it is shown."""

    reason: str = Field("", max_length=200, pattern=r"^[^\x00-\x1f]*$")


class Ordered(Shown):
    """An order: the DAG run that carries it out. Until it is `delivered`, the outbox keeps it."""

    dag_run_id: str
    documents: int
    delivered: bool


class ChunkPage(Shown):
    """Chunks in their order; ask with `first` = `next` for those that follow."""

    chunks: list[ChunkView]
    next: int | None


class Realms(Shown):
    """Every realm that holds a document."""

    realms: list[RealmView]


class StaleItems(Shown):
    """Items whose source has changed since they were written, newest change first."""

    items: list[StaleItem]
