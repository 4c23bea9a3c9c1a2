"""Batch mode against the mock server: levels, prices, failures, budgets, cancellation, and who looks at a batch."""

from __future__ import annotations

import uuid
from collections.abc import Iterator
from decimal import Decimal

import pytest
from batch_factories import (
    ALL,
    CALLS,
    Killed,
    answered_once,
    assert_balanced,
    assert_complete,
    batches,
    items,
    poke,
    provider_batches,
    run_level,
    run_levels,
    runtime_at,
    spent,
)

from factories import (
    FakeClock,
    calls,
    cancel,
    job,
    jobs,
    log_lines,
    open_root,
    request,
    resume,
    settings_for_tests,
    start,
    submit,
)
from hydrateall.core.database import Database
from hydrateall.core.runtime import Runtime
from hydrateall.delivery.service import FakeAirflow, deliver_due
from hydrateall.hydration import batch_repository, service
from hydrateall.hydration.batch_lines import BatchLines
from hydrateall.hydration.enums import JobStatus, Level
from hydrateall.hydration.errors import NothingToBatch, RootEnded
from hydrateall.hydration.reconciliation import GRACE, reconcile
from hydrateall.llm.openai_batches import OpenAIBatches
from hydrateall.llm.pricing import price_of
from mock_server import Mock, running

MOCK = price_of("mock-writer")


@pytest.fixture
def mock() -> Iterator[Mock]:
    with running() as mock:
        yield mock


@pytest.fixture
def runtime(mock: Mock, database: Database, clock: FakeClock) -> Runtime:
    return runtime_at(mock, database, clock)


class TestWholeSubject:
    def test_takes_one_batch_a_level(self, runtime: Runtime, mock: Mock) -> None:
        root_id = open_root(runtime, mode="batch")

        run_levels(runtime, mock, root_id)

        assert_complete(runtime, mock, root_id)
        assert [batch.requests for batch in batches(runtime)] == [1, 2, 4, 8]
        assert len(provider_batches(mock)) == 4
        assert mock.ledger()["totals"]["requests"] == CALLS

    def test_costs_half(self, runtime: Runtime, mock: Mock) -> None:
        run_levels(runtime, mock, open_root(runtime, mode="batch"))

        made = calls(runtime)
        fast = [
            MOCK.of(prompt=call.prompt_tokens, completion=call.completion_tokens, cached=call.cached_tokens)
            for call in made
        ]
        assert spent(runtime) == mock.billed()
        assert [call.cost_usd for call in made] == [(each / 2).quantize(Decimal("0.000001")) for each in fast]
        assert {call.deployment.endswith("/mock-writer (batch)") for call in made} == {True}

    def test_is_done_at_once_with_levels_that_are_switched_off(self, runtime: Runtime, mock: Mock) -> None:
        root_id = open_root(runtime, mode="batch", generate_notes=False)
        for level in ("chapters", "topics"):
            run_level(runtime, mock, root_id, level)

        assert run_level(runtime, mock, root_id, "notes") == 1

    def test_asks_for_nothing_the_second_time(self, runtime: Runtime, mock: Mock) -> None:
        run_levels(runtime, mock, open_root(runtime, mode="batch"))

        again = open_root(runtime, mode="batch")
        run_levels(runtime, mock, again)

        assert job(runtime, again).status is JobStatus.COMPLETED
        assert items(runtime) == ALL
        assert mock.ledger()["totals"]["requests"] == CALLS

    def test_names_the_provider_s_batch_in_the_job_s_log(self, runtime: Runtime, mock: Mock) -> None:
        root_id = open_root(runtime, mode="batch")

        run_level(runtime, mock, root_id, "chapters")

        said = [line.message for line in log_lines(runtime, root_id) if "Batch" in (line.message or "")]
        [known] = provider_batches(mock)
        assert said == [
            f"Batch {known['id']}: 1 requests for chapters submitted.",
            f"Batch {known['id']}: completed, 1 of 1 requests were answered.",
        ]


