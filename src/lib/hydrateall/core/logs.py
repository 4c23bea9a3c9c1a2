"""Structured logs: one JSON object a line, with the trace id where one is bound."""

from __future__ import annotations

import logging

import structlog


def log_to_json() -> None:
    """Send structlog's events through the standard library as JSON, so that Airflow's task log takes them."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.add_log_level,
            structlog.processors.JSONRenderer(ensure_ascii=False, sort_keys=True),
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=False,
    )
