"""Claiming: who gets which job, and how many."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from factories import (
    FakeClock,
    cancel,
    chapter_ids,
    claim,
    draft,
    fail,
    job,
    open_root,
    return_leases,
    settings_for_tests,
    submit,
    tree,
)
from hydrateall.core.database import Database
from hydrateall.core.runtime import Runtime
from hydrateall.hydration.enums import JobStatus, Level


def race(workers: int, action: Any) -> list[Any]:
    """Let many threads do the same at the same moment; return what each got."""
    barrier = threading.Barrier(workers)

    def start_together(number: int) -> Any:
        barrier.wait()
        return action(number)

    with ThreadPoolExecutor(workers) as pool:
        return list(pool.map(start_together, range(workers)))


class TestClaim:
    def test_gives_a_job_to_one_worker_only(self, runtime: Runtime) -> None:
        root_id = open_root(runtime)

        claimed = race(8, lambda number: len(claim(runtime, root_id, worker=f"worker#{number}")))

        assert sorted(claimed) == [0] * 7 + [1]

    def test_never_exceeds_the_calls_in_flight_over_all_workers(self, database: Database, clock: FakeClock) -> None:
        settings = settings_for_tests(default_chapters=1, default_topics=20, max_in_flight=5)
        runtime = Runtime(settings, database, clock)
        root_id = tree(runtime)
        [chapter] = chapter_ids(runtime, root_id)

        def take(number: int) -> int:
            held = claim(runtime, root_id, level=Level.NOTES, chapter_id=chapter, worker=f"worker#{number}", wanted=2)
            return len(held)

        claimed = race(8, take)

        assert sum(claimed) == 5
        assert max(claimed) <= 2

    def test_counts_calls_of_every_level_against_the_limit(self, database: Database, clock: FakeClock) -> None:
        runtime = Runtime(settings_for_tests(max_in_flight=3), database, clock)
        root_id = tree(runtime)
        chapter, other = chapter_ids(runtime, root_id)
        claim(runtime, root_id, level=Level.NOTES, chapter_id=chapter)

        held = claim(runtime, root_id, level=Level.QUESTIONS, chapter_id=other, worker="worker#2")

        assert len(held) == 1

    def test_takes_a_vanished_worker_s_calls_out_of_the_limit(self, database: Database, clock: FakeClock) -> None:
        runtime = Runtime(settings_for_tests(max_in_flight=2), database, clock)
        root_id = tree(runtime)
        chapter, other = chapter_ids(runtime, root_id)
        claim(runtime, root_id, level=Level.NOTES, chapter_id=chapter)

        clock.advance(runtime.settings.lease_seconds)
        held = claim(runtime, root_id, level=Level.NOTES, chapter_id=other, worker="worker#2")

        assert len(held) == 2

    def test_stays_within_its_level_and_chapter(self, runtime: Runtime) -> None:
        root_id = tree(runtime)
        chapter, _ = chapter_ids(runtime, root_id)

        held = claim(runtime, root_id, level=Level.NOTES, chapter_id=chapter)

        assert {(each.hierarchy_level, each.chapter_id) for each in held} == {(Level.NOTES, chapter)}
        assert len(held) == runtime.settings.default_topics

    def test_waits_for_the_next_attempt_s_time(self, runtime: Runtime, clock: FakeClock) -> None:
        root_id = open_root(runtime)
        [held] = claim(runtime, root_id)
        fail(runtime, draft(runtime, held), "The server was busy.")

        at_once = claim(runtime, root_id)
        clock.advance(1.0)
        later = claim(runtime, root_id)

        assert at_once == []
        assert [each.id for each in later] == [held.id]

    def test_tries_a_rejected_answer_again_at_once(self, runtime: Runtime) -> None:
        root_id = open_root(runtime)
        [held] = claim(runtime, root_id)
        fail(runtime, draft(runtime, held), "The answer was rejected.", ["chapters: must be two."])

        [again] = claim(runtime, root_id)

        assert again.issues == ["chapters: must be two."]

    def test_takes_nothing_of_a_root_that_has_not_started(self, runtime: Runtime) -> None:
        root_id = submit(runtime)

        assert claim(runtime, root_id) == []

    def test_takes_nothing_of_a_cancelled_root(self, runtime: Runtime) -> None:
        root_id = open_root(runtime)
        cancel(runtime, root_id)

        assert claim(runtime, root_id) == []

    def test_gives_each_claim_a_new_token(self, runtime: Runtime) -> None:
        root_id = open_root(runtime)
        [first] = claim(runtime, root_id)
        return_leases(runtime, owner="worker", worker="worker#2")

        [second] = claim(runtime, root_id, worker="worker#2")

        assert second.id == first.id
        assert second.fencing_token > first.fencing_token

    def test_says_who_holds_the_job_and_until_when(self, runtime: Runtime, clock: FakeClock) -> None:
        root_id = open_root(runtime)

        [held] = claim(runtime, root_id, worker="run/task#1")

        row = job(runtime, held.id)
        assert row.status is JobStatus.RUNNING
        assert row.locked_by == "run/task#1"
        assert (row.lease_expires_at - clock()).total_seconds() == runtime.settings.lease_seconds
