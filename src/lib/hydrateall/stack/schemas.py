"""What the stack tells about itself."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel, ConfigDict
from pydantic.alias_generators import to_camel


class Report(BaseModel):
    """The base: camelCase on the wire."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class ComponentStatus(Report):
    """One component: PostgreSQL, the supervisor, one of Airflow's, or the mock model server."""

    name: str
    up: bool
    since: datetime | None = None
    restarts: int = 0
    detail: str = ""


class StackStatus(Report):
    """The whole stack."""

    components: list[ComponentStatus]
    url: str
    username: str
    password_file: str
    logs: str

    @property
    def up(self) -> bool:
        """Everything is up."""
        return all(component.up for component in self.components)


class Finding(Report):
    """What `doctor` found of one component; `remedy` is empty when it is well."""

    component: str
    ok: bool
    message: str
    remedy: str = ""
