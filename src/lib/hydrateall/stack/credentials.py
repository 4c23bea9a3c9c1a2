"""The secrets of one local stack: made once, kept over restarts, readable by their owner only."""

from __future__ import annotations

import base64
import json
import os
import secrets
from pathlib import Path

from pydantic import BaseModel

from hydrateall.core.settings import Settings
from hydrateall.stack.errors import StackUnavailable

FILE_NAME = "secrets.json"


class Credentials(BaseModel):
    """What Airflow's processes must share. The signing secret is longer than SHA-512's 64 bytes."""

    airflow_password: str
    jwt_secret: str
    fernet_key: str
    api_secret_key: str
    metrics_token: str = ""


def load_credentials(settings: Settings) -> Credentials:
    """Read the stack's secrets, or make them. A password from the settings wins over a made one."""
    path = settings.state_dir / FILE_NAME
    found = _read(path)
    if found is None:
        found = _generate()
        write_private(path, found.model_dump_json(indent=2))
    if not found.metrics_token:  # a stack that was made before there were metrics
        found = found.model_copy(update={"metrics_token": secrets.token_urlsafe(32)})
        write_private(path, found.model_dump_json(indent=2))
    chosen = settings.airflow_password.get_secret_value()
    return found.model_copy(update={"airflow_password": chosen}) if chosen else found


def are_lost(settings: Settings) -> bool:
    """Tell whether a stack that ran before has lost its secrets: Airflow cannot decrypt its connections any more."""
    ran_before = (settings.state_dir / "airflow" / "migrated.json").exists()
    return ran_before and not (settings.state_dir / FILE_NAME).exists()


def airflow_login(settings: Settings) -> tuple[str, str]:
    """Return user and password for Airflow's API: the configured ones, or the local stack's."""
    chosen = settings.airflow_password.get_secret_value()
    return settings.airflow_username, chosen or load_credentials(settings).airflow_password


def metrics_token(settings: Settings, credentials: Credentials) -> str:
    """Return what Prometheus shows to read the metrics: the configured token, or the local stack's."""
    return settings.metrics_token.get_secret_value() or credentials.metrics_token


def write_metrics_token(path: Path, token: str) -> None:
    """Write the file that Prometheus reads the token from (`credentials_file`)."""
    if not path.exists() or path.read_text() != token:
        write_private(path, token)


def write_password_file(path: Path, username: str, password: str) -> None:
    """Write the file that Airflow's SimpleAuthManager checks passwords against."""
    text = json.dumps({username: password}) + "\n"
    if not path.exists() or path.read_text() != text:
        write_private(path, text)


def write_private(path: Path, text: str) -> None:
    """Replace a file in one step; nobody but its owner can read it at any moment."""
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.{os.getpid()}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "w") as file:
        file.write(text)
    unfinished.replace(path)


def _read(path: Path) -> Credentials | None:
    try:
        return Credentials.model_validate_json(path.read_text())
    except FileNotFoundError:
        return None
    except ValueError:
        raise StackUnavailable(
            f"The stack's secrets in {path} are damaged.",
            "Restore the file, or delete it: `hydrateall up` then makes new ones, and Airflow's database anew.",
        ) from None


def _generate() -> Credentials:
    return Credentials(
        airflow_password=secrets.token_urlsafe(12),
        jwt_secret=secrets.token_urlsafe(72),
        fernet_key=base64.urlsafe_b64encode(secrets.token_bytes(32)).decode(),
        api_secret_key=secrets.token_urlsafe(32),
        metrics_token=secrets.token_urlsafe(32),
    )
