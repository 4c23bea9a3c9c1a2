"""A set of questions: types in turn, no text twice, and fresh material before material that was used already."""

from __future__ import annotations

import unicodedata
from collections import deque
from collections.abc import Callable, Iterator
from itertools import cycle
from typing import Any

from hydrateall.llm.offline.assignment import Assignment
from hydrateall.llm.offline.lessons import Lesson
from hydrateall.llm.offline.numericals import GENERAL_KINDS
from hydrateall.llm.offline.questions import cases, computed, facts, reasons, terms
from hydrateall.llm.offline.questions.cores import Core, Desk, draft, wording

Family = Callable[[Desk], Iterator[Core]]

FAMILIES: dict[str, tuple[Family, ...]] = {
    "MCQ": (computed.numerical_choice, terms.choose_meaning, reasons.choose_cause, facts.choose_statement),
    "TRUE_FALSE": (facts.true_false,),
    "FILL_BLANK": (facts.fill_blank,),
    "MATCH": (terms.match,),
    "SHORT_ANSWER": (reasons.short_answer,),
    "NUMERICAL": (computed.numerical,),
    "ASSERTION_REASON": (reasons.assertion_reason,),
    "MULTI_SELECT": (facts.multi_select,),
    "CASE_STUDY": (cases.case_study,),
    "HOTS": (cases.higher_order, computed.slip_to_find),
    "LONG_ANSWER": (cases.long_answer,),
}
PLANS = {
    "easy": ("MCQ", "TRUE_FALSE", "FILL_BLANK", "MCQ", "MATCH"),
    "medium": ("SHORT_ANSWER", "NUMERICAL", "ASSERTION_REASON", "MULTI_SELECT"),
    "hard": ("CASE_STUDY", "NUMERICAL", "LONG_ANSWER", "HOTS"),
}
PULLS_A_TURN = 60
SET_ASIDE = 8


class Stream:
    """The questions of one type. What uses known material is set aside until nothing fresh comes."""

    def __init__(self, families: tuple[Family, ...], desk: Desk) -> None:
        self._cores = _in_turn([family(desk) for family in families])
        self._aside: deque[Core] = deque()

    def take(self, sources: set[str], is_new: Callable[[Core], bool]) -> Core | None:
        """The next question that is new, or None when the stream has dried up."""
        for _, core in zip(range(PULLS_A_TURN), self._cores, strict=False):
            if not is_new(core):
                continue
            if core.source not in sources:
                return core
            self._aside.append(core)
            if len(self._aside) >= SET_ASIDE:
                break
        return next((core for core in self._unwound() if is_new(core)), None)

    def _unwound(self) -> Iterator[Core]:
        while self._aside:
            yield self._aside.popleft()


def write_questions(assignment: Assignment, lesson: Lesson) -> dict[str, Any]:
    """The QuestionSetDraft of an assignment: exactly `count` questions, none of them in `avoid`."""
    difficulty = assignment["difficulty"]
    types = _types(assignment, lesson)
    numericals = lesson.numericals or (GENERAL_KINDS if types == ("NUMERICAL",) else ())
    desk = Desk(lesson, assignment.language, difficulty, assignment.random(), numericals)
    objectives = tuple(assignment["topic"].get("objectives") or lesson.objectives)
    taken = {_key(text) for text in assignment.values.get("avoid") or ()}
    questions: list[dict[str, Any]] = []
    layer = 0
    while len(questions) < assignment["count"]:
        for core, text in _round(desk, types, layer, taken, assignment["count"] - len(questions)):
            questions.append(draft(core, desk, text, objectives[len(questions) % len(objectives)]))
        layer += 1
    return {"questions": questions}


def _types(assignment: Assignment, lesson: Lesson) -> tuple[str, ...]:
    """The order of types: the plan of the difficulty, begun at a place the seed decides, or the allowed types."""
    plan = PLANS[assignment["difficulty"]]
    allowed = assignment.values.get("types")
    known = [name for name in allowed or () if name in FAMILIES]
    if known:
        return tuple(dict.fromkeys([*(name for name in plan if name in known), *known]))
    plan = tuple(name for name in plan if name != "NUMERICAL" or lesson.numericals)
    start = assignment.random().randrange(len(plan))
    return plan[start:] + plan[:start]


def _round(desk: Desk, types: tuple[str, ...], layer: int, taken: set[str], wanted: int) -> Iterator[tuple[Core, str]]:
    """Up to `wanted` new questions with one lead-in, one type after the other."""
    streams = {name: Stream(FAMILIES[name], desk) for name in dict.fromkeys(types)}
    sources: set[str] = set()

    def is_new(core: Core) -> bool:
        return _key(wording(core, desk, layer)) not in taken

    for name in cycle(types):
        if not streams or wanted == 0:
            return
        core = streams[name].take(sources, is_new) if name in streams else None
        if core is None:
            streams.pop(name, None)
            continue
        text = wording(core, desk, layer)
        taken.add(_key(text))
        sources.add(core.source)
        wanted -= 1
        yield core, text


def _in_turn(streams: list[Iterator[Core]]) -> Iterator[Core]:
    """One from each stream, round and round, until all are empty."""
    while streams:
        for stream in list(streams):
            core = next(stream, None)
            if core is None:
                streams.remove(stream)
            else:
                yield core


def _key(text: str) -> str:
    """What two questions must not share: case, spacing, width of characters and the last stop do not count."""
    return " ".join(unicodedata.normalize("NFKC", text).casefold().split()).strip(" .;,।")
