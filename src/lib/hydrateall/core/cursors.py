"""Cursors of pages: a place in an order by time and id, written so that nobody is tempted to build one."""

from __future__ import annotations

import base64
import json
import uuid
from dataclasses import dataclass
from datetime import datetime

from hydrateall.core.errors import UsageError


@dataclass(frozen=True)
class Place:
    """Where a page ended: the time and id of its last row."""

    at: datetime
    id: uuid.UUID

    def cursor(self) -> str:
        """The place as text for the wire."""
        text = json.dumps([self.at.isoformat(), self.id.hex])
        return base64.urlsafe_b64encode(text.encode()).decode().rstrip("=")


class UnusableCursor(UsageError):
    """The text is no cursor of ours."""

    def __init__(self) -> None:
        super().__init__(
            "The cursor is none that this list gave out.",
            "Take nextCursor of the page before, or leave it out for the first page.",
            field="cursor",
        )


def read_cursor(text: str) -> Place:
    """Read a cursor; raise UnusableCursor."""
    try:
        at, id_ = json.loads(base64.urlsafe_b64decode(text.encode("ascii") + b"=" * (-len(text) % 4)))
        place = Place(datetime.fromisoformat(at), uuid.UUID(id_))
    except (ValueError, TypeError, AttributeError):
        place = None
    if place is None or place.at.tzinfo is None:
        raise UnusableCursor
    return place
