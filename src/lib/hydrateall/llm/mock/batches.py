"""The batch endpoint. What state a batch is in follows from the clock; its lines are written when it has ended.

validating → in_progress → completed | expired (some lines ran out of time) | cancelled (what was done is kept)
validating → failed (the input file is wrong)
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hydrateall.llm.mock.batch_input import ENDPOINT, Line, read_lines
from hydrateall.llm.mock.files import Files
from hydrateall.llm.mock.ledger import Entry
from hydrateall.llm.mock.model import MockModel
from hydrateall.llm.mock.wire import WireError, encode, listed, new_id

VALIDATING_SHARE = 0.1  # of the time that a batch takes
DAY_SECONDS = 86_400
EXPIRED = {
    "code": "batch_expired",
    "message": "This request could not be executed before the completion window expired.",
}


@dataclass
class Batch:
    """One batch. Times are epoch seconds; `ends_at` moves forward when it is cancelled."""

    input_file_id: str
    metadata: dict[str, str] | None
    lines: list[Line]
    errors: list[dict[str, Any]]
    created_at: float
    seconds: float
    ends_at: float
    id: str = field(default_factory=lambda: new_id("batch_"))
    final: str | None = None
    cancelled_at: float | None = None
    output_file_id: str | None = None
    error_file_id: str | None = None
    completed: int = 0
    failed: int = 0

    @property
    def begins_at(self) -> float:
        return self.created_at + VALIDATING_SHARE * self.seconds

    def status(self, now: float) -> str:
        """Its state at a moment; right after its submission it is validating, however short it takes."""
        if self.cancelled_at is not None:
            return "cancelling" if now <= self.cancelled_at else str(self.final)
        if now <= self.created_at or now < self.begins_at:
            return "validating"
        return self.final or "in_progress"

    def wire(self, now: float) -> dict[str, Any]:
        """The batch object."""
        status = self.status(now)
        ended = status == self.final

        def when(moment: float | None, holds: bool) -> int | None:
            return int(moment) if holds and moment is not None else None

        return {
            "id": self.id,
            "object": "batch",
            "endpoint": ENDPOINT,
            "errors": {"object": "list", "data": self.errors} if status == "failed" else None,
            "input_file_id": self.input_file_id,
            "completion_window": "24h",
            "status": status,
            "output_file_id": self.output_file_id if ended else None,
            "error_file_id": self.error_file_id if ended else None,
            "created_at": int(self.created_at),
            "in_progress_at": when(self.begins_at, now >= self.begins_at and not self.errors),
            "expires_at": int(self.created_at) + DAY_SECONDS,
            "finalizing_at": when(self.ends_at, status in ("completed", "expired")),
            "completed_at": when(self.ends_at, status == "completed"),
            "failed_at": when(self.ends_at, status == "failed"),
            "expired_at": when(self.ends_at, status == "expired"),
            "cancelling_at": when(self.cancelled_at, True),
            "cancelled_at": when(self.cancelled_at, status == "cancelled"),
            "request_counts": {
                "total": 0 if status in ("validating", "failed") else len(self.lines),
                "completed": self.completed if ended else 0,
                "failed": self.failed if ended else 0,
            },
            "metadata": self.metadata,
        }


@dataclass
class Batches:
    """All batches, in the order of their submission."""

    model: MockModel
    files: Files = field(default_factory=Files)
    submitted: dict[str, Batch] = field(default_factory=dict)

    def submit(self, asked: dict[str, Any]) -> Batch:
        """Begin a batch over an uploaded file; raise WireError 400."""
        for name, only in (("endpoint", ENDPOINT), ("completion_window", "24h")):
            if asked.get(name) != only:
                raise WireError(400, f"Invalid value for '{name}': it must be '{only}'.", param=name)
        given = self.files.stored.get(str(asked.get("input_file_id")))
        if given is None or given.purpose != "batch":
            message = "The input_file_id names no uploaded file with the purpose batch."
            raise WireError(400, message, code="invalid_input_file", param="input_file_id")
        lines, errors = read_lines(given.content)
        now, seconds = self.model.clock(), self.model.settings.batch_seconds
        ends_at = now + seconds * (VALIDATING_SHARE if errors else 1)
        batch = Batch(given.id, asked.get("metadata"), lines, errors, now, seconds, ends_at)
        self.submitted[batch.id] = batch
        return batch

    def find(self, id: str) -> Batch:
        """The batch with this id, brought up to now; raise WireError 404."""
        self.advance()
        if id not in self.submitted:
            raise WireError(404, f"No batch found with id '{id}'.", param="batch_id")
        return self.submitted[id]

    def cancel(self, id: str) -> Batch:
        """Stop a batch; the lines that its time sufficed for stay done. Raise WireError 409 when it has ended."""
        batch, now = self.find(id), self.model.clock()
        if batch.final:
            raise WireError(409, f"Cannot cancel a batch with status '{batch.final}'.")
        share = (now - batch.begins_at) / max(batch.ends_at - batch.begins_at, 1e-9)
        self._end(batch, batch.lines[: max(0, int(share * len(batch.lines)))], "cancelled", now)
        batch.cancelled_at = now
        return batch

    def page(self, *, limit: int, after: str | None) -> dict[str, Any]:
        """The batches, newest first, those after a given one; raise WireError 404."""
        self.advance()
        newest = list(reversed(self.submitted.values()))
        start = newest.index(self.find(after)) + 1 if after else 0
        now = self.model.clock()
        shown = [batch.wire(now) for batch in newest[start : start + limit]]
        return listed(shown, more=start + limit < len(newest))

    def advance(self) -> None:
        """Write and bill every batch whose time has come."""
        now = self.model.clock()
        for batch in self.submitted.values():
            if batch.final is None and now >= batch.ends_at and now > batch.created_at:
                self._end(batch, [] if batch.errors else batch.lines, "completed", batch.ends_at)

    def _end(self, batch: Batch, done: list[Line], final: str, now: float) -> None:
        answered: list[bytes] = []
        refused: list[bytes] = []
        for line in done:
            status, record = self._write(batch, line, now)
            (answered if status == 200 else refused).append(encode(record) + b"\n")
            final = "expired" if status is None else final
        batch.final, batch.ends_at = ("failed" if batch.errors else final), now
        batch.completed, batch.failed = len(answered), len(refused)
        batch.output_file_id = self._store(batch, "output", answered, now)
        batch.error_file_id = self._store(batch, "error", refused, now)

    def _write(self, batch: Batch, line: Line, now: float) -> tuple[int | None, dict[str, Any]]:
        """One line of the output, entered into the ledger; the status of a line that expired is None."""
        ledger = self.model.ledger
        entry = ledger.append(Entry(batch.created_at, now, custom_id=line.custom_id, batch_id=batch.id))
        outcome = self.model.batch_line(line.body, entry)
        record: dict[str, Any] = {"id": new_id("batch_req_"), "custom_id": line.custom_id}
        if outcome is None:
            entry.fault = EXPIRED["code"]
            return None, record | {"response": None, "error": EXPIRED}
        ledger.finish(entry, outcome, now)
        response = {"status_code": outcome.status, "request_id": new_id("req_"), "body": outcome.body}
        return outcome.status, record | {"response": response, "error": None}

    def _store(self, batch: Batch, kind: str, lines: list[bytes], now: float) -> str | None:
        if not lines:
            return None
        filename = f"{batch.id}_{kind}.jsonl"
        return self.files.add(b"".join(lines), filename=filename, purpose="batch_output", now=now).id
