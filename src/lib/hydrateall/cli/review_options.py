"""What the commands of `review` are given alike, and who gives it."""

from __future__ import annotations

from typing import Annotated

import typer

from hydrateall.cli.context import actor
from hydrateall.core.errors import UsageError
from hydrateall.core.models import UserRole
from hydrateall.curriculum.enums import ContentType
from hydrateall.review.schemas import Reviewer

Board = Annotated[str | None, typer.Option(help="Code of the board, e.g. CBSE.")]
Grade = Annotated[str | None, typer.Option(help="1 to 12.")]
Subject = Annotated[str | None, typer.Option(help="Code of the subject, e.g. SCIENCE.")]
Language = Annotated[str | None, typer.Option(help="en or hi.")]
Chapter = Annotated[int | None, typer.Option(min=1, help="Number of the chapter.")]
Kind = Annotated[str | None, typer.Option("--type", help="note or question.")]
Note = Annotated[str | None, typer.Option(help="A remark that is kept with the decision.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]
Entry = Annotated[str, typer.Argument(metavar="ENTRY", help="Id of an entry (its last group will do) or of an item.")]


def reviewer() -> Reviewer:
    """Who types: the account of the shell, which is an admin of its machine."""
    known = actor()
    return Reviewer(known.provider, known.external_id, UserRole.ADMIN)


def content_type_of(kind: str | None) -> ContentType | None:
    """Read `note` or `question`."""
    if kind is None:
        return None
    found = {"note": ContentType.NOTE, "question": ContentType.QUESTION}.get(kind.lower().removesuffix("s"))
    if found is None:
        raise UsageError(f"There is no type {kind!r}.", "There is: note, question.", field="type")
    return found
