"""The documents that ship with HydrateAll, to try it out with: include/samples/documents and its manifest."""

from __future__ import annotations

import uuid
from pathlib import Path

import yaml
from pydantic import Field

from hydrateall.core.paths import SAMPLES
from hydrateall.core.runtime import Runtime
from hydrateall.curriculum.enums import LanguageCode
from hydrateall.documents.errors import AlreadyThere
from hydrateall.documents.intake import add_document
from hydrateall.documents.schemas import Stored
from hydrateall.documents.storage import Storage

FOLDER = SAMPLES / "documents"


class Sample(Stored):
    """One document of the manifest; `text` is the file with what a perfect conversion of it gives."""

    file: str
    title: str
    language: LanguageCode
    licence: str
    realm: str
    source: str = Field(description="where it comes from")
    text: str

    @property
    def path(self) -> Path:
        return FOLDER / self.file


def samples() -> list[Sample]:
    """The sample documents."""
    listed = yaml.safe_load((FOLDER / "manifest.yaml").read_text(encoding="utf-8"))
    return [Sample.model_validate(each) for each in listed]


def add_samples(runtime: Runtime, storage: Storage, *, by: uuid.UUID) -> tuple[list[uuid.UUID], list[uuid.UUID]]:
    """Take in the sample documents; return the ids of those that are new, and of those that were there."""
    new: list[uuid.UUID] = []
    known: list[uuid.UUID] = []
    for sample in samples():
        try:
            taken = add_document(
                runtime,
                storage,
                sample.path,
                realm=sample.realm,
                by=by,
                title=sample.title,
                language=sample.language,
                licence=sample.licence,
            )
            new.append(taken.id)
        except AlreadyThere as there:
            known.append(there.document_id)
    return new, known
