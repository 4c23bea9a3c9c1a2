"""What can be hydrated: boards → grades → subjects → languages."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter
from typing import Any

from pydantic import BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel
from sqlalchemy.orm import Session

from hydrateall.curriculum import repository
from hydrateall.curriculum.enums import LanguageCode


class CatalogueModel(BaseModel):
    """The base: camelCase on the wire."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class CatalogueSubject(CatalogueModel):
    """A subject of a grade."""

    code: str
    names: dict[LanguageCode, str] = Field(description="Its name in each language that it is taught in.")


class CatalogueGrade(CatalogueModel):
    grade: str
    subjects: list[CatalogueSubject]


class BoardGrades(CatalogueModel):
    code: str
    name: str
    grades: list[CatalogueGrade]


class Catalogue(CatalogueModel):
    """Boards → grades → subjects → languages."""

    boards: list[BoardGrades]


class Codes(BaseModel):
    """What a list of subjects can be filtered by."""

    boards: list[str]
    grades: list[str]
    subjects: list[str]


def codes(session: Session) -> Codes:
    """Return the codes of the catalogue: 0.2 ms of CPU for 1,000 subjects, where `catalogue` takes 13."""
    found = repository.catalogue_codes(session)
    return Codes(**{name: found[name] or [] for name in Codes.model_fields})


def catalogue(session: Session) -> Catalogue:
    """Return everything that can be hydrated."""
    boards = groupby(repository.catalogue_rows(session), itemgetter("board_code", "board_name"))
    return Catalogue(
        boards=[BoardGrades(code=code, name=name, grades=_grades(list(rows))) for (code, name), rows in boards]
    )


def _grades(rows: Sequence[Any]) -> list[CatalogueGrade]:
    return [
        CatalogueGrade(grade=grade, subjects=_subjects(list(below)))
        for grade, below in groupby(rows, itemgetter("grade"))
    ]


def _subjects(rows: Sequence[Any]) -> list[CatalogueSubject]:
    return [
        CatalogueSubject(code=code, names={row["language"]: row["name"] for row in below})
        for code, below in groupby(rows, itemgetter("code"))
    ]
