"""Long questions: case studies, higher-order questions, long answers."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations, product

from hydrateall.llm.offline.lessons import Fact, Reason, Term
from hydrateall.llm.offline.phrases import choose
from hydrateall.llm.offline.questions.cores import Core, Desk

NAMES = (
    ("Asha", "आशा"),
    ("Kabir", "कबीर"),
    ("Meena", "मीना"),
    ("Ravi", "रवि"),
    ("Sana", "सना"),
    ("Tenzin", "तेनज़िन"),
    ("Farhan", "फ़रहान"),
    ("Lata", "लता"),
)


def case_study(desk: Desk) -> Iterator[Core]:
    """The lesson's situation with both questions and with each; then two learners who disagree about a fact."""
    situation = desk.lesson.application
    (first, first_answer), (second, second_answer) = situation.questions[:2]
    both = desk.say("find_both", first=first, second=second)
    answers = desk.say("case_answers", first=first_answer, second=second_answer)
    yield _case(desk, situation.text, both, answers)
    for question, answer in desk.shuffled(situation.questions):
        yield _case(desk, situation.text, question, answer)
    couples = desk.shuffled(combinations(NAMES, 2))
    for fact, couple in zip(desk.shuffled(desk.lesson.facts), couples, strict=False):
        yield _dispute(desk, fact, *(choose(desk.language, name) for name in desk.shuffled(couple)))


def _long(
    desk: Desk,
    kind: str,
    source: str,
    text: str,
    answer: str,
    steps: tuple[str, ...],
    takeaway: str,
    *,
    bloom: str,
    tag: str,
    final: str | None = None,
    scenario: str | None = None,
    why: str | None = None,
) -> Core:
    return Core(
        kind=kind,
        native="hard",
        source=source,
        text=text,
        answer=answer,
        final=final or answer,
        why=why or " ".join(steps),
        steps=steps,
        discussion=desk.say("case_discussion" if scenario else "written_discussion"),
        takeaway=takeaway,
        bloom=bloom,
        tag=tag,
        scenario=scenario,
    )


def _case(desk: Desk, scenario: str, text: str, answer: str) -> Core:
    fact = desk.rng.choice(desk.lesson.facts)
    steps = (answer, desk.say("behind_case", summary=desk.lesson.summary))
    return _long(
        desk,
        "CASE_STUDY",
        "case:application",
        text,
        answer,
        steps,
        fact.true,
        bloom="APPLY",
        tag="application",
        scenario=scenario,
        why=steps[1],
    )


def _dispute(desk: Desk, fact: Fact, one: str, other: str) -> Core:
    say = desk.say
    right, wrong = (fact.true, fact.false)
    first, second = (right, wrong) if desk.rng.random() < 0.5 else (wrong, right)
    scenario = say("dispute", title=desk.lesson.about, one=one, first=first, other=other, second=second)
    steps = (say("mistake_step", wrong=fact.wrong), say("correct_step", key=fact.key), say("corrected", true=fact.true))
    text = say("dispute_question", one=one, other=other, key=fact.key, wrong=fact.wrong)
    answer = say("dispute_answer", name=one if first == right else other, true=fact.true)
    return _long(
        desk,
        "CASE_STUDY",
        f"fact:{fact.key}",
        text,
        answer,
        steps,
        fact.true,
        bloom="EVALUATE",
        tag="application",
        scenario=scenario,
    )


def higher_order(desk: Desk) -> Iterator[Core]:
    """Claims to refute, explanations to judge, and explanations to build from two parts."""
    claims = desk.shuffled(desk.lesson.facts)
    swaps = desk.shuffled((a, b) for a, b in product(desk.lesson.reasons, repeat=2) if a != b and b.stands_alone)
    for place in range(max(len(claims), len(swaps))):
        if place < len(swaps):
            yield _judge_explanation(desk, *swaps[place])
        if place < len(claims):
            yield _refute(desk, claims[place])
    for reason, fact in desk.shuffled(product(desk.lesson.reasons, desk.lesson.facts)):
        yield _sort_out(desk, reason, fact)


def _refute(desk: Desk, fact: Fact) -> Core:
    say = desk.say
    steps = (
        say("mistake_step", wrong=fact.wrong),
        say("corrected", true=fact.true),
        say("refute_step", key=fact.key),
    )
    text = say("refute", false=fact.false)
    answer = say("refute_answer", true=fact.true)
    return _long(
        desk,
        "HOTS",
        f"fact:{fact.key}",
        text,
        answer,
        steps,
        fact.true,
        bloom="EVALUATE",
        tag="reasoning",
        final=fact.true,
    )


def _judge_explanation(desk: Desk, asked: Reason, offered: Reason) -> Core:
    say = desk.say
    steps = (
        say("offered_step", effect=offered.effect),
        say("cause_step", cause=asked.cause),
        say("effect_step", effect=asked.effect),
    )
    text = say("judge_explanation", effect=asked.effect, cause=offered.cause)
    answer = say("judge_answer", cause=asked.cause)
    return _long(
        desk,
        "HOTS",
        f"reason:{asked.effect}",
        text,
        answer,
        steps,
        say("whole_reason", effect=asked.effect, cause=asked.cause),
        bloom="EVALUATE",
        tag="reasoning",
        final=asked.cause,
    )


def _sort_out(desk: Desk, reason: Reason, fact: Fact) -> Core:
    say = desk.say
    steps = (
        say("cause_step", cause=reason.cause),
        say("mistake_step", wrong=fact.wrong),
        say("corrected", true=fact.true),
    )
    text = say("sort_out", effect=reason.effect, false=fact.false)
    answer = say("sort_out_answer", cause=reason.cause, true=fact.true)
    return _long(
        desk, "HOTS", f"reason:{reason.effect}", text, answer, steps, fact.true, bloom="ANALYZE", tag="reasoning"
    )


def long_answer(desk: Desk) -> Iterator[Core]:
    """An account of the topic that uses two named terms and explains one observation."""
    for terms, reason in desk.shuffled(product(combinations(desk.lesson.terms, 2), desk.lesson.reasons)):
        yield _account(desk, terms, reason, desk.rng.sample(desk.lesson.facts, 2))


def _account(desk: Desk, terms: tuple[Term, ...], reason: Reason, facts: list[Fact]) -> Core:
    say = desk.say
    first, second = terms
    text = say("account", title=desk.lesson.about, first=first.name, second=second.name, effect=reason.effect)
    whole = say("whole_reason", effect=reason.effect, cause=reason.cause)
    steps = (
        desk.lesson.summary,
        *(say("means", term=term.name, meaning=term.meaning) for term in terms),
        *(fact.true for fact in facts),
        whole,
    )
    answer = say(
        "account_answer",
        first=first.name,
        first_meaning=first.meaning,
        second=second.name,
        second_meaning=second.meaning,
        cause=reason.cause,
    )
    return _long(
        desk, "LONG_ANSWER", f"reason:{reason.effect}", text, answer, steps, whole, bloom="ANALYZE", tag="reasoning"
    )
