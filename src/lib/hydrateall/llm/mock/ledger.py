"""What the mock was asked, what it answered, what it billed."""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Any

from hydrateall.llm.mock.prices import bill
from hydrateall.llm.mock.wire import Outcome

CLIENT_GONE = 499  # nginx's status for a client that hung up before its answer
MINUTE = 60.0


@dataclass(slots=True)
class Entry:
    """One call, or one line of a batch. `status` is None while it is answered; tokens are those that were billed."""

    at: float
    finished_at: float | None = None
    model: str | None = None
    status: int | None = None
    fault: str | None = None
    prompt_tokens: int = 0
    cached_tokens: int = 0
    completion_tokens: int = 0
    billed_usd: Decimal = Decimal("0.000000")
    custom_id: str | None = None
    batch_id: str | None = None
    body_sha256: str | None = None
    user_sha256: str | None = None
    client_request_id: str | None = None
    job: str | None = None


@dataclass(slots=True)
class Ledger:
    """The entries and their sums. A line of a batch is entered when the batch ends, and counts in no peak."""

    entries: list[Entry] = field(default_factory=list)
    answered: int = 0
    billed_usd: Decimal = Decimal("0.000000")
    prompt_tokens: int = 0
    completion_tokens: int = 0
    in_flight: int = 0
    peak_in_flight: int = 0
    peak_requests_a_minute: int = 0
    _last_minute: deque[float] = field(default_factory=deque)

    def arrive(self, at: float) -> Entry:
        """Note a call that begins."""
        self.in_flight += 1
        self.peak_in_flight = max(self.peak_in_flight, self.in_flight)
        self._last_minute.append(at)
        while self._last_minute[0] <= at - MINUTE:
            self._last_minute.popleft()
        self.peak_requests_a_minute = max(self.peak_requests_a_minute, len(self._last_minute))
        return self.append(Entry(at))

    def append(self, entry: Entry) -> Entry:
        """Keep an entry."""
        self.entries.append(entry)
        return entry

    def leave(self, entry: Entry, outcome: Outcome | None, at: float) -> None:
        """Note how a call ended; None: its client was gone."""
        self.in_flight -= 1
        if outcome is None:
            entry.status, entry.finished_at = CLIENT_GONE, at
        else:
            self.finish(entry, outcome, at)

    def finish(self, entry: Entry, outcome: Outcome, at: float) -> None:
        """Bill what was delivered in full."""
        entry.status, entry.fault, entry.finished_at = outcome.status, outcome.fault, at
        usage = outcome.usage
        if usage is None or entry.model is None or not outcome.is_billed:
            return
        entry.prompt_tokens, entry.cached_tokens = usage.prompt, usage.cached
        entry.completion_tokens = usage.completion
        entry.billed_usd = bill(entry.model, usage, batch=entry.batch_id is not None)
        self.answered += 1
        self.billed_usd += entry.billed_usd
        self.prompt_tokens += usage.prompt
        self.completion_tokens += usage.completion

    def since(self, at: float) -> list[Entry]:
        """The entries that arrived at that moment or later."""
        return [entry for entry in self.entries if entry.at >= at]

    def totals(self) -> dict[str, Any]:
        """The sums over all entries since the ledger was last emptied."""
        return {
            "requests": len(self.entries),
            "answered": self.answered,
            "billed_usd": self.billed_usd,
            "prompt_tokens": self.prompt_tokens,
            "completion_tokens": self.completion_tokens,
            "peak_requests_a_minute": self.peak_requests_a_minute,
            "peak_in_flight": self.peak_in_flight,
        }
