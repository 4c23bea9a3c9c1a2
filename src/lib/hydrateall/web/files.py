"""Files that come in and go out over HTTP: spooled to disk, and never handed to a browser as something that it runs."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import chain
from pathlib import Path
from typing import Any
from urllib.parse import quote

from fastapi import Response, UploadFile
from fastapi.responses import StreamingResponse

from hydrateall.web.problems import FileTooLarge

BYTES = "application/octet-stream"
TEXT = "text/plain; charset=utf-8"
JSON = "application/json"
SHOWN_AS = {"text/markdown": TEXT, "text/plain": TEXT, JSON: JSON}
# The `responses` of a route that answers with a file.
FILE: dict[int | str, dict[str, Any]] = {
    200: {
        "description": "The file.",
        "content": {
            BYTES: {"schema": {"type": "string", "format": "binary"}},
            "text/plain": {"schema": {"type": "string"}},
            JSON: {"schema": {}},
        },
    }
}


@contextmanager
def on_disk(file: UploadFile, *, most: int) -> Iterator[Path]:
    """An uploaded file under a path, until the block ends; raise FileTooLarge."""
    if file.size is None or file.size > most:
        raise FileTooLarge(most)
    with tempfile.NamedTemporaryFile(prefix="hydrateall-upload-") as kept:
        shutil.copyfileobj(file.file, kept)
        kept.flush()
        yield Path(kept.name)


def file_answer(name: str, content: bytes, mime_type: str, *, inline: bool) -> Response:
    """A file as a download, or to be looked at: as text or JSON if it is that, never as a page."""
    kind = SHOWN_AS.get(mime_type.split(";")[0], BYTES)
    return Response(content, headers=_disposition(name, inline=inline), media_type=kind)


def file_stream(name: str, pieces: Iterator[bytes]) -> Response:
    """A file as a download, piece by piece. The first is read at once: what cannot be read is told as a problem."""
    begun = chain([next(pieces, b"")], pieces)
    return StreamingResponse(begun, headers=_disposition(name, inline=False), media_type=BYTES)


def _disposition(name: str, *, inline: bool) -> dict[str, str]:
    """How the browser keeps a file: under its name, whatever signs that has."""
    return {"Content-Disposition": f"{'inline' if inline else 'attachment'}; filename*=utf-8''{quote(name, safe='')}"}
