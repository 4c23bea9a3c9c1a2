"""The offline writer: sample content without a language model, for trying out, testing and teaching."""

from hydrateall.llm.offline.writer import OfflineWriter, write

__all__ = ["OfflineWriter", "write"]
