"""The `hydrateall` command."""

from hydrateall.cli.app import main

__all__ = ["main"]