class TestFailures:
    FAULTS = ("batch_expired", "batch_line_error", "invalid_json", "wrong_schema", "refusal", "truncated")

    @pytest.mark.parametrize("seed", [1, 2])
    def test_are_asked_for_again_until_everything_is_valid(
        self, mock: Mock, database: Database, clock: FakeClock, seed: int
    ) -> None:
        runtime = runtime_at(mock, database, clock, max_retries=12, default_chapters=3, default_topics=3)
        mock.change(faults=dict.fromkeys(self.FAULTS, 0.1), seed=seed)
        root_id = open_root(runtime, mode="batch")

        run_levels(runtime, mock, root_id)

        assert_complete(runtime, mock, root_id, expected={"chapters": 3, "topics": 9, "notes": 9, "questions": 27})
        faults = {entry["fault"] for entry in mock.ledger()["entries"]} - {None}
        assert len(faults) >= 4
        assert len(batches(runtime)) > 4

    def test_that_are_no_failures_cost_no_attempt(self, runtime: Runtime, mock: Mock) -> None:
        mock.change(faults={"batch_expired": 1.0})
        root_id = open_root(runtime, mode="batch")
        for _ in range(6):
            poke(runtime, mock, root_id)
        expired = len(provider_batches(mock))

        mock.change(faults={})
        run_levels(runtime, mock, root_id)

        assert expired == 3
        assert_complete(runtime, mock, root_id)
        assert {each.attempts for each in jobs(runtime, root_id)} == {1}

    def test_for_good_leave_the_rest_to_go_on(self, mock: Mock, database: Database, clock: FakeClock) -> None:
        runtime = runtime_at(mock, database, clock, max_retries=1)
        root_id = open_root(runtime, mode="batch")
        for level in ("chapters", "topics"):
            run_level(runtime, mock, root_id, level)
        mock.change(faults={"refusal": 1.0})
        run_level(runtime, mock, root_id, "notes")
        mock.change(faults={})

        run_level(runtime, mock, root_id, "questions")
        root = service_close(runtime, root_id)

        assert root.status is JobStatus.FAILED
        assert items(runtime) == ALL | {"notes": 0}
        assert_balanced(runtime, mock, root_id)

    def test_of_the_server_are_waited_out(self, runtime: Runtime, mock: Mock, monkeypatch: pytest.MonkeyPatch) -> None:
        root_id = open_root(runtime, mode="batch")
        with monkeypatch.context() as away:
            away.setattr(runtime.settings, "mock_url", "http://127.0.0.1:9/v1")
            steps = [poke(runtime, mock, root_id) for _ in range(3)]

        run_levels(runtime, mock, root_id)

        assert steps == [False, False, False]
        assert_complete(runtime, mock, root_id)

    def test_of_a_whole_batch_pause_the_job_with_the_provider_s_reason(
        self, runtime: Runtime, mock: Mock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def upload_nonsense(server: OpenAIBatches, _: object) -> str:
            return server._client.files.create(file=("batch.jsonl", b"{nonsense"), purpose="batch").id

        root_id = open_root(runtime, mode="batch")
        with monkeypatch.context() as broken:
            broken.setattr(OpenAIBatches, "upload", upload_nonsense)
            poke(runtime, mock, root_id)
        poke(runtime, mock, root_id)
        paused = job(runtime, root_id)
        resume(runtime, root_id)
        start(runtime, root_id)

        run_levels(runtime, mock, root_id)

        assert paused.status is JobStatus.PAUSED
        assert "not parseable as valid JSON" in paused.error_message
        assert_complete(runtime, mock, root_id)

    def test_of_the_provider_s_memory_pause_the_job(self, runtime: Runtime, mock: Mock) -> None:
        root_id = open_root(runtime, mode="batch")
        poke(runtime, mock, root_id)
        with runtime.database.transaction() as session:
            [batch] = batches(runtime)
            batch_repository.note(session, batch, provider_batch_id="batch_gone")

        poke(runtime, mock, root_id)

        assert job(runtime, root_id).error_message.startswith("The model server does not know the batch batch_gone")
        assert [call.uncertain_usd > 0 for call in calls(runtime)] == [True]
        assert jobs(runtime, root_id)[0].status is JobStatus.PENDING

    def test_of_the_key_pause_the_job(self, runtime: Runtime, mock: Mock) -> None:
        mock.change(key="the-right-one")
        root_id = open_root(runtime, mode="batch")

        poke(runtime, mock, root_id)
        paused = job(runtime, root_id)
        poke(runtime, mock, root_id)

        assert paused.error_message.startswith("The model server refused the key.")
        with pytest.raises(RootEnded):
            poke(runtime, mock, root_id)
        assert_balanced(runtime, mock, root_id)


class TestBudget:
    def test_that_is_short_lets_go_what_fits_and_pauses(self, runtime: Runtime, mock: Mock) -> None:
        root_id = open_root(runtime, mode="batch", max_cost_usd=0.05)
        with pytest.raises(RootEnded):
            run_levels(runtime, mock, root_id)
        paused, before = job(runtime, root_id), mock.billed()
        assert_balanced(runtime, mock, root_id)
        resume(runtime, root_id, max_cost_usd=Decimal(5))
        start(runtime, root_id)

        run_levels(runtime, mock, root_id)

        assert paused.status is JobStatus.PAUSED
        assert "needs $" in paused.error_message
        assert 0 < before <= Decimal("0.05")
        assert_complete(runtime, mock, root_id)
        assert answered_once(mock)

    def test_that_reservations_fill_splits_the_level_over_batches(self, runtime: Runtime, mock: Mock) -> None:
        root_id = open_root(runtime, mode="batch", max_cost_usd=0.07)
        for level in ("chapters", "topics", "notes"):
            run_level(runtime, mock, root_id, level)

        assert sum(batch.level == Level.NOTES for batch in batches(runtime)) > 1
        assert items(runtime)["notes"] == ALL["notes"]
        assert answered_once(mock)


class TestCancel:
    def test_cancels_the_provider_s_batch_and_books_what_it_had_answered(self, runtime: Runtime, mock: Mock) -> None:
        root_id = open_root(runtime, mode="batch")
        for level in ("chapters", "topics"):
            run_level(runtime, mock, root_id, level)
        mock.change(batch_seconds=4 * 150)
        poke(runtime, mock, root_id, "notes")
        mock.clock.now += 2 * 150
        cancel(runtime, root_id)

        poke(runtime, mock, root_id, "notes")
        poke(runtime, mock, root_id, "notes")

        with pytest.raises(RootEnded):
            poke(runtime, mock, root_id, "notes")
        assert provider_batches(mock)[0]["status"] == "cancelled"
        assert 0 < provider_batches(mock)[0]["request_counts"]["completed"] < ALL["notes"]
        assert items(runtime)["notes"] == 0
        assert_balanced(runtime, mock, root_id)

    def test_before_the_submission_submits_nothing(
        self, runtime: Runtime, mock: Mock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        root_id = open_root(runtime, mode="batch")
        with monkeypatch.context() as broken:
            broken.setattr(OpenAIBatches, "upload", kill)
            with pytest.raises(Killed):
                poke(runtime, mock, root_id)
        cancel(runtime, root_id)

        poke(runtime, mock, root_id)

        assert provider_batches(mock) == []
        assert_balanced(runtime, mock, root_id)

    def test_keeps_a_paid_answer_for_the_next_time(
        self, runtime: Runtime, mock: Mock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        root_id = open_root(runtime, mode="batch")
        poke(runtime, mock, root_id)
        with monkeypatch.context() as broken:
            broken.setattr(BatchLines, "judge", kill)
            with pytest.raises(Killed):
                poke(runtime, mock, root_id)
        cancel(runtime, root_id)
        poke(runtime, mock, root_id)
        resume(runtime, root_id)
        start(runtime, root_id)

        run_levels(runtime, mock, root_id)

        assert_complete(runtime, mock, root_id)
        assert mock.ledger()["totals"]["requests"] == CALLS
        assert sum(call.cached for call in calls(runtime)) == 1


class TestPause:
    def test_still_collects_the_batch_in_flight(self, runtime: Runtime, mock: Mock) -> None:
        root_id = open_root(runtime, mode="batch")
        poke(runtime, mock, root_id)
        with runtime.database.transaction() as session:
            service.pause(session, root_id, reason="later", until=None, now=runtime.now())

        poke(runtime, mock, root_id)

        assert items(runtime)["chapters"] == 2
        with pytest.raises(RootEnded):
            poke(runtime, mock, root_id, "topics")

    def test_that_ends_before_its_new_run_begins_loses_no_answer(self, runtime: Runtime, mock: Mock) -> None:
        root_id = open_root(runtime, mode="batch")
        poke(runtime, mock, root_id)
        with runtime.database.transaction() as session:
            service.pause(session, root_id, reason="later", until=None, now=runtime.now())
        resume(runtime, root_id)

        early = poke(runtime, mock, root_id)
        start(runtime, root_id)
        run_levels(runtime, mock, root_id)

        assert early is False
        assert_complete(runtime, mock, root_id)
        assert mock.ledger()["totals"]["requests"] == CALLS


class TestSteps:
    def test_of_one_level_exclude_each_other(self, runtime: Runtime, mock: Mock) -> None:
        root_id = open_root(runtime, mode="batch")
        with runtime.database.transaction() as other:
            batch_repository.take_step(other, root_id=root_id, level=Level.CHAPTERS)

            step = poke(runtime, mock, root_id)

        assert step is False
        assert batches(runtime) == []


class TestReconciler:
    def delivered(self, runtime: Runtime, airflow: FakeAirflow) -> uuid.UUID:
        root_id = submit(runtime, mode="batch")
        deliver_due(runtime, airflow)
        start(runtime, root_id)
        return root_id

    def later(self, runtime: Runtime, airflow: FakeAirflow, clock: FakeClock, hours: float = 0) -> None:
        clock.advance(GRACE.total_seconds() + 3600 * hours)
        reconcile(runtime, airflow, holder="me")

    @pytest.mark.parametrize("hours", [0, 100])
    def test_gives_a_job_another_run_though_a_batch_holds_all_of_it(
        self, runtime: Runtime, mock: Mock, clock: FakeClock, hours: float
    ) -> None:
        airflow = FakeAirflow()
        root_id = self.delivered(runtime, airflow)
        poke(runtime, mock, root_id)
        airflow.running.clear()

        self.later(runtime, airflow, clock, hours)
        start(runtime, root_id)
        run_levels(runtime, mock, root_id)

        assert airflow.dags == dict.fromkeys(
            (f"hydrate__{root_id}__1", f"hydrate__{root_id}__2"), "hydrate_subject_in_batches"
        )
        assert_complete(runtime, mock, root_id)
        assert answered_once(mock)
        assert {each.lost_leases for each in jobs(runtime, root_id)} == {0}

    def test_has_the_batch_of_a_cancelled_job_settled(self, runtime: Runtime, mock: Mock, clock: FakeClock) -> None:
        airflow = FakeAirflow()
        root_id = self.delivered(runtime, airflow)
        poke(runtime, mock, root_id)
        cancel(runtime, root_id)
        airflow.running.clear()

        self.later(runtime, airflow, clock)
        start(runtime, root_id)
        poke(runtime, mock, root_id)

        assert f"hydrate__{root_id}__2" in airflow.running
        assert job(runtime, root_id).status is JobStatus.CANCELLED
        assert_balanced(runtime, mock, root_id)


class TestMode:
    def test_decides_which_dag_is_triggered(self, runtime: Runtime) -> None:
        airflow = FakeAirflow()
        fast, batch = submit(runtime, grade="7"), submit(runtime, grade="8", mode="batch")

        deliver_due(runtime, airflow)

        assert airflow.dags == {
            f"hydrate__{fast}__1": "hydrate_subject",
            f"hydrate__{batch}__1": "hydrate_subject_in_batches",
        }

    def test_shows_both_prices_in_a_dry_run(self, runtime: Runtime) -> None:
        with runtime.database.transaction() as session:
            ahead = service.prospect(session, request(), settings=runtime.settings, now=runtime.now()).estimates

        assert ahead.estimated_cost_usd > 0
        assert ahead.estimated_batch_cost_usd == pytest.approx(ahead.estimated_cost_usd / 2, abs=Decimal("0.0001"))
        assert ahead.estimated_batch_duration_mins == 4 * 1440

    def test_batch_teaches_estimates_what_calls_cost_but_not_how_long_they_take(
        self, runtime: Runtime, mock: Mock
    ) -> None:
        run_levels(runtime, mock, open_root(runtime, mode="batch"))

        with runtime.database.transaction() as session:
            asked = request(grade="7")
            ahead = service.prospect(session, asked, settings=runtime.settings, now=runtime.now()).estimates

        assert float(ahead.estimated_batch_cost_usd) == pytest.approx(float(mock.billed()), rel=0.1)
        assert ahead.basis == "what past calls used, for 100% of the calls"
        assert 0 < ahead.estimated_duration_mins < 10

    def test_is_what_the_job_s_estimate_is_for(self, runtime: Runtime) -> None:
        fast, batch = submit(runtime, grade="7"), submit(runtime, grade="8", mode="batch")

        assert job(runtime, batch).estimated_cost_usd < job(runtime, fast).estimated_cost_usd
        assert job(runtime, batch).estimated_duration_mins > job(runtime, fast).estimated_duration_mins

    def test_batch_is_refused_where_nothing_can_be_batched(self, database: Database, clock: FakeClock) -> None:
        offline = Runtime(settings_for_tests(), database, clock)

        with pytest.raises(NothingToBatch, match="nothing to batch"):
            submit(offline, mode="batch")


def kill(*_: object, **__: object) -> None:
    raise Killed


def service_close(runtime: Runtime, root_id: uuid.UUID):  # type: ignore[no-untyped-def]
    with runtime.database.transaction() as session:
        return service.close(session, root_id, now=runtime.now())
