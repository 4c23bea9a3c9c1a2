"""Whether a second solution agrees with a question's key: letters, words, quantities and pairs, not spellings."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from typing import Any

from hydrateall.curriculum.enums import QuestionType
from hydrateall.curriculum.schemas import AnswerDraft, QuestionDraft
from hydrateall.validation.choices import CHOICES, normalised
from hydrateall.validation.forms import TRUTH
from hydrateall.validation.numericals import squeezed
from hydrateall.validation.quantities import PART_LABEL, VALUE_KINDS, Quantity, canonical, quantity
from hydrateall.validation.schemas import Finding
from hydrateall.validation.tokens import Token, tokens

COMPARED = (*CHOICES, QuestionType.TRUE_FALSE, QuestionType.FILL_BLANK, QuestionType.MATCH, QuestionType.NUMERICAL)
FIELD = "correctAnswer.finalAnswer"
OPINION_CODES = ("SECOND_OPINION", "NO_SECOND_OPINION")
TOLERANCE = 0.01  # g is 9.8 or 10 and π is 22/7 or 3.14, so two right solutions may differ a little
WORDS = {word: value for words in TRUTH.values() for word, value in words.items()} | {"t": True, "f": False}
LEAD_IN = re.compile(r"^\W*(?:the\s+)?(?:options?|answer|ans|विकल्प|उत्तर)\s*(?:is|are|:)?\s+", re.IGNORECASE)
ONLY_LETTERS = re.compile(r"\W*[A-D](?:(?:\W|\band\b|और|तथा|व)*[A-D])*\W*|\W*[a-d](?:\W+(?:and\W+)?[a-d])*\W*")
LETTER_WITH_TEXT = re.compile(r"(?:^|[,;\n]|\band\b|और)\s*\(?([A-Da-d])\s*[).:–-]")
PAIR = re.compile(r"\b([A-F])\)?\s*(?:-|–|—|→|:|=|\\to|\\rightarrow)\s*\(?([1-6]|[a-f]|[P-U])\b")
UNIT_WITH_POWER = re.compile(r"\\(?:text|mathrm|textrm)\s*\{([^{}]*)\}\^\{?(-?\d)\}?")
SEVERAL = re.compile(r";|,(?=[\s\\])|\s(?:and|or|और|तथा|या)\s")
BLANK = re.compile(r"^(?:\\[ ,;:]|\s)+")
NAME = re.compile(r"^\s*\$?\s*([A-Za-z\u0900-\u0963][\w']*)\s*[=≈]")
ALTERNATIVE = re.compile(r"\s*(?:/|\(|\)|\bor\b|\bया\b)\s*")
ARTICLE = re.compile(r"\b(?:a|an|the)\s")
LATEX = re.compile(r"\\(?:text|mathrm|textrm)|[$\\_{}^]")
PLURALS = (("ies", "y"), ("es", ""), ("s", ""), ("ia", "ium"), ("ia", "ion"), ("ae", "a"), ("i", "us"))
HINDI_PLURALS = (("ियाँ", "ी"), ("ियां", "ी"), ("ियों", "ी"), ("ाएँ", "ा"), ("ाएं", "ा"), ("ों", ""), ("ें", ""))
SHORTEST_WORD = 3  # "gas" is no plural of "ga"


def disagreement(question: QuestionDraft, solution: str, reason: str) -> Finding:
    """The doubt about a key that a second solution contradicts."""
    message = f"the key says {key_of(question)}, a second solution says {solution}: {reason}"
    return Finding("SECOND_OPINION", FIELD, message, severity="review")


def no_solution(problem: str) -> Finding:
    """The advice that nobody has solved the question again, with the sentence that says why."""
    return Finding("NO_SECOND_OPINION", FIELD, f"has no second solution. {problem}", severity="advice")


def opinions_in(report: dict[str, Any] | None) -> list[Finding]:
    """What a stored report says of second solutions: they were paid for, and no gate finds it again."""
    found = [each for each in (report or {}).get("findings", ()) if each.get("code") in OPINION_CODES]
    return [Finding(each["code"], each["field"], each["message"], severity=each["severity"]) for each in found]


def compared(question: QuestionDraft) -> bool:
    """Whether a second solution of this question can be compared with its key; essays have more than one."""
    return question.question_type in COMPARED


def key_of(question: QuestionDraft) -> str:
    """The key as a person reads it: letters, pairs, or the final answer."""
    answer = question.correct_answer
    if question.question_type in CHOICES and answer.correct_options:
        return ", ".join(sorted(answer.correct_options))
    if question.question_type is QuestionType.MATCH and answer.pairs:
        return ", ".join(f"{pair.left}-{pair.right}" for pair in answer.pairs)
    return answer.final_answer


def agrees(question: QuestionDraft, solution: str) -> bool:
    """Whether a solution says the same as the question's key."""
    answer = question.correct_answer
    if question.question_type in CHOICES:
        return _letters(question, solution) == frozenset(answer.correct_options or ())
    if question.question_type is QuestionType.TRUE_FALSE:
        return _truth(answer.final_answer) is not None and _truth(answer.final_answer) is _truth(solution)
    if question.question_type is QuestionType.MATCH:
        return bool(answer.pairs) and _pairs(solution) == _given_pairs(answer)
    if question.question_type is QuestionType.NUMERICAL or any(sign.isdigit() for sign in answer.final_answer):
        return same_value(answer.final_answer, solution) or same_words(answer.final_answer, solution)
    return same_words(answer.final_answer, solution)


