"""What can go wrong when a bank is judged again.

NotFound        UnknownRun        no run has this id
                NothingToJudge    the subject has no such chapter, or none at all
Conflict        RunActive         the subject is being judged again already
HydrateAll-     RunNotOpened      the DAG run has no run to close
  Error         ChaptersMissing   some chapters could not be judged
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from hydrateall.core.errors import Conflict, HydrateAllError, NotFound


class UnknownRun(NotFound):
    """No validation run has this id."""

    def __init__(self, run_id: object) -> None:
        super().__init__(
            f"There is no validation run {run_id}.", "`hydrateall validation rerun` starts one.", field="runId"
        )


class NothingToJudge(NotFound):
    """The subject has no chapter of this number, or none at all."""

    def __init__(self, subject: str, chapter: int | None, known: Sequence[int]) -> None:
        if known:
            sentence = f"{subject} has no chapter {chapter}."
            remedy = f"It has the chapters {', '.join(str(number) for number in known)}."
        else:
            sentence, remedy = f"{subject} has no content yet.", "Write some first: `hydrateall hydrate --help`."
        super().__init__(sentence, remedy, field="chapter")


class RunActive(Conflict):
    """The subject is being judged again already."""

    def __init__(self, subject: str, run_id: uuid.UUID) -> None:
        self.run_id = run_id
        super().__init__(
            f"{subject} is being judged again already, by run {run_id}.",
            f"Watch it with `hydrateall validation report {run_id} --wait`.",
        )


class RunNotOpened(HydrateAllError):
    """The DAG run has no validation run to close."""

    def __init__(self) -> None:
        super().__init__("This DAG run opened no validation run.", "The log of open_run says why.")


class ChaptersMissing(HydrateAllError):
    """Some chapters could not be judged; what was judged stays."""

    def __init__(self, what: str) -> None:
        super().__init__(
            what,
            "The log of validate_chapter says why. Correct that, then start another run, or clear the task in Airflow.",
        )
