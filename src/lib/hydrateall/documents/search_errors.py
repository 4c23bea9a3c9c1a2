"""What keeps a document from being ingested, or a question from being searched.

Conflict (409)
├── DocumentConflict
│   ├── DocumentReplaced
│   ├── OutputsDisagree
│   └── VectorsMissing
└── NothingIngested
    └── OtherEmbeddings
NotFound (404)
└── UnknownRealm
DocumentError (422)
└── NothingAsked
"""

from __future__ import annotations

import uuid
from collections.abc import Sequence

from hydrateall.core.errors import Conflict, NotFound
from hydrateall.documents.errors import DocumentConflict, DocumentError

RUN_AGAIN = "Run its stages again: `hydrateall documents run DOCUMENT`."


class DocumentReplaced(DocumentConflict):
    """The document's file was replaced while the stages worked on the one before."""

    def __init__(self, document_id: uuid.UUID) -> None:
        super().__init__(f"Document {document_id} was replaced by another file meanwhile.", RUN_AGAIN)


class OutputsDisagree(DocumentConflict):
    """The outputs of two stages were not made from each other."""

    def __init__(self, output: str, source: str) -> None:
        super().__init__(f"The {output} were not made from these {source}.", RUN_AGAIN)


class VectorsMissing(DocumentConflict):
    """Some chunks came without a vector, and have none that could be kept."""

    def __init__(self, missing: Sequence[int], model: str) -> None:
        first = ", ".join(str(ordinal) for ordinal in missing[:5])
        super().__init__(
            f"{len(missing)} chunks have no vector of {model} (the first are {first}).",
            "Its rows changed meanwhile. Run the ingestor again: `hydrateall documents run DOCUMENT --stage ingestor`.",
        )


class UnknownRealm(NotFound):
    """No document belongs to this realm."""

    def __init__(self, realm: str, known: Sequence[str]) -> None:
        there = f"There are {', '.join(known)}. " if known else "There is none yet. "
        super().__init__(
            f"There is no realm {realm}.", f"{there}`hydrateall documents add PATH --realm {realm}` begins it."
        )


class NothingIngested(Conflict):
    """The realm has documents, but none is ingested, or none in this language."""

    def __init__(self, realm: str, language: str | None, *, documents: int, languages: Sequence[str]) -> None:
        if language and languages:
            super().__init__(
                f"The realm {realm} has nothing searchable in the language {language} yet.",
                f"It has {', '.join(languages)}; search without a language, or add documents in {language}.",
            )
        else:
            super().__init__(
                f"The realm {realm} has nothing searchable yet: of its {documents} documents none is ingested.",
                f"`hydrateall documents list --realm {realm}` shows how far they are; "
                "`hydrateall documents run DOCUMENT` runs what waits.",
            )


class OtherEmbeddings(NothingIngested):
    """The realm's vectors are those of another model."""

    def __init__(self, realm: str, model: str, *, found: Sequence[str]) -> None:
        there = f"carries vectors of {', '.join(found)}" if found else "carries no vectors"
        Conflict.__init__(
            self,
            f"The realm {realm} {there}, none of {model}.",
            "Run the ingestor of its documents again with this embedding model, or search by text.",
        )


class NothingAsked(DocumentError):
    """The question has no word that could be searched for."""

    def __init__(self) -> None:
        super().__init__("The question has no word to search for.", "Ask with a word or two of the topic itself.")
