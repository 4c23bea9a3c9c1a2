"""Airflow as our DAGs use it: connections, lease owners, retries with reasons. No other module imports Airflow."""

from __future__ import annotations

import functools
import uuid
from collections.abc import Callable
from datetime import timedelta
from typing import TYPE_CHECKING, Any, ParamSpec, TypeVar

from airflow.sdk import (
    BaseHook,
    ExceptionRetryPolicy,
    ObjectStoragePath,
    Param,
    RetryAction,
    RetryRule,
    get_current_context,
)
from airflow.sdk.exceptions import AirflowSkipException

from hydrateall.hydration.errors import RootEnded

if TYPE_CHECKING:
    from hydrateall.core.models import UserRole
    from hydrateall.core.runtime import Runtime
    from hydrateall.delivery.service import AirflowApi
    from hydrateall.documents.service import Storage

P = ParamSpec("P")
R = TypeVar("R")

CONTENT_CONNECTION = "hydrateall"
API_CONNECTION = "hydrateall_api"
MAIN_DAG = "hydrate_subject"
MODEL_POOL = "llm"
CONTROL_POOL = "control"

RETRIES = 5  # a killed task is tried again at once; what it had committed is not done twice
RETRY_DELAY = timedelta(seconds=3)

ADMIN_TEAM = "hydrateall-admins"  # its members are our admins too, where the auth manager knows teams

BATCH_TIMEOUT = timedelta(days=7)

RETRY_POLICY = ExceptionRetryPolicy(
    rules=[
        RetryRule(
            exception="hydrateall.core.errors.Unavailable",
            action=RetryAction.RETRY,
            retry_delay=timedelta(seconds=15),
            reason="Something outside was away (database, Airflow's API); what is finished stays, the rest is done now",
        ),
        RetryRule(
            exception="sqlalchemy.exc.OperationalError",
            action=RetryAction.RETRY,
            retry_delay=timedelta(seconds=15),
            reason="The content database was away for longer than a worker waits",
        ),
        RetryRule(
            exception="hydrateall.core.errors.HydrateAllError",
            action=RetryAction.FAIL,
            reason="The message says what is wrong; another try would find the same",
        ),
    ]
)

DEFAULT_ARGS = {
    "owner": "hydrateall",
    "retries": RETRIES,
    "retry_delay": RETRY_DELAY,
    "retry_policy": RETRY_POLICY,
    "weight_rule": "upstream",  # depth first: a chapter that has begun goes before one that has not
}


def subject_params() -> dict[str, Param]:
    """The controls of a form by which a person names a subject."""
    return {
        "board": Param(
            "CBSE", type="string", title="Board", description="Code of the board", examples=["CBSE", "CISCE"]
        ),
        "grade": Param("10", type="string", title="Grade", pattern="^([1-9]|1[0-2])$", description="1 to 12"),
        "subject": Param("SCIENCE", type="string", title="Subject", examples=["SCIENCE", "MATH", "SOCIAL_SCIENCE"]),
        "language": Param("en", type="string", title="Language", enum=["en", "hi"]),
    }


def hydration_params(**more: Param) -> dict[str, Param]:
    """The controls of the forms that start a hydration, and those of one DAG only."""
    content, limits = {"section": "Content"}, {"section": "Limits"}
    return {
        **subject_params(),
        "notes": Param(True, type="boolean", title="Write notes", **content),
        "questions": Param(True, type="boolean", title="Write questions", **content),
        "chapter_limit": Param(None, type=["null", "integer"], minimum=1, title="First chapters only", **content),
        **more,
        "ground": Param(
            None,
            type=["null", "string"],
            pattern="^[a-z0-9][a-z0-9._-]{0,63}$",
            title="Ground in this realm",
            description="Notes and questions stand on passages of its documents",
            examples=["samples"],
            **content,
        ),
        "max_cost_usd": Param(
            None, type=["null", "number"], exclusiveMinimum=0, maximum=100_000, title="Budget in USD", **limits
        ),
        "dry_run": Param(False, type="boolean", title="Dry run: only estimate", **limits),
        "job_id": internal_param("Job"),
    }


def internal_param(title: str) -> Param:
    """The id that the outbox sets; a person leaves it empty."""
    return Param(None, type=["null", "string"], title=title, description="Set by the outbox", section="Internal")


def batch_sensor() -> dict[str, Any]:
    """How a sensor waits for a batch: its process ends between two looks, so that waiting holds no slot.

    The timeout is longer than any batch; after it, the reconciler gives the job another run.
    """
    from hydrateall.core.settings import load_settings

    poll = load_settings().batch_poll_seconds
    return {"mode": "reschedule", "poke_interval": poll, "timeout": BATCH_TIMEOUT.total_seconds()}


def runtime() -> Runtime:
    """The runtime of a task: settings from the environment, the content database from its Airflow connection."""
    from hydrateall.core.database import Database
    from hydrateall.core.logs import log_to_json
    from hydrateall.core.runtime import Runtime
    from hydrateall.core.settings import load_settings

    log_to_json()
    settings = load_settings()
    return Runtime(settings, Database(_content_url(), pool_size=settings.database_connections, pre_ping=False))


