"""The Markdown optimizer: what a conversion broke is put together again, and what the printer added is taken away."""

from __future__ import annotations

from hydrateall.documents.optimizing.optimizer import Optimized, optimize

__all__ = ["Optimized", "optimize"]
