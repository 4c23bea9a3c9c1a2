"""Airflow's environment, in one place, and the initialisation of its database."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib.metadata import version
from pathlib import Path

import psycopg
from pydantic import BaseModel

import hydrateall
from hydrateall.core.paths import HOME
from hydrateall.core.settings import Settings
from hydrateall.stack.credentials import Credentials, metrics_token, write_private
from hydrateall.stack.databases import Databases
from hydrateall.stack.errors import StackUnavailable
from hydrateall.stack.ports import api_address

# Set in the environment of every process of a stack, so that `down` finds each of them, whatever it did since.
MARKER = "HYDRATEALL_STACK"
DAY_SECONDS = 86_400


def airflow_environment(
    settings: Settings, credentials: Credentials, databases: Databases, port: int
) -> dict[str, str]:
    """Return every variable that the processes of a local stack need, ours and Airflow's."""
    home = settings.state_dir.absolute() / "airflow"
    url = settings.airflow_url.rstrip("/")
    return {
        MARKER: str(settings.state_dir.absolute()),
        "SPT_NOENV": "1",  # process titles must not overwrite the environment, which carries the marker
        "AIRFLOW_HOME": str(home),
        "NO_COLOR": "1",
        "PYTHONPATH": _python_path(),
        "HYDRATEALL_HOME": str(HOME),
        "HYDRATEALL_STATE_DIR": str(settings.state_dir.absolute()),
        "HYDRATEALL_DATABASE_URL": databases.content,
        "HYDRATEALL_AIRFLOW_DATABASE_URL": databases.airflow,
        "HYDRATEALL_AIRFLOW_URL": url,
        "HYDRATEALL_AIRFLOW_USERNAME": settings.airflow_username,
        "HYDRATEALL_AIRFLOW_PASSWORD": credentials.airflow_password,
        "HYDRATEALL_METRICS_TOKEN": metrics_token(settings, credentials),
        # Written out, so that a default and the same value in the shell are no change that restarts Airflow.
        "HYDRATEALL_MODEL_PROVIDER": settings.model_provider,
        "HYDRATEALL_MOCK_URL": settings.mock_url,
        **{f"AIRFLOW__{name}": value for name, value in _core(settings, credentials, home).items()},
        **{f"AIRFLOW__{name}": value for name, value in _services(settings, credentials, databases, port).items()},
        **{f"AIRFLOW__{name}": value for name, value in _pace().items()},
    }


def process_environment(variables: dict[str, str]) -> dict[str, str]:
    """Return our own environment with `variables` on top, less what would slow or redirect Airflow's processes."""
    kept = {name: value for name, value in os.environ.items() if not name.startswith("PG")}
    kept.pop("PYTHONDONTWRITEBYTECODE", None)  # compiling Airflow anew costs each process 3 s
    local = [part for part in (kept.get("NO_PROXY", ""), "127.0.0.1", "localhost") if part]
    kept["PATH"] = os.pathsep.join([str(Path(sys.executable).parent), kept.get("PATH", os.defpath)])
    return kept | {"NO_PROXY": ",".join(local), "no_proxy": ",".join(local)} | variables


def airflow_command(*arguments: str) -> list[str]:
    """Return the command line of an `airflow` subcommand of this virtual environment."""
    return [sys.executable, "-m", "airflow", *arguments]


class MigrationStamp(BaseModel):
    """The revision that a version of Airflow left its database at."""

    airflow_version: str
    revision: str


def migration_stamp_path(state_dir: Path) -> Path:
    """Return the file that exists while the database is migrated; the components wait for it."""
    return state_dir / "airflow" / "migrated.json"


def migrate_airflow(state_dir: Path, url: str, environment: dict[str, str]) -> None:
    """Bring Airflow's database to this version's schema; costs nothing when the stamp says it is."""
    if airflow_schema_is_current(state_dir, url):
        return
    path = migration_stamp_path(state_dir)
    path.unlink(missing_ok=True)
    done = subprocess.run(
        airflow_command("db", "migrate"), env=environment, capture_output=True, text=True, check=False
    )
    (state_dir / "logs").mkdir(parents=True, exist_ok=True)
    log = state_dir / "logs" / "airflow-migrate.log"
    log.write_text(done.stdout + done.stderr)
    after = _revision(url)
    if done.returncode or not after:
        raise StackUnavailable("Airflow's database could not be migrated.", f"The reason is in {log}.")
    stamp = MigrationStamp(airflow_version=version("apache-airflow-core"), revision=after)
    write_private(path, stamp.model_dump_json())


def airflow_schema_is_current(state_dir: Path, url: str) -> bool:
    """Tell whether the database has the revision that this version of Airflow left."""
    stamp = _stamp(migration_stamp_path(state_dir))
    if stamp is None or stamp.airflow_version != version("apache-airflow-core"):
        return False
    return stamp.revision == _revision(url)