def storage() -> Storage:
    """Where documents are kept: by the credentials of an Airflow connection where the settings name one."""
    from hydrateall.core.settings import load_settings
    from hydrateall.documents.service import Storage, open_storage

    settings = load_settings()
    if not settings.storage_connection:
        return open_storage(settings)
    path = ObjectStoragePath(settings.storage_url, conn_id=settings.storage_connection)
    return Storage(path.fs, path.path)


def airflow_api(token: str | None = None) -> AirflowApi:
    """Airflow's REST API at the address of the connection `hydrateall_api`, with its account or a user's token."""
    from pydantic import SecretStr

    from hydrateall.core.settings import load_settings
    from hydrateall.delivery.service import RestAirflow

    api = BaseHook.get_connection(API_CONNECTION)
    return RestAirflow(
        load_settings().model_copy(
            update={
                "airflow_url": f"{api.schema or 'http'}://{api.host}" + (f":{api.port}" if api.port else ""),
                "airflow_username": api.login or "",
                "airflow_password": SecretStr(api.password or ""),
            }
        ),
        token=token,
    )


def send_mail(to: str, subject: str, page: str, message_id: uuid.UUID) -> None:
    """Send one mail by Airflow's notifier, over the connection `smtp_default` (or what [email] email_conn_id names)."""
    from airflow.providers.smtp.notifications.smtp import SmtpNotifier

    headers = {"X-HydrateAll-Delivery": str(message_id)}
    SmtpNotifier(to=to, subject=subject, html_content=page, custom_headers=headers).notify({})


def _content_url() -> str:
    """The connection's URI with the driver written out, as SQLAlchemy wants it."""
    uri = BaseHook.get_connection(CONTENT_CONNECTION).get_uri()
    scheme, rest = uri.split("://", 1)
    return f"postgresql+psycopg://{rest}" if scheme.startswith("postgres") else uri


def admin_app() -> Any:
    """The admin API and its pages, for Airflow's API server. Costs nothing outside until the first request."""
    from airflow.api_fastapi.core_api.security import get_user

    from hydrateall.core.settings import load_settings
    from hydrateall.web.access import Access
    from hydrateall.web.admin import create_admin_app

    settings = load_settings()
    return create_admin_app(
        _api_runtime,
        Access(
            user=lambda request, bearer: get_user(request, None, bearer),
            role=_role,
            name=lambda user: user.get_name(),
        ),
        lambda caller: airflow_api(caller.token or None),
        storage,
        max_body_bytes=settings.max_body_bytes,
        max_upload_bytes=settings.document_most_bytes,
    )


@functools.cache
def _api_runtime() -> Runtime:
    """The runtime of an API server: one for all its requests. Airflow's own logging stays as it is."""
    from hydrateall.core.database import Database
    from hydrateall.core.runtime import Runtime
    from hydrateall.core.settings import load_settings

    settings = load_settings()
    return Runtime(settings, Database(_content_url(), pool_size=settings.api_database_connections))


def _role(user: Any) -> UserRole | None:
    """Who may see the runs of our DAG is a viewer, who may start them an operator, Airflow's Admin an admin."""
    from airflow.api_fastapi.app import get_auth_manager
    from airflow.api_fastapi.auth.managers.models.resource_details import DagAccessEntity, DagDetails, TeamDetails

    from hydrateall.core.models import UserRole

    manager = get_auth_manager()
    runs = {"access_entity": DagAccessEntity.RUN, "details": DagDetails(id=MAIN_DAG), "user": user}
    if not manager.is_authorized_dag(method="GET", **runs):
        return None
    if not manager.is_authorized_dag(method="POST", **runs):
        return UserRole.VIEWER
    try:  # the only thing that SimpleAuthManager allows its Admin but not its Op
        admin = manager.is_authorized_team(method="PUT", details=TeamDetails(name=ADMIN_TEAM), user=user)
    except NotImplementedError:  # an auth manager without teams, as FAB: there the Admin is who may edit users
        admin = manager.is_authorized_custom_view(method="PUT", resource_name="Users", user=user)
    return UserRole.ADMIN if admin else UserRole.OPERATOR


def lease_owner() -> str:
    """The name under which this task instance holds leases: the same for each of its tries."""
    instance = get_current_context()["ti"]
    return f"{instance.dag_id}/{instance.run_id}/{instance.task_id}/{instance.map_index}"


def name_instance(label: str) -> None:
    """Name this mapped task instance in Airflow's UI (`map_index_template="{{ label }}"`)."""
    get_current_context()["label"] = label


def skip_when_ended(function: Callable[P, R]) -> Callable[P, R]:
    """Skip the task, rather than fail it, when its job was cancelled."""

    @functools.wraps(function)
    def skipping(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except RootEnded as ended:
            raise AirflowSkipException(ended.message) from None

    return skipping


def run_identity() -> dict[str, Any]:
    """Id of the DAG run and who triggered it."""
    run = get_current_context()["dag_run"]
    return {"dag_run_id": run.run_id, "triggered_by": getattr(run, "triggering_user_name", None) or "airflow"}


def warm_up() -> None:
    """Do what every task process does first, once in the process that they are forked from.

    Parsing the DAGs imports all that parsing needs; the first client of the task API builds its TLS context,
    which all later ones share. Together 0.1 s of CPU a task.
    """
    from airflow.dag_processing.dagbag import DagBag
    from airflow.sdk.api.client import Client

    Client(base_url="http://localhost", token="").close()
    DagBag()
