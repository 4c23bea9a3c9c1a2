"""The view `hydration_progress`: derived from jobs, never above 100, and it never moves backwards."""

from __future__ import annotations

import uuid

from factories import (
    ScriptedModel,
    cancel,
    cascade,
    chapter_ids,
    claim,
    close,
    deliver,
    draft,
    jobs,
    open_root,
    resume,
    start,
    submit,
    tree,
    work,
    work_level,
)
from hydrateall.core.runtime import Runtime
from hydrateall.hydration.enums import Level
from hydrateall.hydration.schemas import Progress
from hydrateall.hydration.views import job_view, progress_of


def progress(runtime: Runtime, root_id: uuid.UUID) -> Progress:
    with runtime.database.transaction() as session:
        return progress_of(session, root_id)


def figures(shown: Progress) -> dict[str, tuple[int, int]]:
    return {name: (level.completed, level.expected) for name, level in shown.levels().items()}


class TestProgress:
    def test_expects_everything_before_any_child_exists(self, runtime: Runtime) -> None:
        root_id = submit(runtime)

        shown = progress(runtime, root_id)

        assert figures(shown) == {"chapters": (0, 2), "topics": (0, 4), "notes": (0, 4), "questions": (0, 12)}
        assert shown.overall == 0

    def test_counts_what_jobs_have_delivered(self, runtime: Runtime) -> None:
        root_id = tree(runtime)
        first, _ = chapter_ids(runtime, root_id)

        work(runtime, ScriptedModel(), root_id, Level.QUESTIONS, first)

        assert figures(progress(runtime, root_id)) == {
            "chapters": (2, 2),
            "topics": (4, 4),
            "notes": (0, 4),
            "questions": (6, 12),
        }

    def test_ends_at_a_hundred(self, runtime: Runtime) -> None:
        root_id = submit(runtime)

        cascade(runtime, ScriptedModel(), root_id)

        shown = progress(runtime, root_id)
        assert shown.overall == 100
        assert {level.percent for level in shown.levels().values()} == {100.0}

    def test_only_grows_and_never_passes_a_hundred(self, runtime: Runtime) -> None:
        root_id = open_root(runtime)
        seen = [progress(runtime, root_id).overall]

        scopes = [(Level.CHAPTERS, None)]
        while scopes:
            level, chapter_id = scopes.pop(0)
            for held in claim(runtime, root_id, level=level, chapter_id=chapter_id):
                deliver(runtime, draft(runtime, held))
                seen.append(progress(runtime, root_id).overall)
            if level is Level.CHAPTERS:
                chapters = chapter_ids(runtime, root_id)
                levels = (Level.TOPICS, Level.NOTES, Level.QUESTIONS)
                scopes = [(each, chapter_id) for chapter_id in chapters for each in levels]

        assert seen == sorted(seen)
        assert len(seen) == 1 + len(jobs(runtime, root_id))
        assert seen[-1] == 100

    def test_of_a_level_with_nothing_to_do_is_complete(self, runtime: Runtime) -> None:
        root_id = submit(runtime, generate_notes=False)

        shown = progress(runtime, root_id)

        assert (shown.notes.expected, shown.notes.percent) == (0, 100.0)
        assert shown.questions.percent == 0

    def test_ends_at_a_hundred_without_notes_and_questions(self, runtime: Runtime) -> None:
        root_id = submit(runtime, generate_notes=False, generate_questions=False)

        cascade(runtime, ScriptedModel(), root_id)

        shown = progress(runtime, root_id)
        assert shown.overall == 100
        assert figures(shown) == {"chapters": (2, 2), "topics": (4, 4), "notes": (0, 0), "questions": (0, 0)}

    def test_of_a_cancelled_root_stays_where_it_was(self, runtime: Runtime) -> None:
        root_id = tree(runtime)
        before = progress(runtime, root_id)

        cancel(runtime, root_id)

        assert progress(runtime, root_id) == before

    def test_goes_on_from_there_when_it_is_resumed(self, runtime: Runtime) -> None:
        root_id = tree(runtime)
        before = progress(runtime, root_id).overall
        cancel(runtime, root_id)
        resume(runtime, root_id)
        start(runtime, root_id)

        work_level(runtime, ScriptedModel(), root_id, Level.NOTES)

        assert progress(runtime, root_id).overall > before

    def test_counts_this_root_s_jobs_only(self, runtime: Runtime) -> None:
        cascade(runtime, ScriptedModel(), submit(runtime))
        other = submit(runtime, language="hi")

        assert progress(runtime, other).overall == 0


class TestJobView:
    def test_has_the_shape_of_the_seed(self, runtime: Runtime) -> None:
        root_id = submit(runtime)
        cascade(runtime, ScriptedModel(), root_id)

        with runtime.database.transaction() as session:
            shown = job_view(session, root_id).model_dump(mode="json", by_alias=True)

        assert shown["status"] == "completed"
        assert shown["progress"]["topics"] == {"completed": 4, "expected": 4}
        assert shown["cost"] == {"estimated": 0.0, "actual": 0.01125, "budget": 50.0}
        assert {"createdAt", "startedAt", "finishedAt", "actualDurationMins"} <= set(shown["timing"])
        assert shown["recentLogs"][0]["message"].startswith("Completed: 15 jobs")

    def test_shows_the_cost_while_it_grows(self, runtime: Runtime) -> None:
        root_id = open_root(runtime)
        work(runtime, ScriptedModel(), root_id)

        with runtime.database.transaction() as session:
            shown = job_view(session, root_id)

        assert shown.cost.actual == ScriptedModel.cost_usd
        assert close(runtime, root_id).actual_cost_usd == 0
