"""Questions made of facts: true or false, gaps, choosing statements, correcting a statement."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations

from hydrateall.llm.offline.lessons import Fact, Term
from hydrateall.llm.offline.questions.choices import LETTERS, four_choices
from hydrateall.llm.offline.questions.cores import Core, Desk


def true_false(desk: Desk) -> Iterator[Core]:
    """Each fact once, true or falsified; then meanings, right or exchanged; then the facts the other way round."""
    facts = [(fact, desk.rng.random() < 0.5) for fact in desk.shuffled(desk.lesson.facts)]
    for fact, truth in facts:
        yield _judge_fact(desk, fact, truth)
    for term in desk.shuffled(desk.lesson.terms):
        yield _judge_meaning(desk, term, desk.rng.choice(desk.lesson.terms))
    for fact, truth in facts:
        yield _judge_fact(desk, fact, not truth)
    for first, second in desk.shuffled(combinations(desk.lesson.terms, 2)):
        yield _judge_meaning(desk, first, second)


def _judge_fact(desk: Desk, fact: Fact, truth: bool) -> Core:
    say = desk.say
    reason = (
        say("true_because", key=fact.key, wrong=fact.wrong)
        if truth
        else say("false_because", wrong=fact.wrong, true=fact.true)
    )
    return _judgement(desk, f"fact:{fact.key}", fact.true if truth else fact.false, truth, reason)


def _judge_meaning(desk: Desk, term: Term, owner: Term) -> Core:
    say, truth = desk.say, term == owner
    statement = say("means", term=term.name, meaning=owner.meaning)
    reason = say("means", term=term.name, meaning=term.meaning)
    if not truth:
        reason = say("other_meaning", other=owner.name, term=term.name, meaning=term.meaning)
    return _judgement(desk, f"term:{term.name}", statement, truth, reason)


def _judgement(desk: Desk, source: str, statement: str, truth: bool, reason: str) -> Core:
    verdict = desk.say("is_true" if truth else "is_false")
    return Core(
        kind="TRUE_FALSE",
        native="easy",
        source=source,
        text=desk.say("true_false", statement=statement),
        answer=verdict,
        final=desk.say("true" if truth else "false"),
        why=reason,
        steps=(reason, verdict),
        discussion=desk.say("judge_discussion"),
        takeaway=reason,
        bloom="REMEMBER",
        tag="facts",
    )


def fill_blank(desk: Desk) -> Iterator[Core]:
    """Facts with a gap, then terms asked for by their meaning."""
    for fact in desk.shuffled(fact for fact in desk.lesson.facts if not fact.in_formula):
        why = desk.say("gap_because", true=fact.true, wrong=fact.wrong)
        yield _gap(desk, f"fact:{fact.key}", desk.say("fill", gap=fact.gap), fact.key, why)
    for term in desk.shuffled(desk.lesson.terms):
        why = desk.say("means", term=term.name, meaning=term.meaning)
        yield _gap(desk, f"term:{term.name}", desk.say("fill_term", meaning=term.meaning), term.name, why)


def _gap(desk: Desk, source: str, text: str, key: str, why: str) -> Core:
    answer = desk.say("gap_is", key=key)
    return Core(
        kind="FILL_BLANK",
        native="easy",
        source=source,
        text=text,
        answer=answer,
        final=key,
        why=why,
        steps=(why, answer),
        discussion=desk.say("judge_discussion"),
        takeaway=why,
        bloom="REMEMBER",
        tag="facts",
    )


def choose_statement(desk: Desk) -> Iterator[Core]:
    """One true statement among falsified ones, and one falsified among true ones."""
    facts = desk.shuffled(desk.lesson.facts)
    for form in desk.shuffled(("statement_true", "statement_false")):
        truth = form == "statement_true"
        chosen, others = facts[0], facts[1:]
        drawn = four_choices(
            desk.rng, chosen.true if truth else chosen.false, [fact.false if truth else fact.true for fact in others]
        )
        if drawn:
            options, letter = drawn
            why = desk.say("only_true" if truth else "only_false", true=chosen.true)
            yield one_choice(
                desk,
                "easy",
                f"fact:{chosen.key}",
                desk.say(form, title=desk.lesson.about),
                options,
                letter,
                why,
                tag="facts",
            )
        facts = facts[3:] + facts[:3]


def one_choice(
    desk: Desk,
    native: str,
    source: str,
    text: str,
    options: tuple[tuple[str, str], ...],
    letter: str,
    why: str,
    *,
    tag: str,
    bloom: str = "UNDERSTAND",
    steps: tuple[str, ...] = (),
) -> Core:
    """An MCQ core from its options and key."""
    answer = f"{letter}) {dict(options)[letter]}"
    return Core(
        kind="MCQ",
        native=native,
        source=source,
        text=text,
        answer=answer,
        final=letter,
        why=why,
        steps=(*(steps or (why,)), answer),
        discussion=desk.say("choice_discussion"),
        takeaway=why,
        bloom=bloom,
        tag=tag,
        options=options,
        correct=(letter,),
    )


def multi_select(desk: Desk) -> Iterator[Core]:
    """Two or three right options among four: statements first, then terms with meanings."""
    facts = desk.shuffled(desk.lesson.facts)
    for form in desk.shuffled(("select_true", "select_false", "select_keep")):
        facts = facts[4:] + facts[:4]
        yield _select_facts(desk, form, facts[:4])
    for terms in desk.shuffled(combinations(desk.lesson.terms, 4)):
        yield _select_pairs(desk, terms)


def _select_facts(desk: Desk, form: str, facts: list[Fact]) -> Core:
    wanted = form != "select_false"
    right = set(desk.rng.sample(range(4), desk.rng.choice((2, 3))))
    shown = [fact.true if (place in right) == wanted else fact.false for place, fact in enumerate(facts)]
    notes = [
        desk.say("option_right", letter=letter, text=fact.true)
        if shown[place] == fact.true
        else desk.say("option_wrong", letter=letter, text=fact.true)
        for place, (letter, fact) in enumerate(zip(LETTERS, facts, strict=True))
    ]
    text = desk.say(form, title=desk.lesson.about)
    return _selection(desk, f"select:{form}", text, shown, right, notes)


def _select_pairs(desk: Desk, terms: tuple[Term, ...]) -> Core:
    say = desk.say
    right = set(desk.rng.sample(range(4), 2))
    first, second = sorted(set(range(4)) - right)
    owners = list(terms)
    owners[first], owners[second] = terms[second], terms[first]
    shown = [say("pair", term=term.name, meaning=owner.meaning) for term, owner in zip(terms, owners, strict=True)]
    notes = [
        say(
            "option_right" if place in right else "option_wrong",
            letter=letter,
            text=say("means", term=term.name, meaning=term.meaning),
        )
        for place, (letter, term) in enumerate(zip(LETTERS, terms, strict=True))
    ]
    text = say("select_pairs", names=", ".join(term.name for term in terms))
    return _selection(desk, "select:pairs", text, shown, right, notes)


def _selection(desk: Desk, source: str, text: str, shown: list[str], right: set[int], notes: list[str]) -> Core:
    letters = tuple(letter for place, letter in enumerate(LETTERS) if place in right)
    answer = desk.say("select_answer", letters=", ".join(letters))
    return Core(
        kind="MULTI_SELECT",
        native="medium",
        source=source,
        text=text,
        answer=answer,
        final=", ".join(letters),
        why=" ".join(notes),
        steps=(*notes, answer),
        discussion=desk.say("choice_discussion"),
        takeaway=notes[min(right)],
        bloom="ANALYZE",
        tag="facts",
        options=tuple(zip(LETTERS, shown, strict=True)),
        correct=letters,
    )
