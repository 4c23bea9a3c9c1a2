"""Questions about why: choosing a cause, short answers, assertion and reason."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, permutations, product

from hydrateall.llm.offline.lessons import Fact, Reason, Term
from hydrateall.llm.offline.questions.choices import LETTERS, four_choices
from hydrateall.llm.offline.questions.cores import Core, Desk
from hydrateall.llm.offline.questions.facts import one_choice


def choose_cause(desk: Desk) -> Iterator[Core]:
    """The cause of an effect among the causes of other effects."""
    elsewhere = [reason.cause for lesson in desk.lesson.neighbours for reason in lesson.reasons]
    for reason in desk.shuffled(desk.lesson.reasons):
        own = [other.cause for other in desk.lesson.reasons if other != reason]
        spare = desk.shuffled([*elsewhere, *(fact.false for fact in desk.lesson.facts)])
        if drawn := four_choices(desk.rng, reason.cause, own + spare):
            options, letter = drawn
            why = desk.say("why_because", cause=reason.cause)
            text = desk.say("why_choice", effect=reason.effect)
            yield one_choice(desk, "easy", f"reason:{reason.effect}", text, options, letter, why, tag="reasoning")


def short_answer(desk: Desk) -> Iterator[Core]:
    """Reasons, distinctions and corrections in turn, then goals (without a written lesson) and definitions."""
    reasons = desk.shuffled(desk.lesson.reasons)
    corrections = desk.shuffled(desk.lesson.facts)
    contrasts = desk.shuffled(combinations(desk.lesson.terms, 2))
    for place in range(max(len(reasons), len(corrections), len(contrasts))):
        if place < len(reasons):
            yield _explain(desk, reasons[place])
        if place < len(contrasts):
            yield _distinguish(desk, *contrasts[place])
        if place < len(corrections):
            yield _correct(desk, corrections[place])
    if not desk.lesson.written:
        for objective in desk.shuffled(desk.lesson.objectives):
            yield _reach(desk, objective)
    for term in desk.shuffled(desk.lesson.terms):
        yield _define(desk, term, desk.rng.choice(desk.lesson.facts))


def _short(
    desk: Desk, source: str, text: str, answer: str, final: str, steps: tuple[str, ...], tag: str, takeaway: str = ""
) -> Core:
    return Core(
        kind="SHORT_ANSWER",
        native="medium",
        source=source,
        text=text,
        answer=answer,
        final=final,
        why=" ".join(steps),
        steps=steps,
        discussion=desk.say("written_discussion"),
        takeaway=takeaway or final,
        bloom="UNDERSTAND",
        tag=tag,
    )


def _reach(desk: Desk, objective: str) -> Core:
    steps = (desk.say("goal_read"), desk.say("goal_say"), desk.say("goal_check"))
    text, answer = desk.say("reach_goal", objective=objective), desk.say("goal_answer")
    return _short(desk, f"goal:{objective}", text, answer, answer, steps, "revision")


def _explain(desk: Desk, reason: Reason) -> Core:
    steps = (desk.say("cause_step", cause=reason.cause), desk.say("effect_step", effect=reason.effect))
    text = desk.say("explain_why", effect=reason.effect)
    whole = desk.say("whole_reason", effect=reason.effect, cause=reason.cause)
    return _short(desk, f"reason:{reason.effect}", text, reason.cause, reason.cause, steps, "reasoning", whole)


def _distinguish(desk: Desk, first: Term, second: Term) -> Core:
    steps = tuple(desk.say("means", term=term.name, meaning=term.meaning) for term in (first, second))
    answer = desk.say(
        "distinguish_answer",
        first=first.name,
        first_meaning=first.meaning,
        second=second.name,
        second_meaning=second.meaning,
    )
    text = desk.say("distinguish", first=first.name, second=second.name)
    return _short(desk, f"term:{first.name}", text, answer, answer, steps, "vocabulary")


def _correct(desk: Desk, fact: Fact) -> Core:
    steps = (
        desk.say("mistake_step", wrong=fact.wrong),
        desk.say("correct_step", key=fact.key),
        desk.say("corrected", true=fact.true),
    )
    return _short(
        desk, f"fact:{fact.key}", desk.say("correct_it", false=fact.false), fact.true, fact.true, steps, "facts"
    )


def _define(desk: Desk, term: Term, fact: Fact) -> Core:
    meaning = desk.say("means", term=term.name, meaning=term.meaning)
    steps = (meaning, desk.say("define_fact", true=fact.true), desk.say("define_note"))
    text = desk.say("define", term=term.name, title=desk.lesson.about)
    return _short(desk, f"term:{term.name}", text, meaning, meaning, steps, "vocabulary")


def assertion_reason(desk: Desk) -> Iterator[Core]:
    """The four standard cases in random turn, each with other material every time."""
    makers = [_both_linked(desk), _both_apart(desk), _reason_false(desk), _assertion_false(desk)]
    desk.rng.shuffle(makers)
    while makers:
        for maker in list(makers):
            core = next(maker, None)
            if core is None:
                makers.remove(maker)
            else:
                yield core


def _both_linked(desk: Desk) -> Iterator[Core]:
    for reason in desk.shuffled(desk.lesson.reasons):
        notes = (desk.say("a_true", a=reason.effect), desk.say("r_true", r=reason.cause), desk.say("r_explains"))
        yield _assertion(desk, f"reason:{reason.effect}", reason.effect, reason.cause, "A", notes)


def _both_apart(desk: Desk) -> Iterator[Core]:
    for first, second in desk.shuffled(combinations(desk.lesson.facts, 2)):
        notes = (desk.say("a_true", a=first.true), desk.say("r_true", r=second.true), desk.say("r_apart"))
        yield _assertion(desk, f"fact:{first.key}", first.true, second.true, "B", notes)


def _reason_false(desk: Desk) -> Iterator[Core]:
    for reason, fact in desk.shuffled(product(desk.lesson.reasons, desk.lesson.facts)):
        notes = (desk.say("a_true", a=reason.effect), desk.say("r_false", true=fact.true))
        yield _assertion(desk, f"reason:{reason.effect}", reason.effect, fact.false, "C", notes)


def _assertion_false(desk: Desk) -> Iterator[Core]:
    for first, second in desk.shuffled(permutations(desk.lesson.facts, 2)):
        notes = (desk.say("a_false", true=first.true), desk.say("r_true", r=second.true))
        yield _assertion(desk, f"fact:{first.key}", first.false, second.true, "D", notes)


def _assertion(desk: Desk, source: str, a: str, r: str, letter: str, notes: tuple[str, ...]) -> Core:
    verdict = desk.say(f"ar_{letter}")
    answer = f"{letter}) {verdict}"
    return Core(
        kind="ASSERTION_REASON",
        native="medium",
        source=source,
        text=desk.say("assertion", a=a, r=r),
        answer=answer,
        final=letter,
        why=" ".join(notes),
        steps=(*notes, answer),
        discussion=desk.say("assertion_discussion"),
        takeaway=verdict,
        bloom="ANALYZE",
        tag="reasoning",
        options=tuple((key, desk.say(f"ar_{key}")) for key in LETTERS),
        correct=(letter,),
    )
