"""Who runs the database server: ourselves, or `nobody` when we are root (PostgreSQL refuses root)."""

from __future__ import annotations

import os
import pwd
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from hydrateall.stack.errors import DatabaseUnavailable

# A group number that nobody is a member of. Other programs also run as `nobody`; they lack this group, so
# folders of mode 0710 that belong to it keep them away from data and socket.
PRIVATE_GROUP = 60600


@dataclass(frozen=True)
class Account:
    """An unprivileged account to run a program as."""

    uid: int
    gid: int

    def run_options(self) -> dict[str, Any]:
        """Return the keywords that make `subprocess` run as this account, and with none of our groups."""
        return {"user": self.uid, "group": self.gid, "extra_groups": []}

    def reaches(self, path: Path) -> bool:
        """Tell whether every folder above `path` lets this account through."""
        return all(self._traverses(parent) for parent in path.absolute().parents)

    def reads(self, path: Path) -> bool:
        """Tell whether this account can reach and read `path`."""
        return self.reaches(path) and bool(self._bits(path) & stat.S_IROTH)

    def _traverses(self, folder: Path) -> bool:
        return not folder.exists() or bool(self._bits(folder) & stat.S_IXOTH)

    def _bits(self, path: Path) -> int:
        """Return the mode bits that apply to this account, shifted to the place of the others' bits."""
        found = path.stat()
        if found.st_uid == self.uid:
            return found.st_mode >> 6
        return found.st_mode >> 3 if found.st_gid == self.gid else found.st_mode


def server_account(user: str = "nobody") -> Account | None:
    """Return the account to drop to, or None when we are not root and run the server ourselves."""
    if os.geteuid() != 0:
        return None
    try:
        return Account(pwd.getpwnam(user).pw_uid, PRIVATE_GROUP)
    except KeyError:
        raise DatabaseUnavailable(
            f"PostgreSQL refuses to run as root, and this system has no user {user!r} to run it as.",
            "Run as an ordinary user, or set HYDRATEALL_DATABASE_URL to a PostgreSQL server of yours.",
        ) from None
