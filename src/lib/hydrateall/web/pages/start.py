"""The page Start: a subject, options, and the estimate that must be seen before anything can be started."""

from __future__ import annotations

import hashlib
import uuid
from decimal import Decimal
from typing import Annotated, Any

from fastapi import Form, Query, Request
from fastapi.responses import Response
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, ValidationError

from hydrateall.core.errors import Conflict, HydrateAllError, UsageError
from hydrateall.core.models import UserRole
from hydrateall.core.settings import Settings
from hydrateall.curriculum.enums import LanguageCode
from hydrateall.curriculum.service import Catalogue, catalogue
from hydrateall.documents.service import realms
from hydrateall.hydration import requests
from hydrateall.hydration.enums import Mode
from hydrateall.hydration.prospects import outlook
from hydrateall.hydration.routes import actor_of
from hydrateall.hydration.schemas import HydrateOptions, HydrateRequest, QuestionCounts
from hydrateall.web.access import CurrentRuntime, Viewer, Writer, delivering
from hydrateall.web.pages.layout import fragment, go_to, page, page_router
from hydrateall.web.pages.translation import gettext as _

router = page_router()


def _none_if_empty(value: object) -> object:
    """A control that is left empty asks for the default."""
    return None if value == "" else value


class Choice(BaseModel):
    """What the form says. A check box that is not ticked is not sent."""

    model_config = ConfigDict(extra="ignore")

    board: str = ""
    grade: str = ""
    subject: str = ""
    language: str = ""
    notes: bool = False
    questions: bool = False
    easy: str = ""
    medium: str = ""
    hard: str = ""
    chapters: Annotated[str | None, BeforeValidator(_none_if_empty)] = None
    mode: Mode = Mode.FAST
    second_opinion: bool = False
    ground: Annotated[str | None, BeforeValidator(_none_if_empty)] = None
    budget: Annotated[str | None, BeforeValidator(_none_if_empty)] = None
    estimated: str = Field("", description="The digest of the options whose estimate is on the screen.")
    key: str = Field("", max_length=64, pattern=r"^[0-9a-f-]*$")

    @property
    def complete(self) -> bool:
        """Whether a subject is chosen."""
        return all((self.board, self.grade, self.subject, self.language))

    def digest(self) -> str:
        """Names exactly these options."""
        text = self.model_dump_json(exclude={"estimated", "key"})
        return hashlib.sha256(text.encode()).hexdigest()[:16]

    def request(self) -> HydrateRequest:
        """What is asked for; raise UsageError that names the control."""
        try:
            return HydrateRequest(
                board_code=self.board,
                grade=self.grade,
                subject_code=self.subject,
                language=self.language,
                options=HydrateOptions(
                    generate_notes=self.notes,
                    generate_questions=self.questions,
                    question_counts=QuestionCounts(easy=self.easy, medium=self.medium, hard=self.hard),
                    chapter_limit=self.chapters,
                    max_cost_usd=self.budget,
                    mode=self.mode,
                    second_opinion=self.second_opinion,
                    ground=self.ground,
                ),
            )
        except ValidationError as error:
            first = error.errors()[0]
            name = str(first["loc"][-1]) if first["loc"] else ""
            raise UsageError(
                _("%(control)s cannot be used: %(reason)s.")
                % {"control": _(CONTROLS.get(name, name)), "reason": first["msg"]},
                _("Correct it to see the estimate."),
                field=name,
            ) from None


LANGUAGES = {LanguageCode.EN: "English", LanguageCode.HI: "हिन्दी"}  # each in its own words
CONTROLS = {
    "easy": "Easy questions a topic",
    "medium": "Medium questions a topic",
    "hard": "Hard questions a topic",
    "chapterLimit": "First chapters only",
    "chapter_limit": "First chapters only",
    "ground": "Ground in",
    "maxCostUsd": "Budget in $",
    "max_cost_usd": "Budget in $",
}


class NotEstimated(Conflict):
    """The button was pressed for options whose estimate nobody has seen."""

    def __init__(self) -> None:
        super().__init__(_("The options have changed since the estimate."), _("Look at the new estimate, then start."))


