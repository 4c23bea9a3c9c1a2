"""What can go wrong with a job, by what a caller can do about it.

NotFound      UnknownJob        no job has this id
UsageError    NothingToBatch    the writer has no batch endpoint
              NoSecondOpinion   a second opinion was asked for where none can be given
Conflict      JobActive         the subject has an open job already
              JobEnded          the job has ended, so it cannot be cancelled
              NotRunning        the job is not running, so it cannot be paused
              NothingToResume   the job is neither paused nor failed nor cancelled
Unavailable   StillOpen         the job has work left, so it cannot be closed yet
HydrateAll-   JobPaused         the job waits for a person, or for a server to recover
  Error       ItemsMissing      some of the work failed for good
              NotOpened         the DAG run has no job
              RootEnded         the job was cancelled or paused, so its tasks have nothing to do
              LeaseLost         this worker no longer holds the job; its result is discarded
"""

from __future__ import annotations

import uuid

from hydrateall.core.errors import Conflict, HydrateAllError, NotFound, Unavailable, UsageError


class UnknownJob(NotFound):
    """No job has this id."""

    def __init__(self, job_id: object) -> None:
        super().__init__(f"There is no job {job_id}.", "`hydrateall jobs list` shows all.", field="jobId")


class NothingToBatch(UsageError):
    """The writer has no batch endpoint."""

    def __init__(self) -> None:
        super().__init__(
            "The offline writer answers at once and for nothing, so there is nothing to batch.",
            "Take the mode fast, or set HYDRATEALL_MODEL_PROVIDER to openai or mock.",
            field="mode",
        )


class NoSecondOpinion(UsageError):
    """A second opinion was asked for where none can be given."""

    def __init__(self, reason: str, remedy: str) -> None:
        super().__init__(reason, remedy, field="options.secondOpinion")


class JobActive(Conflict):
    """The subject has an open job already."""

    def __init__(self, subject: str, job_id: uuid.UUID) -> None:
        self.job_id = job_id
        super().__init__(
            f"{subject} is being hydrated already, by job {job_id}.",
            f"Watch it with `hydrateall jobs show {job_id}`, or cancel it first.",
        )


class JobEnded(Conflict):
    """The job has ended."""

    def __init__(self, job_id: uuid.UUID, status: str) -> None:
        super().__init__(f"Job {job_id} has ended already: it is {status}.")


class NotRunning(Conflict):
    """The job is not running."""

    def __init__(self, job_id: uuid.UUID, status: str) -> None:
        super().__init__(f"Job {job_id} is {status}; only a running job can be paused.")


class NothingToResume(Conflict):
    """The job is neither paused nor failed nor cancelled."""

    def __init__(self, job_id: uuid.UUID, status: str) -> None:
        super().__init__(f"Job {job_id} is {status}; only a paused, failed or cancelled job can be resumed.")


class LeaseLost(HydrateAllError):
    """The worker's lease on a job is gone."""

    def __init__(self, job_id: uuid.UUID) -> None:
        super().__init__(f"Job {job_id} is no longer held by this worker; its result is discarded.")


class JobPaused(HydrateAllError):
    """The root is paused; the message says why, and what lets it go on."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)


class RootEnded(HydrateAllError):
    """The root was cancelled or paused, so its tasks have nothing to do."""

    def __init__(self, job_id: uuid.UUID, status: str) -> None:
        super().__init__(f"Job {job_id} is {status}: there is nothing to do.")


class NotOpened(HydrateAllError):
    """The run has no job to close."""

    def __init__(self) -> None:
        super().__init__("This run opened no job.", "The log of open_job says why.")


class ItemsMissing(HydrateAllError):
    """Some of the work failed for good; the message says which and why."""

    def __init__(self, what: str) -> None:
        super().__init__(what, "Correct the cause, then `hydrateall jobs resume JOB`.")


class StillOpen(Unavailable):
    """The root has open work, so it cannot be closed yet."""

    def __init__(self, job_id: uuid.UUID) -> None:
        super().__init__(f"Job {job_id} has work left; the reconciler takes it up again within minutes.")
