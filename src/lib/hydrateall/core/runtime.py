"""What a process works with: settings, the database, the time. Made once at the edge, passed in everywhere."""

from __future__ import annotations

from dataclasses import dataclass, field

import hydrateall.models  # noqa: F401 - completes the mapper registry before the first query
from hydrateall.core.clock import Clock, utc_now
from hydrateall.core.database import Database
from hydrateall.core.settings import Settings


@dataclass(frozen=True)
class Runtime:
    """The collaborators of one process."""

    settings: Settings
    database: Database
    now: Clock = field(default=utc_now)
