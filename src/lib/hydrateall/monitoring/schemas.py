"""What the command line and the pages see of subscriptions."""

from __future__ import annotations

import uuid
from datetime import datetime
from enum import StrEnum
from typing import Annotated

from pydantic import BaseModel, ConfigDict, StringConstraints
from pydantic.alias_generators import to_camel

from hydrateall.hydration.enums import JobEvent

Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=2000)]


class Channel(StrEnum):
    WEBHOOK = "webhook"
    EMAIL = "email"


class Wire(BaseModel):
    """camelCase on the wire."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class NewSubscription(Wire):
    """Who wants to know what. Without a filter, every job counts."""

    channel: Channel
    target: Text
    events: list[JobEvent]
    board: Text | None = None
    grade: Text | None = None
    subject: Text | None = None
    job_id: uuid.UUID | None = None


class Subscribed(Wire):
    """A new subscription. The secret is shown here and never again."""

    id: uuid.UUID
    secret: str | None


class SubscriptionView(NewSubscription):
    """A subscription, and how its last message fared."""

    id: uuid.UUID
    created_by: str
    created_at: datetime
    last_status: str | None
    last_error: str | None


class Notified(Wire):
    """What one round of telling did."""

    warned: int = 0
    events: int = 0
    sent: int = 0
    failed: int = 0
    waiting: int = 0
