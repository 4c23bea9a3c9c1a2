"""A bank as CSV, out and back in: every row is checked first, then all decisions are stored, or none."""

from __future__ import annotations

import uuid
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import IO

from sqlalchemy import RowMapping
from sqlalchemy.orm import Session

from hydrateall.core.errors import UsageError
from hydrateall.curriculum.enums import ContentType
from hydrateall.curriculum.service import ItemView, SubjectView, chapters_by_number, items_of_chapter
from hydrateall.review import repository
from hydrateall.review.csv_columns import (
    COLUMNS,
    FIXED,
    CellsUnfit,
    cells_of,
    changes,
    column_of,
    edited,
)
from hydrateall.review.csv_files import CsvUnreadable, Record, read_rows, write_rows
from hydrateall.review.decisions import Draft, approve_item, conflict, edit_item, judged, lock, reject_item
from hydrateall.review.enums import RejectionReason, ReviewStatus
from hydrateall.review.schemas import Decision, QueueFilter, Reviewer, Shown
from hydrateall.validation.schemas import Judgement
from hydrateall.validation.service import Rulebook, load_rulebook

REQUIRED = ("id", "version")
MOST_PROBLEMS = 100
DIFFICULTIES = ("", "easy", "medium", "hard")


class RowProblem(Shown):
    """What is wrong in one row: the line of the file, the column (empty for the whole row), a sentence."""

    line: int
    column: str
    message: str

    def __str__(self) -> str:
        where = f", {self.column}" if self.column else ""
        return f"line {self.line}{where}: {self.message}"


class CsvRefused(UsageError):
    """Rows of the file cannot be taken, so none was. `problems` are the first of them, `total` counts all."""

    def __init__(self, name: str, problems: Sequence[RowProblem]) -> None:
        self.problems = tuple(problems[:MOST_PROBLEMS])
        self.total = len(problems)
        lines = len({problem.line for problem in problems})
        rows = f"{lines:,} rows" if lines != 1 else "One row"
        super().__init__(
            f"{rows} of {name} cannot be taken, so nothing was changed.", "Correct them and import the file again."
        )


class ImportReport(Shown):
    """What an import did, or would do: a row without a change and without a decision is only counted."""

    rows: int
    unchanged: int
    approved: int
    rejected: int
    edited: int
    dry_run: bool


@dataclass(frozen=True)
class Wish:
    """What one row wants: to reject, to approve, or to store an edit that the gates have judged."""

    item: ItemView
    decision: ReviewStatus
    note: str | None
    reason: RejectionReason | None = None
    draft: Draft | None = None
    judgement: Judgement | None = None


def export_csv(
    session: Session,
    out: IO[bytes],
    subject: SubjectView,
    *,
    chapter: int | None = None,
    content_type: ContentType | None = None,
    queued_only: bool = False,
) -> int:
    """Write the current items of a subject, one row each, in the order of the book; return how many."""
    filters = QueueFilter(board=subject.board, grade=subject.grade, subject=subject.code, language=subject.language)
    queued = set(repository.open_items(session, filters)) if queued_only else None

    def rows() -> Iterator[list[str]]:
        for number, found in chapters_by_number(session, subject.id).items():
            if chapter not in (None, number):
                continue
            for item in sorted(items_of_chapter(session, found.id), key=_in_the_book):
                if content_type in (None, item.content_type) and (queued is None or item.id in queued):
                    yield list(cells_of(item).values())

    return write_rows(out, COLUMNS, rows())


def _in_the_book(item: ItemView) -> tuple[int, int, int]:
    return item.topic_number, DIFFICULTIES.index(item.difficulty or ""), item.position


def import_csv(
    session: Session, path: Path, *, by: Reviewer, now: datetime, most_rows: int, dry_run: bool = False
) -> ImportReport:
    """Store the corrections and decisions of a file, all or none; raise CsvRefused that names every row at fault.

    A corrected row is an approval of what it says now, for a person wrote it: it becomes a new version, and the gates
    judge it first. Raise CsvUnreadable for a file that is no such CSV, or that has more than `most_rows` rows.
    """
    user_id = by.user_id(session)
    records = _read(path, most_rows)
    wishes, problems = _planned(session, records)
    if problems:
        raise CsvRefused(path.name, sorted(problems, key=lambda problem: problem.line))
    done = Counter(wish.decision for wish in wishes)
    if not dry_run:
        for wish in sorted(wishes, key=lambda wish: wish.item.id):
            _carry_out(session, wish, user_id, now)
    return ImportReport(
        rows=len(records),
        unchanged=len(records) - len(wishes),
        approved=done[ReviewStatus.APPROVED],
        rejected=done[ReviewStatus.REJECTED],
        edited=done[ReviewStatus.EDITED],
        dry_run=dry_run,
    )


def _read(path: Path, most: int) -> list[Record]:
    records, total = [], 0
    for record in read_rows(path, known=COLUMNS, required=REQUIRED):
        total += 1
        if total <= most:
            records.append(record)
    if total > most:
        raise CsvUnreadable(
            f"{path.name} has {total:,} rows, and at most {most:,} are taken at once.",
            "Export and import chapter by chapter (`review export --chapter 3`), leave out the rows that you did not "
            "change, or raise HYDRATEALL_MOST_CSV_ROWS.",
        )
    return records


