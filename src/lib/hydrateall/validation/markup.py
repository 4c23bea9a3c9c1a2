"""Markup that rendering would take out: raw HTML, scripts, links that run something, images from elsewhere."""

from __future__ import annotations

from collections.abc import Iterator

from hydrateall.core.markdown import unsafe_parts
from hydrateall.validation.schemas import Finding, NoteItem, QuestionItem


def safe_markup(item: QuestionItem | NoteItem) -> Iterator[Finding]:
    """Find what a page does not show: the reader would miss it, or it is an attack."""
    for field, text in item.texts:
        if parts := unsafe_parts(text):
            yield Finding("UNSAFE_MARKUP", field, f"holds {', '.join(parts)}; write Markdown and LaTeX only.")
