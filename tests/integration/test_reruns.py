"""Judging a bank again: what rules find today is stored, what people decided stays, and it can be killed anywhere."""

from __future__ import annotations

import json
import threading
import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa
from review_factories import MIRA, items, questions, stored_text, with_text
from rich.console import Console

from factories import ME, FakeClock, ScriptedModel, all_rows, cascade, count, submit
from hydrateall.cli import reruns as shown
from hydrateall.cli.output import THEME
from hydrateall.core.errors import UsageError
from hydrateall.core.runtime import Runtime
from hydrateall.curriculum.enums import ContentType, ValidationStatus
from hydrateall.curriculum.errors import UnknownCurriculum
from hydrateall.curriculum.models import TopicQuestion
from hydrateall.curriculum.service import ItemView
from hydrateall.delivery.models import OutboxEntry
from hydrateall.delivery.service import FakeAirflow, deliver_due
from hydrateall.review import rejudging, reruns, service, tasks
from hydrateall.review.enums import RejectionReason
from hydrateall.review.models import ContentReview, ValidationRun, ValidationRunChapter
from hydrateall.review.rerun_errors import ChaptersMissing, NothingToJudge, RunActive, RunNotOpened, UnknownRun
from hydrateall.review.rerun_report import RerunReport
from hydrateall.review.reruns import DAG, GRACE, MOST_DELIVERIES, RerunRequest
from hydrateall.validation.service import save_rule, seed_rules

SUBJECT = {"board": "CBSE", "grade": "8", "subject": "SCIENCE", "language": "en"}
CHAPTERS, TOPICS, ITEMS = 2, 4, 16  # a note and three questions a topic
STRICTER = {"parameters": {"fewest": 900}, "severity": "review"}
MILDER = {"parameters": {"fewest": None}, "severity": None}


@pytest.fixture
def bank(runtime: Runtime) -> list[ItemView]:
    """The items of the small subject, judged by the rules of today."""
    cascade(runtime, ScriptedModel(), submit(runtime))
    with runtime.database.transaction() as session:
        seed_rules(session)
    rerun(runtime)
    return items(runtime)


def order(runtime: Runtime, **changes: Any) -> uuid.UUID:
    """Order a run as the command does; return its id."""
    request = {"board_code": "CBSE", "grade": "8", "subject_code": "SCIENCE", "language": "en", **changes}
    with runtime.database.transaction() as session:
        by = ME.user_id(session)
        run_id, _ = reruns.submit(session, RerunRequest(**request), requested_by=by, now=runtime.now())
    return run_id


def open_run(runtime: Runtime, run_id: uuid.UUID | None, run: str = "run-1", **params: Any) -> list[dict[str, str]]:
    """Do what the first task of the DAG does."""
    given = {**params, "run_id": str(run_id) if run_id else None}
    return tasks.open_run(runtime, params=given, dag_run_id=run, triggered_by="mira")


def judge(runtime: Runtime, chapter: dict[str, str]) -> None:
    tasks.validate_chapter(runtime, run_id=chapter["run"], chapter_id=chapter["id"])


def finish(runtime: Runtime, chapters: list[dict[str, str]]) -> RerunReport:
    for chapter in chapters:
        judge(runtime, chapter)
    tasks.close_run(runtime, chapters=chapters)
    return report(runtime, uuid.UUID(chapters[0]["run"]))


def rerun(runtime: Runtime, **changes: Any) -> RerunReport:
    """Do what the command and the DAG do together."""
    return finish(runtime, open_run(runtime, order(runtime, **changes)))


def report(runtime: Runtime, run_id: uuid.UUID) -> RerunReport:
    with runtime.database.transaction() as session:
        return reruns.report_of(session, run_id)


def change_rule(runtime: Runtime, changes: dict[str, Any]) -> None:
    """Change the rule about the length of notes of grade 8."""
    with runtime.database.transaction() as session:
        save_rule(session, "note_length_middle", changes, ME.user_id(session))


