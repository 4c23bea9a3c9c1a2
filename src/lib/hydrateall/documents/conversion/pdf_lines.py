"""Pieces of lines put together: fractions, exponents and cells that PDFium gives one by one."""

from __future__ import annotations

from hydrateall.documents.conversion.pdf_words import Line, Word

SAME_HEIGHT = 0.75  # of the larger size: lines of text are at least one size apart
CELL_GAP = 1.2  # of the size: words of a justified line stay closer
MOST_WORDS = 2_000


def whole_lines(pieces: list[Line]) -> list[Line]:
    """Neighbours in the stream that stand side by side become one line."""
    lines: list[Line] = []
    for piece in pieces:
        if lines and _goes_on(lines[-1], piece):
            lines[-1] = Line([*lines[-1].words, *piece.words]).measured()
        else:
            lines.append(piece)
    return lines


def _goes_on(line: Line, piece: Line) -> bool:
    size = max(line.size, piece.size)
    near = abs(line.y - piece.y) < SAME_HEIGHT * size and len(line.words) < MOST_WORDS
    return near and piece.left >= line.right - 1.5 * size and piece.left > line.left


def cells(line: Line) -> list[list[Word]]:
    """The line's words, parted where a gap is too wide for a space."""
    parts, gap, edge = [[line.words[0]]], CELL_GAP * max(line.size, 1), line.words[0].right
    for word in line.words[1:]:
        if word.left - edge > gap:
            parts.append([])
        parts[-1].append(word)
        edge = word.right
    return parts
