"""Structured logs: one JSON object a line, with the trace id where one is bound."""

from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor

import structlog


def log_to_json() -> None:
    """Send structlog's events through the standard library as JSON, so that Airflow's task log takes them."""
    structlog.configure(
        processors=[
            structlog.contextvars.merge_contextvars,
            structlog.stdlib.add_log_level,
            structlog.processors.format_exc_info,
            structlog.processors.JSONRenderer(ensure_ascii=False, sort_keys=True),
        ],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.make_filtering_bound_logger(logging.INFO),
        cache_logger_on_first_use=False,
    )


def traced_threads(most: int, *, name: str) -> ThreadPoolExecutor:
    """A pool of threads whose log lines carry what is bound here: a thread starts with nothing bound by itself."""
    bound = structlog.contextvars.get_contextvars()

    def bind() -> None:
        structlog.contextvars.bind_contextvars(**bound)

    return ThreadPoolExecutor(most, thread_name_prefix=name, initializer=bind)
