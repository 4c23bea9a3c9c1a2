"""From a file to Markdown: checks at upload, conversion, and a process of its own for what is hostile."""

from hydrateall.documents.conversion.converting import convert
from hydrateall.documents.conversion.inspection import inspect
from hydrateall.documents.conversion.limits import Conversion, FileFacts, Limits
from hydrateall.documents.conversion.names import safe_name
from hydrateall.documents.conversion.sandbox import Sandbox

__all__ = ["Conversion", "FileFacts", "Limits", "Sandbox", "convert", "inspect", "safe_name"]
