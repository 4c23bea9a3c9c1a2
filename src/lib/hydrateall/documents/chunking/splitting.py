"""Split a text along its headings into chunks within a budget; give it back from them."""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable
from hashlib import sha256

from hydrateall.documents.chunking.boundaries import Boundaries
from hydrateall.documents.chunking.outline import NO_CONTENT, PAGE_LINE, Outline, is_blank, outline_of
from hydrateall.documents.chunking.packing import Span, pack
from hydrateall.documents.chunking.tokens import WEIGHT_OF_TOKEN
from hydrateall.documents.errors import DocumentError
from hydrateall.documents.schemas import Chunk, ChunkSet

LEAST_TOKENS = 16
"""Below this a page marker would not fit into a chunk."""
MARKER_LINE = re.compile(rf"^{PAGE_LINE}\n?", re.MULTILINE)


def split(markdown: str, *, most_tokens: int, overlap_tokens: int) -> ChunkSet:
    """Split a text into chunks whose texts together are the text. The same text and limits give the same chunks.

    No chunk has more than `most_tokens`, the repeated end of the chunk before it (at most `overlap_tokens`) included;
    a chunk that begins with its section repeats nothing. DocumentError: limits that cannot be held, or broken text.
    """
    _check_limits(most_tokens, overlap_tokens)
    source = _encoded(markdown)
    outline = outline_of(markdown)
    boundaries = Boundaries(markdown, outline)
    spans = pack(outline, boundaries, most=most_tokens * WEIGHT_OF_TOKEN, overlap=overlap_tokens * WEIGHT_OF_TOKEN)
    writer = _Writer(source, outline, boundaries, most_tokens, overlap_tokens)
    chunks = [writer.chunk(ordinal, span) for ordinal, span in enumerate(spans)]
    return ChunkSet(source_checksum=sha256(source).hexdigest(), chunks=chunks)


def rebuild(chunks: Iterable[Chunk]) -> str:
    """The text that the chunks were split from."""
    return "".join(chunk.text for chunk in sorted(chunks, key=lambda chunk: chunk.ordinal))


def searched_text(source: str, chunk: Chunk) -> str:
    """What is embedded and searched for a chunk: its text with the overlap before it, without page markers."""
    return MARKER_LINE.sub("", source[chunk.overlap_start : chunk.end])


class _Writer:
    """Writes the spans of one text down as chunks, one after the other."""

    def __init__(self, source: bytes, outline: Outline, boundaries: Boundaries, most: int, overlap: int) -> None:
        self.source, self.outline, self.boundaries = source, outline, boundaries
        self.text, self.most, self.overlap = boundaries.text, most, overlap
        self.written = 0  # bytes

    def chunk(self, ordinal: int, span: Span) -> Chunk:
        start, end, weight, path, section = span
        begun, self.written = self.written, self.written + weight - (end - start)  # a weight is characters and bytes
        tokens = -(-weight // WEIGHT_OF_TOKEN)
        first, last = self._pages(start, end)
        return Chunk.model_validate(
            {
                "ordinal": ordinal,
                "start": start,
                "end": end,
                "overlapStart": start if section == start else self._overlap_start(section, start, tokens),
                "text": self.text[start:end],
                "headingPath": path,
                "pageFrom": first,
                "pageTo": last,
                "tokens": tokens,
                "checksum": sha256(self.source[begun : self.written]).hexdigest(),
            }
        )

    def _overlap_start(self, section: int, start: int, tokens: int) -> int:
        room = min(self.overlap, self.most - tokens) * WEIGHT_OF_TOKEN
        return self.boundaries.overlap(section, start, room) if room > 0 else start

    def _pages(self, start: int, end: int) -> tuple[int | None, int | None]:
        """The pages of the first and of the last word of a span."""
        outline = self.outline
        before = bisect_left(outline.marker_starts, start)
        within = bisect_left(outline.marker_starts, end, before)
        if before == within:
            page = outline.pages[before - 1] if before else None
            return page, page
        blank = NO_CONTENT.match(self.text, start, end)
        content = blank.end() if blank else start
        if content >= end:
            return outline.pages[within - 1], outline.pages[within - 1]
        while within > before and is_blank(self.text, outline.marker_ends[within - 1], end):
            within -= 1
            end = outline.marker_starts[within]
        return outline.page_at(content), outline.pages[within - 1] if within else None


def _check_limits(most_tokens: int, overlap_tokens: int) -> None:
    if most_tokens < LEAST_TOKENS or not 0 <= overlap_tokens <= most_tokens // 2:
        raise DocumentError(
            f"Chunks of at most {most_tokens} tokens that overlap by {overlap_tokens} cannot be made.",
            f"Allow at least {LEAST_TOKENS} tokens, and an overlap of at most half of them.",
        )


def _encoded(markdown: str) -> bytes:
    try:
        return markdown.encode()
    except UnicodeEncodeError as error:
        raise DocumentError(
            f"The text is broken at character {error.start:,}: half of a character stands there.",
            "Save the document as UTF-8 and add it again.",
        ) from error
