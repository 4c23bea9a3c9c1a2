"""Corrections in bulk: a bank as CSV, out and back in, all or nothing."""

from __future__ import annotations

import csv
import uuid
from pathlib import Path

import pytest
from review_factories import MIRA, NOW, OMAR, bank, doubt, item, items, questions, rewrite, subject, with_text

from factories import count
from hydrateall.core.models import AuditLog, UserRole
from hydrateall.core.runtime import Runtime
from hydrateall.curriculum.enums import ContentType, ValidationStatus
from hydrateall.curriculum.models import TopicQuestion
from hydrateall.curriculum.service import ItemView
from hydrateall.review import service
from hydrateall.review.csv_columns import COLUMNS, cells_of
from hydrateall.review.csv_exchange import MOST_PROBLEMS
from hydrateall.review.csv_files import write_rows
from hydrateall.review.errors import NotAllowed
from hydrateall.review.schemas import QueueFilter, Reviewer
from hydrateall.review.service import CsvRefused, CsvUnreadable, ImportReport

EDIT = "What is one and three?"


@pytest.fixture
def found(runtime: Runtime) -> list[ItemView]:
    return bank(runtime)


@pytest.fixture
def path(runtime: Runtime, found: list[ItemView], tmp_path: Path) -> Path:
    """The exported bank."""
    assert found
    return export(runtime, tmp_path / "bank.csv")


def export(runtime: Runtime, path: Path, **chosen: object) -> Path:
    chosen_subject = subject(runtime)
    with runtime.database.transaction() as session, path.open("wb") as out:
        service.export_csv(session, out, chosen_subject, **chosen)  # type: ignore[arg-type]
    return path


def take(runtime: Runtime, path: Path, *, by: Reviewer = MIRA, most: int = 1000, dry_run: bool = False) -> ImportReport:
    with runtime.database.transaction() as session:
        return service.import_csv(session, path, by=by, now=NOW, most_rows=most, dry_run=dry_run)


def refuse(runtime: Runtime, path: Path) -> list[str]:
    """The problems of a file that is refused, none of which changed anything."""
    audited = count(runtime, AuditLog)
    with pytest.raises(CsvRefused) as refused:
        take(runtime, path)
    assert count(runtime, AuditLog) == audited
    return [str(problem) for problem in refused.value.problems]


