"""The note of a topic without a written lesson: how to study it. It claims nothing about the topic's content."""

from __future__ import annotations

from hydrateall.llm.offline.note_phrases import GUIDE_QUESTIONS, GUIDE_STEPS, GUIDE_WORDS
from hydrateall.llm.offline.note_sections import Page
from hydrateall.llm.offline.phrases import choose

Pair = tuple[str, str]


def study_guide(page: Page, added: list[str]) -> str:
    """Goals, a way to study, words to collect, guiding questions, an example of studying, and points to keep."""
    goals = "\n".join(f"- {objective}" for objective in page.lesson.objectives)
    sections = [
        page.say("guide_notice", title=page.lesson.title),
        page.section("guide_goals", goals),
        page.section("guide_how", page.lesson.summary, _listed(page, GUIDE_STEPS, numbered=True)),
        page.section("guide_words", page.say("guide_words_lead"), _listed(page, GUIDE_WORDS)),
        page.section("guide_questions", _listed(page, GUIDE_QUESTIONS, numbered=True)),
        page.section("guide_example", page.reasoned_example()),
    ]
    if examples := page.solved(1):
        sections.append(page.section("guide_numbers", *examples))
    points = "\n".join(f"- {fact.true}" for fact in page.lesson.facts[:4])
    return "\n\n".join([*sections, *added, page.section("guide_end", points)])


def _listed(page: Page, items: tuple[Pair, ...], *, numbered: bool = False) -> str:
    lines = [
        choose(page.language, item).replace("{title}", page.lesson.title).replace("{chapter}", page.chapter)
        for item in items
    ]
    marks = [f"{place}." if numbered else "-" for place in range(1, len(lines) + 1)]
    return "\n".join(f"{mark} {line}" for mark, line in zip(marks, lines, strict=True))
