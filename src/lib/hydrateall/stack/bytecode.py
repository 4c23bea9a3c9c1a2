"""Compiles Airflow once, before its processes do it each for itself.

Compiling on import costs every new Airflow process 3 to 5 s of a core until the files are there; all at once it
takes 4 s. Installers and container images often skip it.
"""

from __future__ import annotations

import importlib.util
import os
import subprocess
import sys
from pathlib import Path

PACKAGES = (
    "airflow", "alembic", "cadwyn", "fastapi", "jinja2", "libcst", "pendulum", "psycopg", "pydantic", "rich",
    "sqlalchemy", "starlette", "structlog", "uvicorn",
)  # fmt: skip


def start_compiling() -> subprocess.Popen[bytes] | None:
    """Start the compiler; None when it has been done or the packages' folder is read-only."""
    folders = [folder for name in PACKAGES if (folder := _folder(name))]
    if not folders or _is_compiled(folders[0]) or not os.access(folders[0], os.W_OK):
        return None
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    command = [sys.executable, "-m", "compileall", "-q", "-j", "0", *map(str, folders)]
    quiet = subprocess.DEVNULL
    return subprocess.Popen(command, env=environment, stdin=quiet, stdout=quiet, stderr=quiet)


def _folder(package: str) -> Path | None:
    spec = importlib.util.find_spec(package)
    return Path(spec.origin).parent if spec and spec.origin else None


def _is_compiled(folder: Path) -> bool:
    return Path(importlib.util.cache_from_source(str(folder / "__init__.py"))).exists()
