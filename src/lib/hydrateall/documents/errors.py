"""The errors of documents.

DocumentError (422)         the file, or what was asked of it, cannot be used
├── UnknownDocument (404)
└── DocumentConflict (409)
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from hydrateall.core.errors import Conflict, HydrateAllError, NotFound, UsageError


class DocumentError(UsageError):
    """The file, or what was asked of it, cannot be used as it stands. Another try finds the same."""


class UnknownDocument(NotFound):
    """No document has this id."""

    def __init__(self, document_id: object) -> None:
        super().__init__(f"There is no document {document_id}.", "`hydrateall documents list` shows those there are.")


class DocumentConflict(Conflict):
    """The request contradicts what the document is doing or has done."""


class LeaseGone(DocumentConflict):
    """Another worker has the stage now, so this one's result is not written."""

    def __init__(self, stage: str) -> None:
        super().__init__(f"Another worker has taken over the stage {stage}; the result of this one is not kept.")


class StageUnknown(DocumentError):
    """No stage has this name."""

    def __init__(self, name: str, known: Sequence[str]) -> None:
        super().__init__(f"There is no stage {name!r}.", f"The stages are: {', '.join(known)}.", field="stages")


class NotOptional(DocumentError):
    """A stage that others need cannot be left out."""

    def __init__(self, stage: str, optional: Sequence[str]) -> None:
        super().__init__(
            f"The stage {stage} cannot be skipped: others stand on it.",
            f"Those that can: {', '.join(optional)}.",
            field="skip",
        )


class DocumentBusy(DocumentConflict):
    """A document that is being processed cannot be ordered to be."""

    def __init__(self, title: str) -> None:
        super().__init__(
            f"“{title}” is being processed.", "Wait until it is done, or pause it: `hydrateall documents pause`."
        )


class AlreadyThere(DocumentConflict):
    """The realm has this very file."""

    def __init__(self, source_name: str, realm: str, document_id: uuid.UUID, title: str) -> None:
        super().__init__(
            f"The realm {realm} has this very file already: {source_name} is “{title}” ({document_id}).",
            "Nothing was stored. To process it again: `hydrateall documents run DOCUMENT --force`.",
        )
        self.document_id = document_id


class DocumentsFailed(HydrateAllError):
    """Some documents of a run could not be processed; the others are."""

    def __init__(self, failed: Sequence[str], done: int, *, more: int = 0) -> None:
        number = len(failed) + max(more, 0)
        rest = f"; and {more} more" if more > 0 else ""
        super().__init__(
            f"{number} of {number + done} documents could not be processed: {'; '.join(failed)}{rest}.",
            "The others are done. `hydrateall documents show DOCUMENT` says why; correct it, then "
            "`hydrateall documents run DOCUMENT`.",
        )


class DocumentsLeft(HydrateAllError):
    """A portion of a run ended before its documents did."""

    retryable = False

    def __init__(self, titles: Sequence[str], number: int) -> None:
        super().__init__(
            f"{number} documents of this run are not done: {', '.join(titles)}.",
            "The log of their portion says why. Clear the portion, or wait: `dispatch_outbox` orders them again.",
        )


class RunNotOpened(HydrateAllError):
    """The first task of a run failed."""

    def __init__(self) -> None:
        super().__init__("The run was not opened, so nothing was processed.", "The log of `open_batch` says why.")


class StageBlocked(DocumentConflict):
    """A stage is asked for that cannot run, since what it stands on is not done."""

    def __init__(self, stage: str, title: str, needs: Sequence[str]) -> None:
        super().__init__(
            f"The stage {stage} of “{title}” cannot run before {' and '.join(needs)}.",
            "Leave out the stages, and all that is missing runs; or name those too.",
        )
        self.field = "stages"


class NothingToProcess(DocumentError):
    """An order names no document."""

    def __init__(self) -> None:
        super().__init__("No document is named.", "Name at least one: `hydrateall documents list` shows them.")


class TooManyDocuments(DocumentError):
    """An order is too large for one run."""

    def __init__(self, asked: int, most: int) -> None:
        super().__init__(
            f"{asked} documents are too many for one run.",
            f"Order at most {most} at a time, or raise HYDRATEALL_DOCUMENTS_A_RUN.",
            field="documents",
        )


class OutputMissing(NotFound):
    """A stage has no such output."""

    def __init__(self, which: object) -> None:
        super().__init__(
            f"There is no output {which} of this document.", "`hydrateall documents show` lists those there are."
        )


class NothingSearchable(DocumentError):
    """A realm holds nothing that could ground content in this language."""

    def __init__(self, realm: str, language: str, documents: int, realms: Sequence[str]) -> None:
        if documents:
            told = f"The realm {realm} holds {documents} documents, but none in {language!r} is searchable yet."
            remedy = f"`hydrateall documents list --realm {realm}` shows how far they are."
        else:
            told = f"There is no realm {realm!r}."
            known = f"Those there are: {', '.join(realms)}." if realms else "There is none yet."
            remedy = f"{known} `hydrateall documents add FILE --realm {realm}` makes it."
        super().__init__(told, remedy, field="ground")
