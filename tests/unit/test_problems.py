"""Problem details: every error that a route can raise has a code of its own, and docs/api.md explains it."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hydrateall.core import cursors
from hydrateall.core.errors import Conflict, HydrateAllError, Unavailable, UsageError
from hydrateall.curriculum.errors import UnknownCurriculum
from hydrateall.documents import errors as document_errors
from hydrateall.documents import search_errors, storage
from hydrateall.documents.conversion import errors as conversion_errors
from hydrateall.documents.conversion.errors import UnusableFile
from hydrateall.hydration import requests
from hydrateall.hydration.errors import JobActive, JobEnded, NothingToBatch, NothingToResume, NotRunning, UnknownJob
from hydrateall.review import errors as review_errors
from hydrateall.web import boundary, problems
from hydrateall.web.problems import problem_of

DOCS = Path(__file__).parents[2] / "docs" / "api.md"
RAISED = (Conflict, Unavailable, UsageError, UnknownCurriculum)
OF_JOBS = (JobActive, JobEnded, NothingToBatch, NothingToResume, NotRunning, UnknownJob)
# What only tasks raise, and the bases that are never raised themselves; a request is held to its schema before these.
OF_TASKS = (
    "DocumentConflict",
    "LeaseGone",
    "DocumentsFailed",
    "DocumentsLeft",
    "RunNotOpened",
    "DocumentReplaced",
    "OutputsDisagree",
    "VectorsMissing",
)
HELD_BY_SCHEMAS = ("StageUnknown", "NotOptional", "NothingToProcess")


def errors_of(module: object) -> list[type[HydrateAllError]]:
    """The errors that a module defines itself."""
    found = [each for each in vars(module).values() if isinstance(each, type) and issubclass(each, HydrateAllError)]
    return [each for each in found if each.__module__ == getattr(module, "__name__", "")]


def errors_of_documents() -> list[type[HydrateAllError]]:
    """The errors of documents that a route can raise."""
    found = [each for module in (document_errors, search_errors, storage) for each in errors_of(module)]
    files = [
        each for each in errors_of(conversion_errors) if issubclass(each, UnusableFile) and each is not UnusableFile
    ]
    return [each for each in [*found, *files] if each.__name__ not in (*OF_TASKS, *HELD_BY_SCHEMAS)]


def code_of_class(kind: type[HydrateAllError]) -> str:
    return problems.code_of(kind.__new__(kind))


class TestCodes:
    @pytest.mark.parametrize(
        "kind",
        [
            *RAISED,
            *OF_JOBS,
            *(e for m in (problems, boundary, cursors, requests, review_errors) for e in errors_of(m)),
            *errors_of_documents(),
        ],
    )
    def test_are_explained_where_the_type_points_to(self, kind: type[HydrateAllError]) -> None:
        anchors = re.findall(r'<a id="(\w+)">', DOCS.read_text(encoding="utf-8"))

        assert anchors.count(code_of_class(kind)) == 1


class TestAnErrorThatNobodyExpected:
    def test_tells_nothing_of_the_inside(self) -> None:
        status, told = problem_of(RuntimeError("password=secret"))

        assert (status, told["code"]) == (500, "internal_error")
        assert "secret" not in told["detail"]
