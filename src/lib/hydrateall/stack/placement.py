"""Where the embedded server keeps its files, given who runs it and how long a socket's path may be.

The server's home belongs to us and lets only us and the server's account in, so the trust that PostgreSQL gives
to whoever reaches its socket is given to nobody else.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path

from hydrateall.stack.account import Account
from hydrateall.stack.errors import DatabaseUnavailable

SOCKET_NAME = ".s.PGSQL.5432"
SOCKET_PATH_BYTES = 103  # Linux allows 107, macOS 103


@dataclass(frozen=True)
class Placement:
    """The folders of one embedded server."""

    home: Path
    socket_home: Path

    @property
    def data(self) -> Path:
        return self.home / "data"

    @property
    def log(self) -> Path:
        return self.home / "postgres.log"

    @property
    def sockets(self) -> Path:
        return self.socket_home / "s"

    @property
    def tag(self) -> str:
        """A name of this server alone; its processes carry it in their titles."""
        return f"hydrateall-{_short_hash(self.data)}"


def place(directory: Path, account: Account | None) -> Placement:
    """Choose the folders for a server whose files were asked to be in `directory`.

    A root that drops to `nobody` cannot use a folder below one of mode 0700 (below /root, for one). The files then
    go to a sibling place, which is written to `directory/location` and used ever after.
    """
    directory = directory.absolute()
    home = _remembered(directory) or directory
    if home == directory and account and not account.reaches(directory):
        home = _elsewhere(directory)
    return Placement(home, _socket_home(home))


def make_folder(path: Path, account: Account | None) -> None:
    """Create a folder for us and the server's account only; refuse one that another user has prepared."""
    path.mkdir(parents=True, exist_ok=True, mode=0o700)
    found = path.lstat()
    if path.is_symlink() or found.st_uid != os.geteuid():
        raise DatabaseUnavailable(
            f"The folder {path} is needed for PostgreSQL, but belongs to another user.",
            "Remove it, or set HYDRATEALL_STATE_DIR to a folder of yours.",
        )
    if account:
        os.chown(path, -1, account.gid)
    path.chmod(0o710 if account else 0o700)


def give_folder(path: Path, account: Account | None) -> None:
    """Create a folder inside one of `make_folder` and hand it to the server's account."""
    path.mkdir(exist_ok=True, mode=0o700)
    path.chmod(0o700)
    if account:
        os.chown(path, account.uid, account.gid)


def remember(directory: Path, placement: Placement) -> None:
    """Note in `directory` that the server's files are elsewhere."""
    if placement.home != directory.absolute():
        (directory / "location").write_text(f"{placement.home}\n")


def _remembered(directory: Path) -> Path | None:
    try:
        return Path((directory / "location").read_text().strip())
    except FileNotFoundError:
        return None


def _elsewhere(directory: Path) -> Path:
    """Stay in the temp folder with what is temporary; otherwise use a place that no cleaner empties."""
    temporary = Path(tempfile.gettempdir())
    if directory.resolve().is_relative_to(temporary.resolve()):
        parent = temporary
    else:
        parent = next((p for p in (Path("/var/lib"), Path("/var/tmp")) if os.access(p, os.W_OK)), temporary)
    return parent / f"hydrateall-{_short_hash(directory)}"


def _socket_home(home: Path) -> Path:
    if len(os.fsencode(home / "s" / SOCKET_NAME)) <= SOCKET_PATH_BYTES:
        return home
    return Path("/tmp") / f"hydrateall-{_short_hash(home)}-s"


def _short_hash(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]
