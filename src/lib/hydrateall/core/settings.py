"""Every setting, read once at the edge from `HYDRATEALL_*` variables, with its default."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, SecretStr, ValidationError
from pydantic_settings import BaseSettings, SettingsConfigDict

from hydrateall.core.errors import UsageError
from hydrateall.core.paths import HOME


class ModelRoute(BaseModel):
    """What one purpose uses instead of the general settings; empty fields keep those."""

    model_config = ConfigDict(extra="forbid")

    model: str | None = None
    base_url: str | None = None
    api_key: SecretStr | None = None


class Settings(BaseSettings):
    """The settings of one process. Durations are seconds, money is USD."""

    model_config = SettingsConfigDict(env_prefix="HYDRATEALL_", extra="ignore")

    state_dir: Path = Field(HOME / ".hydrateall", description="data, logs, secrets of the local stack")
    database_url: str | None = Field(None, description="content database; empty: the embedded server")
    airflow_database_url: str | None = Field(None, description="Airflow's database; empty: the embedded one")

    airflow_url: str = Field("http://127.0.0.1:8080", description="base URL of Airflow's API server")
    airflow_username: str = Field("admin", description="account for Airflow's REST API")
    airflow_password: SecretStr = Field(SecretStr(""), description="its password; empty: the local stack's own")
    airflow_timeout_seconds: float = Field(10.0, gt=0, description="patience with one REST request")
    airflow_dags_dir: Path = Field(HOME / "dags", description="folder of the DAG files")
    airflow_parallelism: int = Field(16, ge=1, description="task processes of the local stack at once")
    airflow_start_seconds: float = Field(120.0, gt=0, description="how long `up` waits for Airflow")

    model_provider: Literal["offline", "openai", "mock"] = Field(
        "offline",
        description="who writes: offline, openai (any server that speaks its wire), mock (`hydrateall mock-llm`)",
    )
    models: dict[str, ModelRoute] = Field(
        default_factory=dict,
        description='other model, server or key for a purpose: {"notes": {"model": …, "base_url": …, "api_key": …}}',
    )
    mock_url: str = Field("http://127.0.0.1:8181/v1", description="base URL of the mock model server")
    openai_api_key: SecretStr = Field(SecretStr(""), description="key of the model server")
    openai_base_url: str | None = Field(None, description="any server that speaks the wire; empty: OpenAI")
    openai_model: str = Field("gpt-5-mini", description="must have a price in include/pricing/models.yaml")
    openai_timeout_seconds: float = Field(120.0, gt=0, description="patience with one call")
    temperature: float = Field(0.2, ge=0, le=0.3, description="of every call whose model takes one")

    strict_schema: bool = Field(
        True, description="the server takes strict JSON schemas; else the schema is told in words"
    )
    requests_per_minute: int | None = Field(
        None, ge=1, description="of one deployment, over all tasks; empty: no limit"
    )
    tokens_per_minute: int | None = Field(
        None, ge=1, description="the same for tokens, prompt and output limit together"
    )
    deployment_in_flight: int = Field(64, ge=1, description="calls in flight at one deployment, over all jobs")
    rate_limit_patience_seconds: float = Field(900.0, ge=0, description="how long one call may be put off by 429")
    breaker_failures: int = Field(10, ge=1, description="failures of a server in a row that open its breaker")
    breaker_seconds: float = Field(60.0, gt=0, description="how long the breaker stays open, doubled each time")
    cache: bool = Field(True, description="keep paid answers, so that the same question is not paid twice")
    cache_days: float = Field(30.0, gt=0, description="how long an answer is kept")

    offline_latency_seconds: float = Field(0.0, ge=0, description="pause of the offline writer per call")
    offline_failure_rate: float = Field(0.0, ge=0, le=1, description="share of calls that raise")
    offline_flaw_rate: float = Field(0.0, ge=0, le=1, description="share of questions with a flaw, for drills")

    max_in_flight: int = Field(32, ge=1, description="model calls in flight over all tasks of a root job")
    lease_seconds: float = Field(60.0, gt=0, description="a worker that is silent for longer loses its jobs")
    heartbeat_seconds: float = Field(2.0, gt=0, description="how often a worker extends its leases")
    poll_seconds: float = Field(0.1, gt=0, description="pause of a worker that found nothing to claim")
    max_retries: int = Field(3, ge=1, description="attempts a job has")
    max_lost_leases: int = Field(10, ge=1, description="vanished workers a job survives")
    batch_poll_seconds: float = Field(60.0, gt=0, description="how often a batch at the provider is looked at")
    batch_lease_hours: float = Field(26.0, gt=0, description="how long a batch holds its jobs and its budget")
    batch_level_minutes: float = Field(1440.0, gt=0, description="time that estimates allow a level in batch mode")
    database_connections: int = Field(2, ge=1, description="of one task to the content database, at most")
    outage_seconds: float = Field(60.0, ge=0, description="how long a worker waits for a lost database")
    api_database_connections: int = Field(10, ge=1, description="of one API server to the content database")
    writes_per_minute: int = Field(60, ge=1, description="writes a user may send to the admin API, over all servers")
    max_body_bytes: int = Field(1_048_576, ge=1024, description="size of a request's body to the admin API, at most")
    idempotency_hours: float = Field(24.0, gt=0, description="how long the answer to an Idempotency-Key is kept")
    outbox_batch: int = Field(50, ge=1, description="entries that one delivery takes")
    outbox_lease_seconds: float = Field(60.0, gt=0, description="how long a delivery holds an entry")

    metrics_token: SecretStr = Field(
        SecretStr(""), description="what Prometheus shows to read the metrics; empty: signed-in users only"
    )
    budget_warning_share: float = Field(
        0.8, gt=0, le=1, description="share of its budget after which a job's subscribers are told"
    )
    notification_attempts: int = Field(10, ge=1, description="tries that one message to a subscriber has")
    notification_pause_seconds: float = Field(
        30.0, gt=0, description="before the second try of a message; three times as long each time, two hours at most"
    )
    notification_timeout_seconds: float = Field(10.0, gt=0, description="patience with one webhook")
    webhook_private_networks: bool = Field(
        False, description="webhooks may go to private and loopback addresses; never to link-local ones"
    )

    storage_url: str = Field(
        "",
        description="where documents are kept: a folder or fsspec URL (s3://bucket/path); empty: in the state folder",
    )
    storage_connection: str = Field(
        "", description="Airflow connection with the credentials of the storage; empty: those of the environment"
    )
    document_most_bytes: int = Field(50_000_000, ge=1, description="size of a document, at most")
    document_most_pages: int = Field(2_000, ge=1, description="pages, slides or sheets of a document, at most")
    document_most_expansion: float = Field(
        200.0, gt=1, description="times that a packed document may grow when it is unpacked"
    )
    document_most_unpacked_bytes: int = Field(500_000_000, ge=1, description="size of a document unpacked, at most")
    document_most_nesting: int = Field(200, ge=1, description="depth of elements within each other in a document")
    document_stage_seconds: float = Field(300.0, gt=0, description="that converting, optimizing or chunking may take")
    document_memory_mb: int = Field(2_048, ge=256, description="memory that converting one document may take")
    document_retries: int = Field(3, ge=1, description="tries that a stage of a document has, where another can help")
    document_outputs_kept: int = Field(3, ge=1, description="outputs of a stage that the nightly clean-up leaves")
    document_compress_above_bytes: int = Field(65_536, ge=0, description="outputs larger than this are compressed")
    document_max_cost_usd: Decimal = Field(Decimal("5"), gt=0, description="what the facts and vectors of one may cost")
    document_portions: int = Field(
        32, ge=1, le=1024, description="task instances among which a run divides its documents"
    )
    documents_a_run: int = Field(2_000, ge=1, description="documents that one run may be asked for")
    embedding_provider: Literal["offline", "openai", "mock"] = Field(
        "offline",
        description="who makes vectors: offline (hashed n-grams, no semantics), openai (any server that speaks its "
        "wire), mock",
    )
    embedding_model: str = Field(
        "text-embedding-3-small", description="of the provider openai; must have a price in include/pricing/models.yaml"
    )
    embedding_dimensions: int | None = Field(
        None, ge=2, le=16_000, description="numbers in a vector; empty: the model's own length"
    )
    embedding_base_url: str | None = Field(
        None, description="server for vectors; empty: that of HYDRATEALL_OPENAI_BASE_URL"
    )
    embedding_api_key: SecretStr = Field(
        SecretStr(""), description="key of that server; empty: that of HYDRATEALL_OPENAI_API_KEY"
    )
    ocr: bool = Field(True, description="read scanned pages by Tesseract, where it is installed")
    chunk_tokens: int = Field(400, ge=50, le=4000, description="size of a chunk, at most")
    chunk_overlap_tokens: int = Field(40, ge=0, description="of the chunk before, searched with a chunk")
    fact_call_tokens: int = Field(2_000, ge=100, description="text that one call for facts is given, at most")
    ground_passages: int = Field(5, ge=1, le=30, description="passages of the sources that a writer is given")
    ground_least_overlap: float = Field(
        0.6, ge=0, le=1, description="share of a topic's and chapter's title words that such a passage must hold"
    )
    ground_tokens: int = Field(2_000, ge=100, description="tokens of those passages together, at most")

    easy_questions: int = Field(5, ge=0, le=50, description="easy questions a topic")
    medium_questions: int = Field(3, ge=0, le=50, description="medium questions a topic")
    hard_questions: int = Field(2, ge=0, le=50, description="hard questions a topic")
    default_chapters: int = Field(12, ge=1, le=60, description="chapters asked for without an outline")
    default_topics: int = Field(5, ge=1, le=20, description="topics a chapter without an outline")
    max_cost_usd: Decimal = Field(Decimal("50"), gt=0, description="budget of a job that names none")
    most_csv_rows: int = Field(20_000, ge=1, description="rows that `review import` takes from one file")
    tenant: str = Field(
        "default", pattern=r"^[\w.-]+$", description="whose budget the jobs of this installation count against"
    )
    tenant_max_cost_usd: Decimal | None = Field(None, gt=0, description="budget of a tenant in a month; empty: none")
    day_max_cost_usd: Decimal | None = Field(
        None, gt=0, description="budget of a day (UTC), over all jobs; empty: none"
    )


def load_settings() -> Settings:
    """Read the environment; raise UsageError that names the variable at fault."""
    try:
        return Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "HYDRATEALL_" + "_".join(str(part) for part in first["loc"]).upper()
        raise UsageError(f"The setting {name} is not usable: {first['msg']}.", f"Correct or unset {name}.") from None


def settings_page() -> str:
    """The page docs/settings.md: every setting with its default."""
    lines = [
        "# Settings",
        "",
        "Environment variables, read once by each process. Durations are seconds, money is USD.",
        "",
    ]
    lines += ["| variable | default | meaning |", "|---|---|---|"]
    for name, field in Settings.model_fields.items():
        default = field.default
        if isinstance(default, Path):
            default = f"`{default.relative_to(HOME)}` in the checkout"
        elif isinstance(default, SecretStr) or default is None or field.default_factory:
            default = ""
        else:
            default = f"`{default}`"
        lines.append(f"| `HYDRATEALL_{name.upper()}` | {default} | {field.description} |")
    return "\n".join(lines) + "\n"
