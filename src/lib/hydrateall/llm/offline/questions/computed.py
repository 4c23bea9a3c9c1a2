"""Computed questions: numerical choices (easy), numericals with steps (medium), several steps or a slip to find (hard).

An easy and a medium set must not draw the same problem, so each difficulty owns a share of all problem texts,
decided by their checksum.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from zlib import crc32

from hydrateall.llm.offline.numericals import GENERATORS
from hydrateall.llm.offline.numericals.shape import Numerical, decimal
from hydrateall.llm.offline.questions.choices import four_choices
from hydrateall.llm.offline.questions.cores import Core, Desk
from hydrateall.llm.offline.questions.facts import one_choice

SHARES = {"easy": 0, "medium": 1, "hard": 2}
DRAWS_IN_VAIN = 40


def problems(desk: Desk) -> Iterator[tuple[str, Numerical]]:
    """Distinct problems of this difficulty's share, the topic's kinds in turn, until nothing new comes."""
    kinds = desk.shuffled(desk.numericals)
    seen: set[str] = set()
    vain = 0
    while kinds and vain < DRAWS_IN_VAIN:
        for kind in kinds:
            drawn = GENERATORS[kind](desk.rng, desk.language)
            vain += 1
            if drawn.text not in seen and crc32(drawn.text.encode()) % 3 == SHARES[desk.difficulty]:
                seen.add(drawn.text)
                vain = 0
                yield kind, drawn


def numerical_choice(desk: Desk) -> Iterator[Core]:
    """A problem with the right value among the values of typical slips."""
    for kind, problem in problems(desk):
        drawn = four_choices(desk.rng, problem.answer, [slip.value for slip in problem.wrong])
        if drawn:
            options, letter = drawn
            slip = problem.wrong[0]
            why = f"{problem.explanation} {desk.say('slip_note', wrong=slip.value, reason=slip.reason)}"
            yield one_choice(
                desk, "easy", f"problem:{kind}", problem.text, options, letter, why,
                tag="calculation", bloom="APPLY", steps=problem.steps,
            )  # fmt: skip


def numerical(desk: Desk) -> Iterator[Core]:
    """The right form for the difficulty: one problem, or for hard sets problems that need more than one step."""
    if desk.difficulty == "hard":
        yield from _demanding(desk)
        return
    for kind, problem in problems(desk):
        yield _computed(desk, "medium", f"problem:{kind}", problem.text, problem.answer, problem.answer, problem.steps)
    while True:
        pair = _two(desk)
        if pair is None:
            return
        yield _both(desk, "medium", *pair)


def _computed(
    desk: Desk,
    native: str,
    source: str,
    text: str,
    answer: str,
    final: str,
    steps: tuple[str, ...],
    *,
    kind: str = "NUMERICAL",
) -> Core:
    return Core(
        kind=kind,
        native=native,
        source=source,
        text=text,
        answer=answer,
        final=final,
        why=" ".join(steps),
        steps=steps,
        discussion=desk.say("number_discussion"),
        takeaway=desk.say("number_takeaway"),
        bloom="APPLY" if native == "medium" else "ANALYZE",
        tag="calculation",
    )


def _demanding(desk: Desk) -> Iterator[Core]:
    """Slips to find and pairs of problems in turn, without end while the topic has numericals."""
    while desk.numericals:
        pair = _two(desk)
        if pair is None:
            return
        yield _compared(desk, *pair) or _both(desk, "hard", *pair)
        yield _slip_to_find(desk, _one(desk))


def slip_to_find(desk: Desk) -> Iterator[Core]:
    """Higher-order questions: solve a problem and name the mistake behind a wrong value."""
    while desk.numericals:
        yield replace(_slip_to_find(desk, _one(desk)), kind="HOTS")


def _one(desk: Desk) -> Numerical:
    return GENERATORS[desk.rng.choice(desk.numericals)](desk.rng, desk.language)


def _two(desk: Desk) -> tuple[Numerical, Numerical] | None:
    """Two different problems, of the same unknown where the draw allows it."""
    if not desk.numericals:
        return None
    first = _one(desk)
    for _ in range(6):
        second = _one(desk)
        if second.answer != first.answer and second.unit == first.unit and second.asked == first.asked:
            return first, second
    return (first, second) if second.answer != first.answer else None


def _compared(desk: Desk, first: Numerical, second: Numerical) -> Core | None:
    """Both problems and the difference of their results, when that difference means something."""
    if first.value is None or second.value is None or first.unit != second.unit or first.asked != second.asked:
        return None
    if not first.unit or first.value == second.value or not _exact(first, second):
        return None
    larger, smaller = sorted((first, second), key=lambda problem: problem.value or 0, reverse=True)
    difference = decimal((larger.value or 0) - (smaller.value or 0), first.unit)
    steps = _parts(desk, first, second)
    steps += (desk.say("compare_step", larger=larger.answer, smaller=smaller.answer, difference=difference),)
    answer = desk.say("compare_answer", first=first.answer, second=second.answer, difference=difference)
    text = desk.say("compare", first=first.text, second=second.text)
    return _computed(desk, "hard", "problem:compared", text, answer, difference, steps)


def _exact(*problems: Numerical) -> bool:
    """Whether the answers are shown as exact, non-negative decimals."""
    for problem in problems:
        try:
            if problem.value is None or problem.value < 0 or decimal(problem.value, problem.unit) != problem.answer:
                return False
        except ValueError:
            return False
    return True


def _both(desk: Desk, native: str, first: Numerical, second: Numerical) -> Core:
    text = desk.say("find_both", first=first.text, second=second.text)
    final = desk.say("both_answers", first=first.answer, second=second.answer)
    answer = desk.say("both_direct", first=first.answer, second=second.answer)
    return _computed(desk, native, "problem:both", text, answer, final, _parts(desk, first, second))


def _parts(desk: Desk, first: Numerical, second: Numerical) -> tuple[str, ...]:
    numbered = [("i", step) for step in first.steps] + [("ii", step) for step in second.steps]
    return tuple(desk.say("part", number=number, step=step) for number, step in numbered)


def _slip_to_find(desk: Desk, problem: Numerical) -> Core:
    slip = desk.rng.choice(problem.wrong[:3])
    text = desk.say("find_slip", text=problem.text, wrong=slip.value)
    answer = desk.say("slip_answer", answer=problem.answer, reason=slip.reason)
    steps = (*problem.steps, desk.say("slip_note", wrong=slip.value, reason=slip.reason))
    return _computed(desk, "hard", "problem:slip", text, answer, problem.answer, steps)
