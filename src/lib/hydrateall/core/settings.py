"""Every setting, read once at the edge from `HYDRATEALL_*` variables, with its default."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Literal

from pydantic import Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from hydrateall.core.errors import UsageError
from hydrateall.core.paths import HOME


class Settings(BaseSettings):
    """The settings of one process. Durations are seconds, money is USD."""

    model_config = SettingsConfigDict(env_prefix="HYDRATEALL_", extra="ignore")

    state_dir: Path = Field(HOME / ".hydrateall", description="data, logs, secrets of the local stack")
    database_url: str | None = Field(None, description="content database; empty: the embedded server")
    airflow_database_url: str | None = Field(None, description="Airflow's database; empty: the embedded one")

    airflow_url: str = Field("http://127.0.0.1:8080", description="base URL of Airflow's API server")
    airflow_username: str = "admin"
    airflow_password: SecretStr = SecretStr("")
    airflow_timeout_seconds: float = Field(10.0, gt=0)
    airflow_dags_dir: Path = Field(HOME / "dags", description="folder of the DAG files")
    airflow_parallelism: int = Field(8, ge=1, description="task processes of the local stack at once")
    airflow_start_seconds: float = Field(120.0, gt=0, description="how long `up` waits for Airflow")

    model_provider: Literal["offline", "openai"] = "offline"
    openai_api_key: SecretStr = SecretStr("")
    openai_base_url: str | None = None
    openai_model: str = "gpt-5-mini"
    openai_timeout_seconds: float = Field(120.0, gt=0)
    temperature: float = Field(0.2, ge=0, le=0.3)

    offline_latency_seconds: float = Field(0.0, ge=0, description="pause of the offline writer per call")
    offline_failure_rate: float = Field(0.0, ge=0, le=1, description="share of calls that raise")
    offline_flaw_rate: float = Field(0.0, ge=0, le=1, description="share of calls with an invalid item")

    max_in_flight: int = Field(32, ge=1, description="model calls in flight over all tasks of a root job")
    lease_seconds: float = Field(60.0, gt=0)
    heartbeat_seconds: float = Field(2.0, gt=0)
    poll_seconds: float = Field(0.1, gt=0, description="pause of a worker that found nothing to claim")
    max_retries: int = Field(3, ge=1, description="attempts a job has")
    max_lost_leases: int = Field(10, ge=1, description="vanished workers a job survives")
    outage_seconds: float = Field(60.0, ge=0, description="how long a worker waits for a lost database")
    outbox_batch: int = Field(50, ge=1)
    outbox_lease_seconds: float = Field(60.0, gt=0)

    easy_questions: int = Field(5, ge=0, le=50)
    medium_questions: int = Field(3, ge=0, le=50)
    hard_questions: int = Field(2, ge=0, le=50)
    default_chapters: int = Field(12, ge=1, le=60, description="chapters asked for without an outline")
    default_topics: int = Field(5, ge=1, le=20, description="topics a chapter without an outline")
    max_cost_usd: Decimal = Field(Decimal("50"), gt=0, description="budget of a job that names none")


def load_settings() -> Settings:
    """Read the environment; raise UsageError that names the variable at fault."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "HYDRATEALL_" + "_".join(str(part) for part in first["loc"]).upper()
        raise UsageError(f"The setting {name} is not usable: {first['msg']}.", f"Correct or unset {name}.") from None