@router.get("/start")
def start_page(
    request: Request,
    caller: Viewer,
    runtime: CurrentRuntime,
    board: str = "",
    grade: str = "",
    subject: str = "",
    language: str = "",
    ground: str = "",
) -> Response:
    """The form; an address may choose the subject and the realm already."""
    with runtime.database.transaction() as session:
        known = catalogue(session)
        grounds = [realm for realm in realms(session) if realm.chunks]
    settings = runtime.settings
    choice = Choice(
        board=board, grade=grade, subject=subject, language=language, notes=True, questions=True, ground=ground
    )
    offered = Offer(known, choice)
    shown = _shown(choice)
    return page(
        request, caller, "start.html", section="start", offer=offered, defaults=settings, grounds=grounds, **shown
    )


@router.get("/start/choice")
def choose(request: Request, runtime: CurrentRuntime, choice: Annotated[Choice, Query()]) -> Response:
    """The selects that depend on one another, after one was changed."""
    with runtime.database.transaction() as session:
        offer = Offer(catalogue(session), choice)
    return fragment(request, "start_choice.html", offer=offer)


@router.get("/start/estimate")
def estimate(request: Request, caller: Viewer, runtime: CurrentRuntime, choice: Annotated[Choice, Query()]) -> Response:
    """What exists, what would be added and what that costs, with the button that starts exactly this."""
    shown = _shown(choice)
    if choice.complete:
        try:
            asked = choice.request()
            shown["outlook"] = outlook(runtime, asked)
            shown["refusal"] = _refusal(
                caller.may(UserRole.OPERATOR), caller.may(UserRole.ADMIN), asked, runtime.settings
            )
        except HydrateAllError as error:
            shown["problem"] = error
    return fragment(request, "start_estimate.html", **shown)


@router.post("/start")
def start(request: Request, caller: Writer, runtime: CurrentRuntime, choice: Annotated[Choice, Form()]) -> Response:
    """Start what was estimated, and go to the job's page."""
    if choice.estimated != choice.digest():
        raise NotEstimated
    asked = choice.request()
    if (asked.options.max_cost_usd or 0) > runtime.settings.max_cost_usd:
        caller.needs(UserRole.ADMIN, f"A budget above ${runtime.settings.max_cost_usd:.2f}")
    with delivering(request, caller) as airflow:
        answer = requests.submit_once(
            runtime,
            asked,
            airflow,
            actor=actor_of(caller),
            trace_id=request.state.trace_id,
            key=f"page-{choice.key}" if choice.key else None,
        )
    return go_to(request, f"jobs/{answer.body['rootJobId']}")


class Offer:
    """What each select offers, given what is chosen in those before it; a single offer is chosen at once."""

    def __init__(self, known: Catalogue, choice: Choice) -> None:
        boards = {board.code: board for board in known.boards}
        self.boards = [(board.code, board.name) for board in known.boards]
        self.board = _pick(choice.board, self.boards)
        grades = {each.grade: each for each in boards[self.board].grades} if self.board else {}
        self.grades = [(grade, grade) for grade in grades]
        self.grade = _pick(choice.grade, self.grades)
        subjects = {each.code: each for each in grades[self.grade].subjects} if self.grade else {}
        self.subjects = [(code, next(iter(each.names.values()))) for code, each in subjects.items()]
        self.subject = _pick(choice.subject, self.subjects)
        names = subjects[self.subject].names if self.subject else {}
        self.languages = [(code.value, f"{LANGUAGES[code]} – {name}") for code, name in names.items()]
        self.language = _pick(choice.language, self.languages)


def _pick(chosen: str, offered: list[tuple[str, str]]) -> str:
    codes = [code for code, _name in offered]
    return chosen if chosen in codes else codes[0] if len(codes) == 1 else ""


def _shown(choice: Choice) -> dict[str, Any]:
    """What the panel of the estimate needs when there is none yet."""
    return {
        "choice": choice,
        "digest": choice.digest(),
        "key": uuid.uuid4().hex,
        "outlook": None,
        "problem": None,
        "refusal": None,
    }


def _refusal(operator: bool, admin: bool, asked: HydrateRequest, settings: Settings) -> str | None:
    """Why this person cannot start it, in words."""
    if not operator:
        return _("Starting needs the role operator; you may look at estimates.")
    if not admin and (asked.options.max_cost_usd or Decimal(0)) > settings.max_cost_usd:
        return _("A budget above $%(most).2f needs the role admin.") % {"most": settings.max_cost_usd}
    return None
