"""The lesson of a topic the library does not have: true statements about learning the topic, none about its content.

The writer knows nothing about such a topic but its title and objectives, and says so, instead of inventing facts.
"""

from __future__ import annotations

from random import Random

from hydrateall.llm.offline.general_bank import ABOUT, APPLICATION, FACTS, OBJECTIVES, REASONS, SUMMARY, TERMS
from hydrateall.llm.offline.lessons import Application, Lesson, Reason, Term, fact
from hydrateall.llm.offline.numericals import GENERAL_KINDS
from hydrateall.llm.offline.phrases import choose

COUNTED = ("math", "scien", "physic", "chemi", "statist")


def general_lesson(*, title: str, objectives: list[str], subject: str, language: str, seed: str) -> Lesson:
    """Five terms, six facts and three reasons about studying the topic, drawn by the topic's own seed."""

    rng = Random(seed)

    def said(pair: tuple[str, str]) -> str:
        return choose(language, pair).replace("{title}", title)

    computes = any(word in subject.casefold() for word in COUNTED)
    return Lesson(
        title=title,
        about=said(ABOUT),
        summary=said(SUMMARY),
        objectives=tuple(objectives) or tuple(said(pair) for pair in OBJECTIVES),
        terms=tuple(Term(said(name), said(meaning)) for name, meaning in rng.sample(TERMS, 5)),
        facts=tuple(fact(said(text), said(wrong)) for text, wrong in rng.sample(FACTS, 6)),
        reasons=tuple(Reason(said(effect), said(cause)) for effect, cause in rng.sample(REASONS, 3)),
        application=Application(
            said(APPLICATION[0]), tuple((said(question), said(answer)) for question, answer in APPLICATION[1])
        ),
        numericals=GENERAL_KINDS if computes else (),
        written=False,
    )
