"""The errors of HydrateAll. Each is a sentence, its remedy, an HTTP status and an exit code.

HydrateAllError
├── UsageError            what the user asked cannot be done as asked       422, exit 2
│   ├── NotFound          it names something that does not exist            404, exit 2
│   └── Conflict          it contradicts the present state                  409, exit 1
└── Unavailable           something outside is down; trying again can help  503, exit 1
"""

from __future__ import annotations


class HydrateAllError(Exception):
    """The base: `message` says what is wrong, `remedy` says what to do."""

    status = 500
    exit_code = 1
    retryable = False

    def __init__(self, message: str, remedy: str = "", *, field: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.remedy = remedy
        self.field = field

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()


class UsageError(HydrateAllError):
    """The request cannot be carried out as it stands."""

    status = 422
    exit_code = 2


class NotFound(UsageError):
    """The request names something that does not exist."""

    status = 404


class Conflict(HydrateAllError):
    """The request contradicts the present state."""

    status = 409


class Unavailable(HydrateAllError):
    """Something outside is down; the same request can succeed later."""

    status = 503
    retryable = True
