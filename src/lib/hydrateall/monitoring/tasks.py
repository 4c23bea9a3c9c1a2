"""What DAGs run of monitoring."""

from __future__ import annotations

from typing import Any

from hydrateall.core.runtime import Runtime
from hydrateall.monitoring import metrics, service
from hydrateall.monitoring.service import SendMail


def notify(runtime: Runtime, mail: SendMail) -> dict[str, Any]:
    """Tell those who asked to know, and bring the running totals of the metrics forward. Can be run twice."""
    metrics.bring_totals_forward(runtime)
    warned = service.warn_of_budgets(runtime)
    events = service.expand_events(runtime)
    told = service.send_messages(runtime, mail)
    return told.model_copy(update={"warned": warned, "events": events}).model_dump(mode="json")
