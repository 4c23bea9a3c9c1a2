"""Questions made of terms and their meanings, and columns to match."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import combinations

from hydrateall.llm.offline.lessons import Term
from hydrateall.llm.offline.questions.choices import four_choices
from hydrateall.llm.offline.questions.cores import Core, Desk
from hydrateall.llm.offline.questions.facts import one_choice

Entries = Sequence[tuple[str, str]]
LEFT_KEYS, RIGHT_KEYS = "ABCDEF", "123456"


def choose_meaning(desk: Desk) -> Iterator[Core]:
    """The meaning of a term, or the term of a meaning; every term is asked once before any is asked again."""
    forms = [(term, desk.rng.random() < 0.5) for term in desk.shuffled(desk.lesson.terms)]
    for term, by_name in [*forms, *((term, not by_name) for term, by_name in forms)]:
        yield from _meaning_choice(desk, term, by_name)


def _meaning_choice(desk: Desk, term: Term, by_name: bool) -> Iterator[Core]:
    others = [other for other in _terms_nearby(desk) if other.name != term.name]
    key = term.meaning if by_name else term.name
    drawn = four_choices(desk.rng, key, [other.meaning if by_name else other.name for other in others])
    if drawn:
        options, letter = drawn
        text = desk.say("what_means", term=term.name) if by_name else desk.say("which_term", meaning=term.meaning)
        why = desk.say("means", term=term.name, meaning=term.meaning)
        yield one_choice(
            desk, "easy", f"term:{term.name}", text, options, letter, why, tag="vocabulary", bloom="REMEMBER"
        )


def _terms_nearby(desk: Desk) -> list[Term]:
    """The topic's own terms first, as the closest distractors, then those of the chapter's other topics."""
    own = desk.shuffled(desk.lesson.terms)
    return own + desk.shuffled(term for lesson in desk.lesson.neighbours for term in lesson.terms)


def match(desk: Desk) -> Iterator[Core]:
    """Terms with meanings, gaps with the entries that fill them, observations with reasons."""
    for terms in desk.shuffled(combinations(desk.lesson.terms, 4)):
        yield _match_terms(desk, terms)
    usable = [fact for fact in desk.lesson.facts if not fact.in_formula]
    for facts in desk.shuffled(combinations(usable, 4)):
        entries = [(fact.gap, fact.key) for fact in facts]
        if len({key for _, key in entries}) == len(entries):
            names = ", ".join(sorted(key for _, key in entries))
            yield _columns(desk, "match:gaps", desk.say("match_gaps", names=names), entries)
    reasons = [(reason.effect, reason.cause) for reason in desk.lesson.reasons]
    yield _columns(desk, "match:reasons", desk.say("match_reasons", title=desk.lesson.about), reasons)
    for terms in desk.shuffled(combinations(desk.lesson.terms, 3)):
        yield _match_terms(desk, terms)


def _match_terms(desk: Desk, terms: Sequence[Term]) -> Core:
    names = ", ".join(term.name for term in terms)
    return _columns(
        desk, "match:terms", desk.say("match_terms", names=names), [(term.name, term.meaning) for term in terms]
    )


def _columns(desk: Desk, source: str, text: str, entries: Entries) -> Core:
    left = tuple((LEFT_KEYS[place], entry[0]) for place, entry in enumerate(entries))
    mixed = _moved(desk, [entry[1] for entry in entries])
    right = tuple((RIGHT_KEYS[place], words) for place, words in enumerate(mixed))
    pairs = tuple((LEFT_KEYS[place], RIGHT_KEYS[mixed.index(entry[1])]) for place, entry in enumerate(entries))
    listed = ", ".join(f"{a}-{b}" for a, b in pairs)
    notes = tuple(desk.say("match_because", left=entry[0], right=entry[1]) for entry in entries)
    answer = desk.say("match_answer", pairs=listed)
    return Core(
        kind="MATCH",
        native="easy",
        source=source,
        text=text,
        answer=answer,
        final=listed,
        why=" ".join(notes),
        steps=(*notes, answer),
        discussion=desk.say("choice_discussion"),
        takeaway=notes[0],
        bloom="UNDERSTAND",
        tag="vocabulary",
        columns=(left, right),
        pairs=pairs,
    )


def _moved(desk: Desk, entries: list[str]) -> list[str]:
    """The entries in an order that is not the one they came in."""
    mixed = desk.shuffled(entries)
    return mixed if mixed != entries else [*mixed[1:], mixed[0]]
