"""Time and ids, passed in so that a test can freeze them."""

from __future__ import annotations

import uuid
from collections.abc import Callable
from datetime import UTC, datetime

from uuid6 import uuid7

Clock = Callable[[], datetime]
NewId = Callable[[], uuid.UUID]


def utc_now() -> datetime:
    """The present moment in UTC."""
    return datetime.now(UTC)


def new_id() -> uuid.UUID:
    """A time-ordered UUID (version 7, RFC 9562)."""
    return uuid.UUID(int=uuid7().int)