def _letters(question: QuestionDraft, solution: str) -> frozenset[str]:
    """The letters that a solution names, or the letter of the option that it quotes."""
    said = LEAD_IN.sub("", solution)
    if ONLY_LETTERS.fullmatch(said):
        return frozenset(re.findall(r"[A-D]", re.sub("and", " ", said).upper()))
    if named := LETTER_WITH_TEXT.findall(said):
        return frozenset(letter.upper() for letter in named)
    return frozenset(option.key for option in question.options or () if normalised(option.text) == normalised(said))


def _truth(text: str) -> bool | None:
    """The truth value of an answer's first word, in either language."""
    words = re.split(r"[\s.,;:।—–-]+", normalised(text), maxsplit=1)
    return WORDS.get(words[0])


def _pairs(text: str) -> dict[str, str]:
    return dict(PAIR.findall(text))


def _given_pairs(answer: AnswerDraft) -> dict[str, str]:
    return {pair.left: pair.right for pair in answer.pairs or ()}


def same_words(ours: str, theirs: str) -> bool:
    """Whether two words or phrases are the same but for case, articles, hyphens and number (singular, plural)."""
    return any(_same_phrase(one, other) for one in _alternatives(ours) for other in _alternatives(theirs))


def _alternatives(text: str) -> list[list[str]]:
    """The words of a phrase, and of each of several that mean the same: "anode (positive electrode)", "0/zero"."""
    plain = normalised(LATEX.sub("", text))
    others = [] if any(sign.isdigit() for sign in plain) or PART_LABEL.search(text) else ALTERNATIVE.split(plain)
    found = (ARTICLE.sub("", f"{phrase} ").replace("-", " ").split() for phrase in (plain, *others))
    return [words for words in found if words]


def _same_phrase(ours: Sequence[str], theirs: Sequence[str]) -> bool:
    return len(ours) == len(theirs) and all(
        _forms(one) & _forms(other) for one, other in zip(ours, theirs, strict=True)
    )


def _forms(word: str) -> set[str]:
    """The word, and what it may be the plural of."""
    endings = PLURALS if word.isascii() else HINDI_PLURALS
    singulars = {word.removesuffix(ending) + instead for ending, instead in endings if word.endswith(ending)}
    return {word, *(form for form in singulars if len(form) >= SHORTEST_WORD)}


