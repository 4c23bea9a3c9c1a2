"""What can keep the local stack from running. Each is a sentence and its remedy.

HydrateAllError
├── Conflict
│   └── PortTaken
├── UsageError
│   └── BadAirflowSettings
└── Unavailable
    ├── StackUnavailable        a component did not start, or not in time
    ├── DatabaseUnavailable     PostgreSQL does not answer
    └── DiskFull
"""

from __future__ import annotations

from pathlib import Path

from hydrateall.core.errors import Conflict, Unavailable, UsageError


class PortTaken(Conflict):
    """Another program listens where one of the stack's should."""

    def __init__(
        self,
        host: str,
        port: int,
        holder: str = "",
        *,
        listener: str = "Airflow's API server",
        setting: str = "HYDRATEALL_AIRFLOW_URL",
        path: str = "",
    ) -> None:
        by = f" by {holder}" if holder else ""
        super().__init__(
            f"Port {port} on {host} is taken{by}, so {listener} cannot start there.",
            f"Stop that program, or choose another port: {setting}=http://{host}:{port + 1}{path}.",
        )
        self.port = port


class BadAirflowSettings(UsageError):
    """airflow_settings.yaml is not usable."""

    def __init__(self, path: Path, reason: str) -> None:
        super().__init__(f"{path.name} is not usable: {reason}.", f"Correct {path}.")


class StackUnavailable(Unavailable):
    """A component of the stack did not start."""


class DatabaseUnavailable(Unavailable):
    """PostgreSQL does not answer."""


class DiskFull(Unavailable):
    """The disk under the state folder has no space left."""

    def __init__(self, directory: Path, free_bytes: int) -> None:
        super().__init__(
            f"The disk under {directory} is full ({free_bytes // 2**20} MB are free).",
            "Free some space, or point HYDRATEALL_STATE_DIR to a folder on another disk.",
        )
