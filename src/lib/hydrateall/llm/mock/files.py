"""The files of the batch endpoint, in memory."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

from hydrateall.llm.mock.wire import WireError, new_id


@dataclass(frozen=True, slots=True)
class StoredFile:
    """One file, uploaded or written by a batch."""

    id: str
    filename: str
    purpose: str
    content: bytes
    created_at: float

    def wire(self) -> dict[str, Any]:
        """The file object; it does not hold the content."""
        return {
            "id": self.id,
            "object": "file",
            "bytes": len(self.content),
            "created_at": int(self.created_at),
            "expires_at": None,
            "filename": self.filename,
            "purpose": self.purpose,
            "status": "processed",
            "status_details": None,
        }


@dataclass
class Files:
    """Files by id."""

    stored: dict[str, StoredFile] = field(default_factory=dict)

    def add(self, content: bytes, *, filename: str, purpose: str, now: float) -> StoredFile:
        """Keep a file."""
        kept = StoredFile(new_id("file-"), filename, purpose, content, now)
        self.stored[kept.id] = kept
        return kept

    def find(self, id: str) -> StoredFile:
        """The file with this id; raise WireError 404."""
        if id not in self.stored:
            raise WireError(404, f"No such File object: {id}", param="id")
        return self.stored[id]

    def remove(self, id: str) -> dict[str, Any]:
        """Forget a file; raise WireError 404."""
        del self.stored[self.find(id).id]
        return {"id": id, "object": "file", "deleted": True}
