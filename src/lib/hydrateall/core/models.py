"""People and the audit trail: the rows that every slice writes to."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Any

import sqlalchemy as sa
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.orm import Mapped, mapped_column

from hydrateall.core.clock import new_id
from hydrateall.core.database import Base


class UserRole(StrEnum):
    VIEWER = "viewer"
    OPERATOR = "operator"
    REVIEWER = "reviewer"
    ADMIN = "admin"


def enum_column(enum: type[StrEnum], name: str) -> sa.Enum:
    """A native PostgreSQL enum whose labels are the enum's values."""
    return sa.Enum(enum, name=name, values_callable=lambda members: [member.value for member in members])


def created_at() -> Mapped[datetime]:
    """A `created_at` column, set by the database."""
    return mapped_column(sa.DateTime(timezone=True), server_default=sa.func.now())


def updated_at() -> Mapped[datetime]:
    """An `updated_at` column, touched by every UPDATE that goes through the ORM."""
    return mapped_column(sa.DateTime(timezone=True), server_default=sa.func.now(), onupdate=sa.func.now())


class User(Base):
    """A person or a machine account, known by its identity at an outside provider (Airflow, the shell)."""

    __tablename__ = "users"
    __table_args__ = (sa.UniqueConstraint("identity_provider", "external_id"),)

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    identity_provider: Mapped[str]
    external_id: Mapped[str]
    name: Mapped[str]
    email: Mapped[str | None]
    role: Mapped[UserRole] = mapped_column(enum_column(UserRole, "user_role"), server_default="viewer")
    created_at: Mapped[datetime] = created_at()


class AuditLog(Base):
    """One sensitive action: who did what to which row, why and when. Never changed, never deleted."""

    __tablename__ = "audit_logs"
    __table_args__ = (sa.Index(None, "entity_type", "entity_id"), sa.Index(None, "created_at"))

    id: Mapped[uuid.UUID] = mapped_column(primary_key=True, default=new_id)
    actor_id: Mapped[uuid.UUID | None] = mapped_column(sa.ForeignKey("users.id"))
    action: Mapped[str]
    entity_type: Mapped[str]
    entity_id: Mapped[uuid.UUID | None]
    rationale: Mapped[str | None]
    details: Mapped[dict[str, Any]] = mapped_column(JSONB, server_default="{}")
    trace_id: Mapped[str | None]
    created_at: Mapped[datetime] = created_at()