def rows_of(path: Path) -> list[dict[str, str]]:
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def lines_of(path: Path) -> list[int]:
    """The line on which each row begins."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        reader = csv.reader(file)
        ends = [reader.line_num for _ in reader]
    return [end + 1 for end in ends[:-1]]


class TestExport:
    def test_writes_one_row_an_item_in_the_order_of_the_book(self, found: list[ItemView], path: Path) -> None:
        rows = rows_of(path)

        assert {row["id"] for row in rows} == {str(each.id) for each in found}
        assert [row["type"] for row in rows[:4]] == ["NOTE", "NUMERICAL", "NUMERICAL", "NUMERICAL"]
        assert [row["topic"][:3] for row in rows[::4]] == ["1.1", "1.2", "2.1", "2.2"]

    def test_chooses_by_chapter_type_and_queue(self, runtime: Runtime, found: list[ItemView], tmp_path: Path) -> None:
        doubt(runtime, found[3])
        file = tmp_path / "some.csv"

        assert {row["chapter"][0] for row in rows_of(export(runtime, file, chapter=2))} == {"2"}
        assert len(rows_of(export(runtime, file, content_type=ContentType.NOTE))) == 4
        assert [row["id"] for row in rows_of(export(runtime, file, queued_only=True))] == [str(found[3].id)]

    def test_writes_the_newest_version_only(self, runtime: Runtime, found: list[ItemView], tmp_path: Path) -> None:
        old = questions(found)[0]
        with runtime.database.transaction() as session:
            service.edit_then_approve(session, old.id, with_text(old, EDIT), by=MIRA, now=NOW)

        rows = rows_of(export(runtime, tmp_path / "bank.csv"))

        [row] = [row for row in rows if row["text"] == EDIT]
        assert (row["version"], row["status"], len(rows)) == ("2", "VALIDATED, decided", 16)


class TestImport:
    def test_of_an_unchanged_file_changes_nothing(self, runtime: Runtime, found: list[ItemView], path: Path) -> None:
        report = take(runtime, path)

        assert (report.rows, report.unchanged) == (16, 16)
        assert items(runtime) == found
        assert count(runtime, AuditLog, AuditLog.action.startswith("review.")) == 0

    def test_edits_approves_and_rejects(self, runtime: Runtime, found: list[ItemView], path: Path) -> None:
        edited, approved, rejected = questions(found)[:3]
        for each in (edited, approved, rejected):
            doubt(runtime, each)
        changes = {
            str(edited.id): {"text": EDIT, "note": "clearer"},
            str(approved.id): {"decision": "Approve"},
            str(rejected.id): {"decision": "reject", "reason": "too_easy"},
        }
        rewrite(path, changes)

        report = take(runtime, path)

        with runtime.database.transaction() as session:
            left = service.queue(session, QueueFilter()).total
        by_supersedes = {each.supersedes: each for each in items(runtime)}
        assert (report.edited, report.approved, report.rejected, report.unchanged) == (1, 1, 1, 13)
        assert by_supersedes[edited.id].draft == with_text(edited, EDIT)
        assert item(runtime, approved.id).decided_at == NOW
        assert item(runtime, rejected.id).status is ValidationStatus.REJECTED
        assert left == 0

    def test_only_checked_changes_nothing(self, runtime: Runtime, found: list[ItemView], path: Path) -> None:
        rewrite(path, {str(questions(found)[0].id): {"text": EDIT}, str(found[0].id): {"decision": "approve"}})

        report = take(runtime, path, dry_run=True)

        assert (report.edited, report.approved, report.dry_run) == (1, 1, True)
        assert items(runtime) == found

    def test_takes_a_file_without_the_rows_and_columns_that_stay(
        self, runtime: Runtime, found: list[ItemView], path: Path
    ) -> None:
        rewrite(path, {str(found[0].id): {"decision": "approve"}})
        kept = [{name: row[name] for name in ("id", "version", "decision")} for row in rows_of(path)[:2]]
        lines = [";".join(each) for each in [["id", "version", "decision"], *(row.values() for row in kept)]]
        path.write_text("\n".join(lines), encoding="utf-8")

        report = take(runtime, path)

        assert (report.rows, report.approved, report.unchanged) == (2, 1, 1)

    def test_tells_every_bad_row_by_its_line_and_takes_none(
        self, runtime: Runtime, found: list[ItemView], path: Path
    ) -> None:
        ids = [row["id"] for row in rows_of(path)]
        changes = {
            ids[0]: {"decision": "approve"},
            ids[1]: {"id": "17"},
            ids[2]: {"id": str(uuid.UUID(int=7))},
            ids[3]: {"decision": "maybe"},
            ids[4]: {"decision": "reject", "reason": "BAD"},
            ids[5]: {"decision": "reject", "reason": "OTHER"},
            ids[6]: {"decision": "reject", "reason": "FORMAT", "text": EDIT},
            ids[7]: {"marks": "lots"},
            ids[8]: {"id": ids[0]},
            ids[9]: {"version": "7"},
            ids[10]: {"note": "look at this"},
            ids[11]: {"type": "MCQ"},
            ids[12]: {"reason": "FORMAT"},
            ids[13]: {"text": "TODO"},
        }
        rewrite(path, changes)
        first = lines_of(path)

        problems = refuse(runtime, path)

        told = {int(problem.split(",")[0].split(":")[0].split()[1]): problem for problem in problems}
        assert len(told) == 13
        assert sorted(told) == first[1:14]
        for number, said in (
            (1, "'17' is not an id"),
            (2, "no item has this id"),
            (3, "decision: must be approve, reject or empty"),
            (4, "reason: must be one of WRONG_KEY"),
            (5, "note: the reason OTHER needs a note"),
            (6, "corrected and rejected"),
            (7, "marks: 'lots' is not a number"),
            (8, "stands on line 2 already"),
            (9, "version: must be 1"),
            (10, "a note alone is no decision"),
            (11, "type: must stay 'NUMERICAL'"),
            (12, "only a rejection has a reason"),
            (13, "text: "),
        ):
            assert said in told[first[number]]
        assert items(runtime) == found

    def test_refuses_what_somebody_decided_or_replaced_meanwhile(
        self, runtime: Runtime, found: list[ItemView], path: Path
    ) -> None:
        decided, replaced = questions(found)[:2]
        with runtime.database.transaction() as session:
            service.approve(session, decided.id, by=OMAR, now=NOW)
            service.edit_then_approve(session, replaced.id, with_text(replaced, EDIT), by=OMAR, now=NOW)
        rewrite(path, {str(decided.id): {"text": EDIT}, str(replaced.id): {"text": "What is two and five?"}})

        problems = refuse(runtime, path)

        assert any("was approved by omar on 05 Jan 2026" in problem for problem in problems)
        assert any("omar wrote version 2 meanwhile" in problem for problem in problems)

    def test_leaves_decided_rows_that_nobody_changed_alone(
        self, runtime: Runtime, found: list[ItemView], tmp_path: Path
    ) -> None:
        with runtime.database.transaction() as session:
            service.approve(session, found[0].id, by=OMAR, now=NOW)

        report = take(runtime, export(runtime, tmp_path / "bank.csv"))

        assert report.unchanged == 16

    def test_tells_the_first_hundred_problems_and_counts_the_others(self, runtime: Runtime, tmp_path: Path) -> None:
        path = tmp_path / "bank.csv"
        path.write_text("id,version\n" + "".join(f"{number},1\n" for number in range(250)), encoding="utf-8")

        with pytest.raises(CsvRefused, match="250 rows of bank") as refused:
            take(runtime, path)

        assert (len(refused.value.problems), refused.value.total) == (MOST_PROBLEMS, 250)

    def test_needs_somebody_who_may_decide(self, runtime: Runtime, path: Path) -> None:
        with pytest.raises(NotAllowed):
            take(runtime, path, by=Reviewer("shell", "vera", UserRole.VIEWER))

    def test_of_a_hundred_thousand_rows_is_refused_with_the_count(
        self, runtime: Runtime, found: list[ItemView], tmp_path: Path
    ) -> None:
        path = tmp_path / "bank.csv"
        row = list(cells_of(questions(found)[0]).values())
        with path.open("wb") as out:
            write_rows(out, COLUMNS, ([str(uuid.UUID(int=number)), *row[1:]] for number in range(100_000)))

        with pytest.raises(CsvUnreadable, match="has 100,000 rows, and at most 20,000 are taken at once"):
            take(runtime, path, most=20_000)

        assert count(runtime, TopicQuestion) == 12