def same_value(ours: str, theirs: str) -> bool:
    """Whether two answers are the same mathematics: expressions, or quantities as exactly as they are written."""
    if squeezed(ours).casefold() == squeezed(theirs).casefold():
        return True
    if (known := canonical(ours)) is not None and known == canonical(theirs):
        return True
    one, other = _parts(ours), _parts(theirs)
    if len(one) == len(other) == 1:
        return _same_quantity(one[0], other[0])
    if len(one) != len(other):
        return False
    return all(map(same_value, one, other)) or (_are_loose(ours, one) and _same_in_any_order(one, other))


def _parts(text: str) -> list[str]:
    """The parts of "(i) 4 cm; (ii) 7 cm", of "x = 2, y = 3" (sorted by name), of "2 or -3", and of "(4, 1)"."""
    if PART_LABEL.search(text):
        return [part for part in PART_LABEL.split(text) if part.strip(" ;,.।")]
    parts = [BLANK.sub("", part) for part in SEVERAL.split(text) if part.strip(" $;,.।")]
    parts = [part.strip("$() ") if part.count("(") != part.count(")") else part for part in parts]
    return sorted(parts, key=_name) if all(map(_name, parts)) else parts


def _name(part: str) -> str:
    match = NAME.match(part)
    return match[1] if match else ""


def _are_loose(text: str, parts: Sequence[str]) -> bool:
    """Whether the order of the parts says nothing: two roots, but not two coordinates or two labelled answers."""
    ordered = PART_LABEL.search(text) or text.strip(" $").startswith("(") or len(set(map(_name, parts))) > 1
    return not ordered


def _same_in_any_order(one: Sequence[str], other: Sequence[str]) -> bool:
    left = list(other)
    for part in one:
        twin = next((each for each in left if same_value(part, each)), None)
        if twin is None:
            return False
        left.remove(twin)
    return True


def _same_quantity(ours: str, theirs: str) -> bool:
    one, other = _quantity(ours), _quantity(theirs)
    return one is not None and other is not None and _close(one, other)


def _quantity(text: str) -> Quantity | None:
    """The one quantity of a text, or the last of "v = d/t = 5 m/s"; other equations and inequalities are none."""
    cut = tokens(UNIT_WITH_POWER.sub(r"\\text{\1^\2}", text))
    relations = {token.text for token in cut if token.kind == "relation"}
    if relations and not (NAME.match(text) and relations <= {"=", "≈"}):
        return None
    found = [run for run in _runs(cut) if any(each.kind in ("number", "function") or each.text == "π" for each in run)]
    return quantity(found[-1]) if found and (len(found) == 1 or relations) else None


def _runs(found: Sequence[Token]) -> Iterator[list[Token]]:
    """The stretches of tokens that can be a value, cut at words, signs and relations."""
    run: list[Token] = []
    for token in (*found, Token("stop", "", False)):
        if token.kind in VALUE_KINDS:
            run.append(token)
            continue
        yield run
        run = []


def _close(one: Quantity, other: Quantity) -> bool:
    """Whether two quantities are the same, within the tolerance or the rounding of the digits that are written.

    A unit that only one of them names is taken as meant. Whole numbers without a unit are counts, and exact.
    """
    if one.unit and other.unit and one.unit.dimension != other.unit.dimension:
        return False
    measured = bool(one.unit and other.unit)
    scales = (1.0, 100.0, 0.01) if one.percent is not other.percent else (1.0,)
    for scale in scales:
        ours, theirs = (one.base, other.base) if measured else (one.value * scale, other.value)
        counts = not (one.unit or other.unit) and one.places == other.places == 0
        if math.isclose(ours, theirs, rel_tol=0 if counts else TOLERANCE):
            return True
        if abs(ours - theirs) <= max(_half_a_digit(one, measured), _half_a_digit(other, measured)):
            return True
    return False


def _half_a_digit(value: Quantity, measured: bool) -> float:
    """What the rounding of written decimals can hide, in the units compared. A whole number hides nothing."""
    if not value.places:
        return 0.0
    factor = value.unit.factor if measured and value.unit else 1.0
    return 0.5000001 * factor * 10.0**-value.places
