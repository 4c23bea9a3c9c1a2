"""The chunker: a text becomes pieces within a token budget that together are the text, character for character."""

from __future__ import annotations

from hydrateall.documents.chunking.splitting import rebuild, searched_text, split
from hydrateall.documents.chunking.tokens import tokens_of

__all__ = ["rebuild", "searched_text", "split", "tokens_of"]