def _planned(session: Session, records: Sequence[Record]) -> tuple[list[Wish], list[RowProblem]]:
    """What the rows want, and everything that is wrong with them. Items are read chapter by chapter."""
    problems: list[RowProblem] = []
    wishes: list[Wish] = []
    rules = load_rulebook(session)
    named = dict(_named(records, problems))
    states = repository.decision_states(session, named)
    for item_id in named.keys() - states.keys():
        problems.append(RowProblem(line=named[item_id].line, column="id", message="no item has this id."))
    for chapter_id in {state["chapter_id"] for state in states.values()}:
        items = {item.id: item for item in items_of_chapter(session, chapter_id)}
        for item_id in (item_id for item_id, state in states.items() if state["chapter_id"] == chapter_id):
            record = named[item_id]
            try:
                if wish := _wish(record, items.get(item_id), states[item_id], rules):
                    wishes.append(wish)
            except CellsUnfit as unfit:
                problems += [RowProblem(line=record.line, column=at, message=said) for at, said in unfit.problems]
    return wishes, problems


def _named(records: Sequence[Record], problems: list[RowProblem]) -> Iterator[tuple[uuid.UUID, Record]]:
    """The rows by their item's id; ids that are none or are there twice are problems."""
    lines: dict[uuid.UUID, int] = {}
    for record in records:
        given = record.cells["id"].strip()
        try:
            item_id = uuid.UUID(given)
        except ValueError:
            problems.append(RowProblem(line=record.line, column="id", message=f"{given!r} is not an id."))
            continue
        if item_id in lines:
            message = f"the item stands on line {lines[item_id]} already."
            problems.append(RowProblem(line=record.line, column="id", message=message))
            continue
        lines[item_id] = record.line
        yield item_id, record


def _wish(record: Record, item: ItemView | None, state: RowMapping, rules: Rulebook) -> Wish | None:
    """What a row wants; None if nothing. Raise CellsUnfit for what it cannot have."""
    cells = record.cells
    if item is None or cells["version"].strip() != str(item.version):
        raise CellsUnfit([("version", _stale(cells["version"], state))])
    before = cells_of(item)
    changed = changes(before, cells)
    decision, reason, note = (cells.get(name, "").strip() for name in ("decision", "reason", "note"))
    _check_decision(decision.lower(), reason.upper(), note, bool(changed))
    if fixed := [name for name in FIXED if cells.get(name, before[name]).strip() != before[name]]:
        raise CellsUnfit([(name, f"must stay {before[name] or 'empty'!r}.") for name in fixed])
    if not changed and not decision:
        return None
    if found := conflict(state, item.place):
        raise CellsUnfit([("decision", f"{found.message} Leave the row as it was exported.")])
    if changed:
        return _edit(item, changed, note or None, rules)
    if decision.lower() == "reject":
        return Wish(item, ReviewStatus.REJECTED, note or None, RejectionReason(reason.upper()))
    return Wish(item, ReviewStatus.APPROVED, note or None)


def _stale(given: str, state: RowMapping) -> str:
    newest = state["newest_version"]
    if given.strip() == str(state["version"]):
        return f"{state['newest_by']} wrote version {newest} meanwhile; export the item again."
    return f"must be {state['version']}, as it was exported, not {given.strip()!r}."


def _check_decision(decision: str, reason: str, note: str, changed: bool) -> None:
    if decision not in ("", "approve", "reject"):
        raise CellsUnfit([("decision", f"must be approve, reject or empty, not {decision!r}.")])
    if decision == "reject":
        if changed:
            raise CellsUnfit([("decision", "the row is corrected and rejected; do one of the two.")])
        if reason not in list(RejectionReason):
            raise CellsUnfit([("reason", f"must be one of {', '.join(RejectionReason)}, not {reason!r}.")])
        if reason == RejectionReason.OTHER and not note:
            raise CellsUnfit([("note", "the reason OTHER needs a note that says what is wrong.")])
    elif reason:
        raise CellsUnfit([("reason", "only a rejection has a reason; write reject as the decision, or empty it.")])
    elif note and not decision and not changed:
        raise CellsUnfit([("note", "a note alone is no decision; write approve or reject as well.")])


def _edit(item: ItemView, changed: Mapping[str, str], note: str | None, rules: Rulebook) -> Wish:
    draft = edited(item, changed)
    judgement = judged(item, draft, rules)
    if judgement.errors:
        raise CellsUnfit([(column_of(found.field.split(".")), found.message) for found in judgement.errors])
    return Wish(item, ReviewStatus.EDITED, note, draft=draft, judgement=judgement)


def _carry_out(session: Session, wish: Wish, user_id: uuid.UUID, now: datetime) -> Decision:
    if wish.draft and wish.judgement:
        lock(session, wish.item)
        return edit_item(session, wish.item, wish.draft, wish.judgement, user_id, now, wish.note)
    if wish.reason:
        return reject_item(session, wish.item, user_id, now, reason=wish.reason, note=wish.note)
    return approve_item(session, wish.item, user_id, now, wish.note)