def _core(settings: Settings, credentials: Credentials, home: Path) -> dict[str, str]:
    logs = settings.state_dir.absolute() / "logs"
    return {
        "CORE__DAGS_FOLDER": str(settings.airflow_dags_dir.absolute()),
        "CORE__PLUGINS_FOLDER": str(HOME / "plugins"),
        "CORE__LOAD_EXAMPLES": "False",
        "CORE__EXECUTOR": "LocalExecutor",
        "CORE__PARALLELISM": str(settings.airflow_parallelism),
        "CORE__MAX_ACTIVE_TASKS_PER_DAG": str(max(16, settings.airflow_parallelism)),
        "CORE__DAGS_ARE_PAUSED_AT_CREATION": "False",
        "CORE__HOSTNAME_CALLABLE": "socket.gethostname",  # the default asks DNS, which may be slow or absent
        "CORE__FERNET_KEY": credentials.fernet_key,
        "CORE__SIMPLE_AUTH_MANAGER_USERS": f"{settings.airflow_username}:admin",
        "CORE__SIMPLE_AUTH_MANAGER_PASSWORDS_FILE": str(home / "passwords.json"),
        "CORE__MIN_SERIALIZED_DAG_UPDATE_INTERVAL": "5",
        "LOGGING__BASE_LOG_FOLDER": str(logs / "tasks"),
        "LOGGING__DAG_PROCESSOR_CHILD_PROCESS_LOG_DIRECTORY": str(logs / "dag_processor"),
        "LOGGING__COLORED_CONSOLE_LOG": "False",
    }


def _services(settings: Settings, credentials: Credentials, databases: Databases, port: int) -> dict[str, str]:
    url = settings.airflow_url.rstrip("/")
    return {
        "CORE__EXECUTION_API_SERVER_URL": f"{url}/execution/",
        "DATABASE__SQL_ALCHEMY_CONN": databases.airflow,
        "DATABASE__SQL_ALCHEMY_CONN_ASYNC": databases.airflow,
        "DATABASE__CHECK_MIGRATIONS": "False",  # the launcher migrates before it starts anything
        "API__BASE_URL": url,
        "API__HOST": api_address(settings)[0],
        "API__PORT": str(port),
        "API__WORKERS": "1",
        "API__SECRET_KEY": credentials.api_secret_key,
        "API__INSTANCE_NAME": "HydrateAll",
        "API__EXPOSE_CONFIG": "False",
        "API_AUTH__JWT_SECRET": credentials.jwt_secret,
        "EXECUTION_API__JWT_EXPIRATION_TIME": str(DAY_SECONDS),  # longer than the longest task
    }


def _pace() -> dict[str, str]:
    """How fast Airflow notices things; its defaults suit a cluster, not one machine."""
    return {
        "SCHEDULER__SCHEDULER_IDLE_SLEEP_TIME": "0.2",
        # On few cores, twelve processes that start at once are all late; two at a time, the first wait for the model
        # while the next start.
        "SCHEDULER__MAX_TIS_PER_QUERY": "2",
        "SCHEDULER__SCHEDULER_HEARTBEAT_SEC": "2",
        "SCHEDULER__JOB_HEARTBEAT_SEC": "2",
        "SCHEDULER__SCHEDULER_HEALTH_CHECK_THRESHOLD": "15",
        "SCHEDULER__ORPHANED_TASKS_CHECK_INTERVAL": "20",
        "SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT": "30",
        "SCHEDULER__TASK_INSTANCE_HEARTBEAT_TIMEOUT_DETECTION_INTERVAL": "5",
        "WORKERS__MIN_HEARTBEAT_INTERVAL": "5",
        "WORKERS__MAX_FAILED_HEARTBEATS": "10",  # a task outlives a restart of the API server
        "WORKERS__EXECUTION_API_RETRIES": "8",
        "WORKERS__EXECUTION_API_RETRY_WAIT_MAX": "10",
        "DAG_PROCESSOR__REFRESH_INTERVAL": "10",
        "DAG_PROCESSOR__BUNDLE_REFRESH_CHECK_INTERVAL": "2",
        "DAG_PROCESSOR__MIN_FILE_PROCESS_INTERVAL": "30",
        "DAG_PROCESSOR__PRINT_STATS_INTERVAL": "300",
        "DAG_PROCESSOR__DAG_VERSION_INFLATION_CHECK_LEVEL": "error",
    }


def _python_path() -> str:
    """Return what lets another interpreter find this package, installed or in a checkout."""
    source = str(Path(hydrateall.__file__).parents[1])
    inherited = os.environ.get("PYTHONPATH", "")
    return source if not inherited or inherited == source else os.pathsep.join([source, inherited])


def _revision(url: str) -> str | None:
    with psycopg.connect(url.replace("postgresql+psycopg://", "postgresql://", 1), connect_timeout=10) as connection:
        exists = connection.execute("SELECT to_regclass('alembic_version')").fetchone()
        if not exists or exists[0] is None:
            return None
        row = connection.execute("SELECT version_num FROM alembic_version").fetchone()
        return str(row[0]) if row else None


def _stamp(path: Path) -> MigrationStamp | None:
    try:
        return MigrationStamp.model_validate_json(path.read_text())
    except (FileNotFoundError, ValueError):
        return None
