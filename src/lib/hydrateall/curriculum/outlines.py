"""Official outlines and the catalogue of boards: the facts under `include/curricula/`."""

from __future__ import annotations

import functools
from collections.abc import Iterator
from pathlib import Path

import yaml
from pydantic import BaseModel, ConfigDict, Field

from hydrateall.core.paths import CURRICULA
from hydrateall.curriculum.enums import LanguageCode

Titles = dict[LanguageCode, str]


class Fact(BaseModel):
    """The base of what the YAML files hold; an unknown key is an error."""

    model_config = ConfigDict(extra="forbid", frozen=True)


class OutlineTopic(Fact):
    title: Titles


class OutlineChapter(Fact):
    number: int
    title: Titles
    weeks: int
    topics: list[OutlineTopic] = Field(min_length=1)


class Outline(Fact):
    """The official chapter list of a subject, in one edition."""

    board: str
    subject: str
    grade: str
    edition: str
    source: str
    name: Titles
    chapters: list[OutlineChapter] = Field(min_length=1)


class CatalogueSubject(Fact):
    """A subject and the grades (e.g. "6-10") that have it."""

    code: str
    name: Titles
    grades: str

    def each_grade(self) -> Iterator[str]:
        """Yield every grade of the range."""
        first, _, last = self.grades.partition("-")
        yield from (str(grade) for grade in range(int(first), int(last or first) + 1))


class CatalogueBoard(Fact):
    code: str
    name: str
    country: str
    languages: list[LanguageCode]
    subjects: list[CatalogueSubject]


class Catalogue(Fact):
    boards: list[CatalogueBoard]


def load_catalogue() -> Catalogue:
    """Read the boards and subjects that `db seed` loads."""
    return Catalogue.model_validate(_read(CURRICULA / "catalogue.yaml"))


@functools.lru_cache(maxsize=32)
def load_outline(board: str, subject: str, grade: str) -> Outline | None:
    """Return the official outline of a subject, or None where this checkout has none."""
    path = CURRICULA / board.lower() / f"{subject.lower()}-{grade}.yaml"
    return Outline.model_validate(_read(path)) if path.is_file() else None


def _read(path: Path) -> object:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(path.read_text(encoding="utf-8"), Loader=loader)
