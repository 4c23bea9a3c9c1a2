"""The errors of review."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import UTC, datetime

from hydrateall.core.errors import Conflict, HydrateAllError, NotFound, UsageError
from hydrateall.core.models import UserRole
from hydrateall.review.enums import RejectionReason
from hydrateall.validation.schemas import Finding

MOST_NAMED = 5


def instant(at: datetime) -> str:
    """A moment as errors name it, in UTC."""
    return f"{at.astimezone(UTC):%d %b %Y at %H:%M:%S} UTC"


class NotAllowed(HydrateAllError):
    """The role of who asks does not decide about content."""

    status = 403

    def __init__(self, name: str, role: UserRole) -> None:
        super().__init__(
            f"{name} is {role.value} here, and only a reviewer or an admin decides about content.",
            "Ask an admin for the role of a reviewer.",
        )


class UnknownEntry(NotFound):
    """No entry of the queue and no item has this id."""

    def __init__(self, given: str) -> None:
        super().__init__(
            f"No entry of the review queue and no item has the id {given!r}.",
            "`hydrateall review list` shows the entries; at least 8 characters of an id are needed, from its "
            "beginning or its end.",
            field="entry",
        )


class AmbiguousEntry(UsageError):
    """Several entries have an id that begins or ends like this."""

    def __init__(self, given: str, found: Sequence[str]) -> None:
        more = f" and {len(found) - MOST_NAMED} more" if len(found) > MOST_NAMED else ""
        super().__init__(
            f"{len(found)} entries have an id that begins or ends with {given!r}.",
            f"Give more of one of {', '.join(found[:MOST_NAMED])}{more}.",
            field="entry",
        )


class AlreadyDecided(Conflict):
    """Somebody decided about the item before."""

    def __init__(self, place: str, decision: str, who: str, at: datetime, item_id: str) -> None:
        super().__init__(
            f"{place} was {decision} by {who} on {instant(at)}.",
            f"A decision stays. If it is wrong, write a new version: `hydrateall review edit {item_id} --revise "
            "--editor`.",
        )


class Superseded(Conflict):
    """A newer version of the item is there."""

    def __init__(self, place: str, version: int, newest: int, who: str, at: datetime, newest_id: str) -> None:
        super().__init__(
            f"{place}: version {version} was replaced; {who} wrote version {newest} on {instant(at)}.",
            f"Look at that one: `hydrateall review show {newest_id}`.",
        )


class NoteNeeded(UsageError):
    """The reason says nothing without a note."""

    def __init__(self) -> None:
        super().__init__(
            f"The reason {RejectionReason.OTHER} needs a note that says what is wrong.",
            "Add a note, or choose the reason that fits.",
            field="note",
        )


class NothingChanged(UsageError):
    """The edited item is the item that is there."""

    def __init__(self, place: str) -> None:
        super().__init__(
            f"{place}: the edit changes nothing.", "Approve the item as it is, or change it first.", field="draft"
        )


class EditRefused(UsageError):
    """The gates find errors in the edited item. `findings` are all of them."""

    def __init__(self, place: str, findings: Sequence[Finding]) -> None:
        sentences = " ".join(f"{finding.field}: {finding.message}" for finding in findings)
        super().__init__(
            f"The edit of {place} was not stored, because it is not right yet. {sentences}",
            "Correct this and send it again; nothing was changed.",
            field=findings[0].field,
        )
        self.place = place
        self.findings = tuple(findings)


class BadCursor(UsageError):
    """The cursor is not one that a page of the queue gave."""

    def __init__(self, given: str) -> None:
        super().__init__(f"{given!r} is no cursor of the review queue.", "Begin at the first page.", field="cursor")