def rows_as_they_are(runtime: Runtime) -> set[str]:
    """Every item's row with the number of the transaction that wrote it."""
    written = """
        SELECT row.xmin || row_to_json(row)::text FROM topic_notes row
        UNION ALL SELECT row.xmin || row_to_json(row)::text FROM topic_questions row
    """
    with runtime.database.transaction() as session:
        return set(session.scalars(sa.text(written)))


def notes(found: list[ItemView]) -> list[ItemView]:
    return [item for item in found if item.content_type is ContentType.NOTE]


def queued(runtime: Runtime) -> dict[uuid.UUID, list[str]]:
    """The open entries: item → reasons."""
    entries = all_rows(runtime, sa.select(ContentReview).where(ContentReview.status == "open"))
    return {entry.item_id: entry.reasons for entry in entries}


@pytest.mark.usefixtures("bank")
class TestARun:
    def test_over_a_bank_that_is_in_order_changes_no_row(self, runtime: Runtime) -> None:
        before = rows_as_they_are(runtime)

        found = rerun(runtime)

        assert rows_as_they_are(runtime) == before
        assert (found.counts.items, found.counts.unchanged, found.counts.kept) == (ITEMS, ITEMS, 0)
        assert (found.changes, found.codes_before) == ([], found.codes_after)

    def test_queues_what_a_stricter_rule_doubts(self, runtime: Runtime) -> None:
        change_rule(runtime, STRICTER)

        found = rerun(runtime)

        after = notes(items(runtime))
        assert {note.status for note in after} == {ValidationStatus.PENDING}
        assert [queued(runtime)[note.id] for note in after] == [["NOTE_LENGTH"]] * TOPICS
        assert {note.report["rulebook"] for note in after if note.report} == set(found.rulebooks)
        assert all(note.quality_score < 1 for note in after if note.quality_score is not None)
        assert (found.counts.doubted, found.counts.cleaned) == (TOPICS, 0)

    def test_takes_off_the_queue_what_a_milder_rule_finds_clean(self, runtime: Runtime) -> None:
        change_rule(runtime, STRICTER)
        rerun(runtime)
        change_rule(runtime, MILDER)

        found = rerun(runtime)

        after = notes(items(runtime))
        withdrawn = all_rows(runtime, sa.select(ContentReview).where(ContentReview.status == "withdrawn"))
        assert {note.status for note in after} == {ValidationStatus.VALIDATED}
        assert {note.id for note in after} & set(queued(runtime)) == set()
        assert {entry.item_id for entry in withdrawn} >= {note.id for note in after}
        assert (found.counts.doubted, found.counts.cleaned) == (0, TOPICS)

    def test_says_which_items_changed_and_why(self, runtime: Runtime) -> None:
        change_rule(runtime, STRICTER)

        found = rerun(runtime)

        first = found.changes[0]
        assert [change.item_id for change in found.changes] == [note.id for note in notes(items(runtime))]
        assert (first.place, first.before, first.after) == (
            "1.1 Chapter 1, topic 1 · note",
            ValidationStatus.VALIDATED,
            ValidationStatus.PENDING,
        )
        assert (first.reasons, "words" in first.why) == (["NOTE_LENGTH"], True)
        assert found.codes_after["NOTE_LENGTH"] - found.codes_before.get("NOTE_LENGTH", 0) == TOPICS

    def test_of_one_chapter_leaves_the_others(self, runtime: Runtime) -> None:
        change_rule(runtime, STRICTER)

        found = rerun(runtime, chapter=2)

        doubted = {note.chapter_number for note in notes(items(runtime)) if note.status is ValidationStatus.PENDING}
        assert (found.chapters, found.counts.items, doubted) == (1, ITEMS // CHAPTERS, {2})

    def test_adds_and_deletes_nothing(self, runtime: Runtime, bank: list[ItemView]) -> None:
        change_rule(runtime, STRICTER)

        rerun(runtime)

        assert [item.id for item in items(runtime)] == [item.id for item in bank]
        assert {item.version for item in items(runtime)} == {1}

    def test_tells_that_the_rules_changed_meanwhile(self, runtime: Runtime) -> None:
        chapters = open_run(runtime, order(runtime))
        judge(runtime, chapters[0])
        change_rule(runtime, STRICTER)

        found = finish(runtime, chapters)

        assert len(found.rulebooks) == CHAPTERS

    def test_doubts_the_younger_of_two_that_are_alike(self, runtime: Runtime, bank: list[ItemView]) -> None:
        elder, younger = sorted(questions(bank), key=lambda each: each.id)[:: len(questions(bank)) - 1]
        asked = "Which of the gases of the air is needed by a burning candle, and why does it go out under a jar?"
        with runtime.database.transaction() as session:
            session.execute(sa.text("DELETE FROM question_fingerprints"))
            session.execute(
                sa.update(TopicQuestion).where(TopicQuestion.id.in_([elder.id, younger.id])).values(question_text=asked)
            )

        rerun(runtime)

        assert "DUPLICATE" in queued(runtime)[younger.id]
        assert "DUPLICATE" not in queued(runtime).get(elder.id, [])


class TestHumanDecisions:
    def test_are_not_touched_by_any_rule(self, runtime: Runtime, bank: list[ItemView]) -> None:
        approved, rejected = notes(bank)[:2]
        edited = questions(bank)[0]
        with runtime.database.transaction() as session:
            now = runtime.now()
            service.approve(session, approved.id, by=MIRA, now=now)
            service.reject(session, rejected.id, by=MIRA, now=now, reason=RejectionReason.OFF_TOPIC)
            service.edit_then_approve(session, edited.id, with_text(edited, "What is one and three?"), by=MIRA, now=now)
        decided = [item.id for item in items(runtime) if item.decided_at]
        before = [stored_text(runtime, item_id) for item_id in (*decided, edited.id)]
        change_rule(runtime, STRICTER)

        found = rerun(runtime)

        assert [stored_text(runtime, item_id) for item_id in (*decided, edited.id)] == before
        assert (len(decided), found.counts.kept) == (3, 3)
        assert not set(decided) & set(queued(runtime))

    def test_that_are_made_at_the_same_moment_win(
        self, runtime: Runtime, bank: list[ItemView], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        change_rule(runtime, STRICTER)
        approved = notes(bank)[0]
        judge_first = rejudging.judge_again

        def judge_then_wait(*given: Any) -> Any:
            judged = judge_first(*given)
            if approved.id in judged:
                with runtime.database.transaction() as session:
                    service.approve(session, approved.id, by=MIRA, now=runtime.now())
            return judged

        monkeypatch.setattr(rejudging, "judge_again", judge_then_wait)

        found = rerun(runtime)

        assert approved.id not in queued(runtime)
        assert (found.counts.kept, found.counts.doubted) == (1, TOPICS - 1)


@pytest.mark.usefixtures("bank")
class TestInterruption:
    def test_a_chapter_that_is_done_is_not_judged_again_in_its_run(self, runtime: Runtime) -> None:
        chapters = open_run(runtime, order(runtime))
        judge(runtime, chapters[0])
        change_rule(runtime, STRICTER)

        judge(runtime, chapters[0])

        assert {note.status for note in notes(items(runtime))} == {ValidationStatus.VALIDATED}
        assert count(runtime, ValidationRunChapter) == CHAPTERS + 1

    def test_a_chapter_that_is_killed_midway_leaves_nothing(
        self, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        change_rule(runtime, STRICTER)
        before = rows_as_they_are(runtime)
        chapters = open_run(runtime, order(runtime))

        def die(*_: Any) -> None:
            raise KeyboardInterrupt

        with monkeypatch.context() as killed:
            killed.setattr(rejudging, "enqueue", die)
            with pytest.raises(KeyboardInterrupt):
                judge(runtime, chapters[0])
        left = rows_as_they_are(runtime)
        found = finish(runtime, chapters)

        assert left == before
        assert (found.status, found.counts.doubted) == ("completed", TOPICS)

    def test_two_at_once_judge_a_chapter_once(self, runtime: Runtime) -> None:
        change_rule(runtime, STRICTER)
        run_id = order(runtime)
        chapters = open_run(runtime, run_id)
        together = threading.Barrier(2, timeout=10)

        def one(_: int) -> None:
            together.wait()
            judge(runtime, chapters[0])

        with ThreadPoolExecutor(2) as pool:
            list(pool.map(one, range(2)))

        found = report(runtime, run_id)
        assert (found.chapters_done, found.counts.items) == (1, ITEMS // CHAPTERS)

    def test_a_run_that_is_opened_again_goes_on(self, runtime: Runtime) -> None:
        run_id = order(runtime)
        judge(runtime, open_run(runtime, run_id)[0])

        found = finish(runtime, open_run(runtime, run_id, run="run-2"))

        assert (found.status, found.chapters_done, found.dag_run_id) == ("completed", CHAPTERS, "run-2")
        assert open_run(runtime, run_id, run="run-3") == []
        assert tasks.close_run(runtime, chapters=[]) == {"status": "completed"}

    def test_missing_chapters_fail_the_run_by_name_until_they_are_done(self, runtime: Runtime) -> None:
        run_id = order(runtime)
        chapters = open_run(runtime, run_id)
        judge(runtime, chapters[0])

        with pytest.raises(ChaptersMissing, match="1 of 2 chapters were not judged: 2 · Chapter 2"):
            tasks.close_run(runtime, chapters=chapters)
        failed = report(runtime, run_id).status
        found = finish(runtime, chapters)

        assert (failed, found.status, found.error_message) == ("failed", "completed", None)

    def test_a_dag_run_without_a_run_says_so(self, runtime: Runtime) -> None:
        with pytest.raises(RunNotOpened):
            tasks.close_run(runtime, chapters=None)


@pytest.mark.usefixtures("bank")
class TestAnOrder:
    def test_is_committed_with_its_delivery(self, runtime: Runtime) -> None:
        airflow = FakeAirflow()

        run_id = order(runtime)
        deliver_due(runtime, airflow)

        run = f"validate__{run_id}__1"
        assert airflow.triggered[-1] == (run, {"run_id": str(run_id)})
        assert airflow.dags[run] == DAG

    def test_is_refused_while_another_is_active(self, runtime: Runtime) -> None:
        run_id = order(runtime)

        with pytest.raises(RunActive, match=str(run_id)):
            order(runtime)
        finish(runtime, open_run(runtime, run_id))

        assert order(runtime)

    def test_of_two_at_once_is_taken_once(self, runtime: Runtime) -> None:
        together = threading.Barrier(2, timeout=10)

        def one(_: int) -> str:
            together.wait()
            try:
                return str(order(runtime))
            except RunActive as active:
                return str(active.run_id)

        with ThreadPoolExecutor(2) as pool:
            named = set(pool.map(one, range(2)))

        assert len(named) == 1

    @pytest.mark.parametrize(
        ("changes", "error", "sentence"),
        [
            ({"chapter": 9}, NothingToJudge, "has no chapter 9"),
            ({"grade": "7"}, NothingToJudge, "has no content yet"),
            ({"subject_code": "ALCHEMY"}, UnknownCurriculum, "ALCHEMY"),
        ],
    )
    def test_that_means_nothing_is_refused(
        self, runtime: Runtime, changes: dict[str, Any], error: type[Exception], sentence: str
    ) -> None:
        before = (count(runtime, ValidationRun), count(runtime, OutboxEntry))

        with pytest.raises(error, match=sentence):
            order(runtime, **changes)

        assert (count(runtime, ValidationRun), count(runtime, OutboxEntry)) == before

    def test_can_come_from_airflows_form(self, runtime: Runtime) -> None:
        entries = count(runtime, OutboxEntry)

        first = open_run(runtime, None, "manual__1", **SUBJECT)
        cleared = open_run(runtime, None, "manual__1", **SUBJECT)

        assert first == cleared
        assert [chapter["label"] for chapter in first] == ["1 · Chapter 1", "2 · Chapter 2"]
        assert count(runtime, OutboxEntry) == entries

    @pytest.mark.parametrize(
        ("params", "sentence"),
        [({**SUBJECT, "colour": "blue"}, "colour"), ({**SUBJECT, "chapter": 0}, "chapter"), ({"grade": "8"}, "board")],
    )
    def test_from_the_form_is_read_with_care(self, runtime: Runtime, params: dict[str, Any], sentence: str) -> None:
        with pytest.raises(UsageError, match=sentence):
            open_run(runtime, None, "manual__1", **params)

    @pytest.mark.parametrize("run_id", ["nonsense", str(uuid.UUID(int=0))])
    def test_that_is_not_there_is_told(self, runtime: Runtime, run_id: str) -> None:
        with pytest.raises(UnknownRun):
            tasks.open_run(runtime, params={"run_id": run_id}, dag_run_id="run-1", triggered_by="mira")


@pytest.mark.usefixtures("bank")
class TestADagRunThatIsGone:
    def delivered(self, runtime: Runtime, airflow: FakeAirflow) -> uuid.UUID:
        run_id = order(runtime)
        deliver_due(runtime, airflow)
        return run_id

    def later(self, runtime: Runtime, airflow: FakeAirflow, clock: FakeClock) -> int:
        clock.advance(GRACE.total_seconds() + 1)
        return tasks.ask_again(runtime, airflow)

    def test_is_replaced_and_the_run_goes_on(self, runtime: Runtime, clock: FakeClock) -> None:
        airflow = FakeAirflow()
        run_id = self.delivered(runtime, airflow)
        judge(runtime, open_run(runtime, run_id, f"validate__{run_id}__1")[0])
        airflow.running.clear()

        asked = self.later(runtime, airflow, clock)
        deliver_due(runtime, airflow)
        found = finish(runtime, open_run(runtime, run_id, f"validate__{run_id}__2"))

        assert asked == 1
        assert airflow.running == {f"validate__{run_id}__2"}
        assert (found.status, found.counts.items) == ("completed", ITEMS)

    def test_is_not_one_that_waits_in_airflow_or_in_the_outbox(self, runtime: Runtime, clock: FakeClock) -> None:
        airflow = FakeAirflow()
        order(runtime)

        in_the_outbox = self.later(runtime, airflow, clock)
        deliver_due(runtime, airflow)
        at_once = tasks.ask_again(runtime, FakeAirflow())
        in_airflow = self.later(runtime, airflow, clock)

        assert (in_the_outbox, at_once, in_airflow) == (0, 0, 0)

    def test_is_not_known_while_airflow_is_down(self, runtime: Runtime, clock: FakeClock) -> None:
        airflow = FakeAirflow()
        self.delivered(runtime, airflow)
        airflow.up = False

        assert self.later(runtime, airflow, clock) == 0

    def test_too_often_fails_the_run_so_that_another_can_be_ordered(self, runtime: Runtime, clock: FakeClock) -> None:
        airflow = FakeAirflow()
        run_id = self.delivered(runtime, airflow)

        for _ in range(MOST_DELIVERIES):
            airflow.running.clear()
            self.later(runtime, airflow, clock)
            deliver_due(runtime, airflow)

        found = report(runtime, run_id)
        delivered = [run for run in airflow.dags if str(run_id) in run]
        assert (found.status, len(delivered)) == ("failed", MOST_DELIVERIES)
        assert "5 DAG runs of it died" in (found.error_message or "")
        assert order(runtime) != run_id


@pytest.mark.usefixtures("bank")
class TestTheReport:
    def test_reads_as_sentences(
        self,
        runtime: Runtime,
        monkeypatch: pytest.MonkeyPatch,
        capsys: pytest.CaptureFixture[str],
    ) -> None:
        change_rule(runtime, STRICTER)
        found = rerun(runtime)
        monkeypatch.setattr(shown, "console", Console(theme=THEME, width=100))

        shown._show(found, as_json=False)

        said = capsys.readouterr().out
        assert "Other status now" in said
        assert "PENDING  1.1 Chapter 1, topic 1 · note" in said
        assert "NOTE_LENGTH" in said

    def test_is_json_for_machines(self, runtime: Runtime, capsys: pytest.CaptureFixture[str]) -> None:
        found = rerun(runtime)
        capsys.readouterr()

        shown._show(found, as_json=True)

        told = json.loads(capsys.readouterr().out)
        assert (told["runId"], told["status"], told["counts"]["unchanged"]) == (str(found.run_id), "completed", ITEMS)
