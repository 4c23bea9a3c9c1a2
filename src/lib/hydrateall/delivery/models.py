"""The outbox as rows."""

from __future__ import annotations

import uuid
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from hydrateall.core.clock import new_id
from hydrateall.core.database import Base
from hydrateall.core.models import created_at, enum_column
from hydrateall.delivery.enums import OutboxKind

INSTANT = sa.DateTime(timezone=True)


class OutboxEntry(Base):
    """An intent to be told to Airflow. Delivered at least once; `dag_run_id` makes a repetition a no-op.

    The payload names the DAG and its `conf`. Hydration jobs point at their row, other kinds name theirs in `conf`.
    """

    __tablename__ = "outbox"
    __table_args__ = (
        sa.UniqueConstraint("dag_run_id"),
        sa.Index(None, "sent_at"),
        sa.Index(None, "job_id"),
        sa.Index(None, "kind"),
        sa.Index(None, "created_at"),
    )

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    payload: Mapped[dict[str, Any]] = mapped_column(JSONB)
    kind: Mapped[OutboxKind] = mapped_column(enum_column(OutboxKind, "outbox_kind"))
    job_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("hydration_jobs.id"))
    dag_run_id: Mapped[str | None]
    sent_at: Mapped[datetime | None] = mapped_column(INSTANT)
    claimed_until: Mapped[datetime | None] = mapped_column(INSTANT)
    attempts: Mapped[int] = mapped_column(server_default="0")
    last_error: Mapped[str | None]
    created_at: Mapped[datetime] = created_at()
