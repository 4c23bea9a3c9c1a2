"""How figures are written on the pages: money, durations, numbers, moments."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal

from markupsafe import Markup

from hydrateall.hydration.enums import ACTIVE
from hydrateall.hydration.job_pages import JobRow
from hydrateall.web.pages.translation import gettext

NOTHING = "–"
MINUTES_A_DAY, MINUTES_AN_HOUR = 1440, 60
BRIEF_SECONDS, SHORTEST_SECONDS = 10, 0.1


def money(amount: Decimal | float | None) -> str:
    """Dollars; below one with four digits, since a call costs a fraction of a cent."""
    if amount is None:
        return NOTHING
    if not amount:
        return "$0"
    return f"${amount:,.4f}" if -1 < amount < 1 else f"${amount:,.2f}"


def duration(minutes: float | None) -> str:
    """A length of time in its two largest units: 42 s, 3 min 20 s, 1 h 05 min, 2 d 3 h."""
    if minutes is None:
        return NOTHING
    seconds = round(minutes * 60)
    if seconds < MINUTES_AN_HOUR:
        return f"{seconds} s"
    whole, rest = divmod(seconds, 60)
    if whole < MINUTES_AN_HOUR:
        return f"{whole} min {rest:02d} s" if rest else f"{whole} min"
    if whole < MINUTES_A_DAY:
        return f"{whole // 60} h {whole % 60:02d} min"
    days, hours = whole // MINUTES_A_DAY, whole % MINUTES_A_DAY // 60
    return f"{days} d {hours} h" if hours else f"{days} d"


def took(seconds: float | None) -> str:
    """A length of time that may be short: below ten seconds with a digit."""
    if seconds is None:
        return NOTHING
    if seconds >= BRIEF_SECONDS:
        return duration(seconds / 60)
    return f"{seconds:.1f} s" if seconds >= SHORTEST_SECONDS else f"< {SHORTEST_SECONDS} s"


def size(amount: int | None) -> str:
    """The size of a file in its unit."""
    if amount is None:
        return NOTHING
    for unit, bytes_ in (("MB", 1_000_000), ("kB", 1_000)):
        if amount >= bytes_:
            return f"{amount / bytes_:,.1f}".removesuffix(".0") + f" {unit}"
    return f"{amount} B"


def time_taken(job: JobRow, now: datetime | None = None) -> float | None:
    """Minutes from the start of a job to its end, or until now; None before it has started."""
    timing = job.timing
    end = timing.finished_at or (now if now and job.status in ACTIVE else None)
    if timing.started_at and end:
        return max(0.0, (end - timing.started_at).total_seconds() / 60)
    return timing.actual_duration_mins


def number(value: float | None) -> str:
    """A number with its thousands apart."""
    return NOTHING if value is None else f"{value:,}"


def percent(value: float) -> str:
    """A percentage; 100 % only if nothing is missing."""
    return f"{int(value * 10) / 10:g} %"


def moment(at: datetime | None, style: str = "short") -> Markup:
    """A moment that the browser writes in the reader's zone; without scripts it is read in UTC.

    Styles: short (day and time), time (with seconds), ago (how long ago).
    """
    if at is None:
        return Markup(NOTHING)
    utc = at.astimezone(UTC)
    text = f"{utc:%H:%M:%S} UTC" if style == "time" else f"{utc:%d %b %Y, %H:%M} UTC"
    return Markup('<time datetime="{}" data-style="{}">{}</time>').format(utc.isoformat(), style, text)


def status_name(status: str) -> str:
    """A status in the reader's words."""
    return gettext(status.capitalize())
