"""Markdown as the product writes it: rendered to sanitised HTML, searched for what is unsafe, and counted."""

from hydrateall.core.markdown.figures import reading_minutes, word_count
from hydrateall.core.markdown.rendering import render, render_inline
from hydrateall.core.markdown.unsafe import unsafe_parts

__all__ = ["reading_minutes", "render", "render_inline", "unsafe_parts", "word_count"]
