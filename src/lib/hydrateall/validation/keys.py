"""The key of a choice question: named alike everywhere, not given away, and not a way out ("all of the above")."""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import combinations
from typing import Annotated

from pydantic import Field

from hydrateall.curriculum.enums import QuestionType
from hydrateall.curriculum.schemas import OptionDraft
from hydrateall.validation.choices import CHOICES, ONE_KEY, normalised
from hydrateall.validation.completeness import filled
from hydrateall.validation.passages import is_word_edge, no_number_after, stands_in
from hydrateall.validation.quantities import canonical
from hydrateall.validation.schemas import Finding, QuestionItem

WAY_OUT = re.compile(
    r"^(?:(?:all|none|any|both|neither|some)(?: of)?(?: the)? (?:above|these|those|them|options|choices)"
    r"(?: (?:options|statements|choices))?(?: (?:is|are) (?:correct|true|right))?"
    r"|(?:both|neither|either|only) \(?[a-d]\)? (?:and|or|nor) \(?[a-d]\)?(?: (?:is|are) (?:correct|true|right))?"
    r"|(?:(?:उपर्युक्त|उपरोक्त|ऊपर दिए गए|ऊपर के|इनमें से|इन में से|दिए गए)(?: विकल्पों)?(?: में से)? )(?:सभी|कोई नहीं|कोई भी नहीं)"
    r"|(?:ये )?सभी(?: विकल्प)?(?: सही)?(?: हैं)?|दोनों \(?[ABCअबक]\)? (?:और|तथा|व) \(?[A-Dअबकसद]\)?"
    r"|\(?[ABCअबक]\)? (?:और|तथा|व) \(?[A-Dअबकसद]\)? दोनों)\W*$",
    re.IGNORECASE,
)
ANSWER_GIVEN = re.compile(
    r"\((?:answer|ans|key|उत्तर)\s*[:=.–-]|\b(?:the )?(?:correct "
    r"|right )?(?:answer|option|key) is (?:option )?\(?[A-D]\b"
    r"|\bhint: the answer\b|\b(?:correct|right) answer(?: is)?\s*[:=]|सही "
    r"(?:उत्तर|विकल्प) \(?[A-D]\)?(?: है|\b)|उत्तर\s*:\s*\S",
    re.IGNORECASE,
)
CLAIM = re.compile(
    r"(?:^|[.\n।;:] ?)\(?([A-D])\)(?=[\s:])"
    r"|(?i:\b(?:correct|right|final) (?:answer|option|choice)s?\s*(?:is|are|:|=)\s*(?:option |choice )?)\(?([A-D])\b"
    r"|(?i:\b(?:the )?answer(?: is|:)\s*(?:option |choice )?)\(?([A-D])\b(?!\w|-)"
    r"|(?i:\b(?:hence|therefore|thus|so),? (?:the )?(?:answer is )?(?:option"
    r"|choice)) \(?([A-D])\b(?![^.]{0,20}(?:wrong|incorrect|false|not\b))"
    r"|(?i:\b(?:option|choice) )\(?([A-D])\)? (?i:is (?:the )?(?:correct|right|true)\b)"
    r"|\b([A-D]) (?i:is the (?:correct|right) (?:answer|option|choice))"
    r"|सही (?:उत्तर|विकल्प)(?: है)?:? ?(?:विकल्प )?\(?([A-D])\b|अतः,? (?:सही )?(?:विकल्प|उत्तर) \(?([A-D])\b"
    r"|विकल्प \(?([A-D])\)? (?:ही )?सही|(?:^|[।\n] ?)उत्तर:? \(?([A-D])\b|उत्तर \(?([A-D])\)? है"
)
LETTERS_ASKED = re.compile(
    r"(?:(?:options?|answers?|choices?)[^.:]{0,20}(?: is| are|:)|विकल्प"
    r"|उत्तर:?)\s+((?:[A-D](?:,\s*| and | और |, and )?)+)(?![A-Za-z])"
)
VERDICT = re.compile(
    r"(?:^|[.\n।;] ?)(?:(?i:option )|विकल्प )?\(?([A-D])\)? (?:(is (?:correct|right|true)|सही है"
    r"|सत्य है)|(is (?:wrong|incorrect|false|not correct)|गलत है|असत्य है))"
)
CONCLUSION = re.compile(
    r"(?:^|[.\n।;] ?)(?:so|hence|therefore|thus|∴|अतः|इसलिए|अत:)[,\s]([^.\n।]*(?:\.\d[^.\n।]*)*)", re.IGNORECASE
)
FORM_ASKED = re.compile(
    r"\b(?:form|factori[sz]\w*|factors|simpl\w+|lowest|expan\w+|standard|express\w*|rationali[sz]\w*|conver\w+|units?|written|"
    r"equivalent|notation|decimal (?:form|expansion)|as a decimal|representation|identity|balanced|ratio|significant)\b"
    r"|गुणनखंड|सरलतम|सरल|रूप|मानक|व्यक्त|परिमेयकरण|बदल|मात्रक|लिख|दशमलव|अनुपात|संकेतन|सर्वसमिका",
    re.IGNORECASE,
)
# A title or a sentence that the question is about holds many words, the key's perhaps among them.
QUOTED = re.compile(r"“[^“”\s]+(?:\s[^“”\s]+){2,}”")
RESULT = re.compile(r"[.।;](?:\s|$)|\n")  # what ends a result


def distinct_as_mathematics(item: QuestionItem) -> Iterator[Finding]:
    """Find two options that are written differently and mean the same number, expression or quantity."""
    options = item.question.options or []
    if item.question.question_type not in CHOICES:
        return
    known = [(option, value) for option in options if (value := canonical(option.text)) is not None]
    for (one, value), (other, twin) in combinations(known, 2):
        if value == twin and normalised(one.text) != normalised(other.text):
            severity = "review" if FORM_ASKED.search(item.question.question_text) else "error"
            percent = ("%" in one.text) is not ("%" in other.text)
            yield Finding(
                "OPTION_EQUAL",
                "options",
                f"{one.key} and {other.key} are the same value ({one.text} and {other.text}); all four must differ.",
                severity="review" if percent and severity == "review" else severity,  # type: ignore[arg-type]
            )


def no_way_out(item: QuestionItem) -> Iterator[Finding]:
    """Find options that speak of other options, or of nothing."""
    if item.question.question_type is QuestionType.ASSERTION_REASON:
        return
    for option in item.question.options or ():
        if WAY_OUT.search(option.text.strip()):
            yield Finding(
                "WAY_OUT", f"options.{option.key}", f"({option.text}) is no choice of its own; write a real one."
            )


def no_giveaway(item: QuestionItem, *, key_letters: Annotated[int, Field(ge=1)] = 5) -> Iterator[Finding]:
    """Find questions whose own text says the answer. A key of fewer than `key_letters` stands there by chance."""
    question = item.question
    asked = f"{question.scenario or ''} {question.question_text}"
    if match := ANSWER_GIVEN.search(asked):
        yield Finding("ANSWER_IN_STEM", "questionText", f"gives the answer away ({match[0].strip()!r}).")
        return
    asked = QUOTED.sub(" ", asked)
    if question.question_type is QuestionType.MCQ:
        given = [option for option in question.options or () if _said(option.text, asked, key_letters)]
        if len(given) == 1 and given[0].key in (question.correct_answer.correct_options or ()):
            yield Finding("KEY_IN_STEM", "questionText", f"holds the right option ({given[0].text}); ask without it.")
    elif question.question_type is QuestionType.FILL_BLANK and _said(
        question.correct_answer.final_answer, asked, key_letters
    ):
        word = question.correct_answer.final_answer
        # A food chain or a named salt may hold the one word that is asked for.
        certain = " " in word.strip() or re.search(rf"[(“\"‘]\s*{re.escape(word)}\s*[)”\"’]", asked, re.IGNORECASE)
        message = "holds the word for its own gap; ask without it."
        yield Finding("KEY_IN_STEM", "questionText", message, severity="error" if certain else "advice")


def _said(text: str, passage: str, key_letters: int) -> bool:
    """Whether a word or phrase stands in a passage. Numbers and short words stand there by chance."""
    wanted = normalised(text)
    if len(wanted) < key_letters or any(sign.isdigit() for sign in wanted):
        return False
    return stands_in(wanted, normalised(passage), before=is_word_edge, after=is_word_edge)


def key_agrees_with_reasoning(item: QuestionItem) -> Iterator[Finding]:
    """Find answers whose sentences name another letter, or the text of another option, than the key."""
    question, answer = item.question, item.question.correct_answer
    keys = set(answer.correct_options or ())
    if question.question_type not in CHOICES or not question.options or not keys:
        return
    if question.question_type is QuestionType.MULTI_SELECT:
        yield from _letters_problem(item, keys)
        return
    for field, text in item.texts:
        if field.startswith("correctAnswer") and not field.endswith("final_answer"):
            named = {letter for match in CLAIM.finditer(text) for letter in match.groups() if letter}
            if named and not named & keys:
                yield Finding(
                    "KEY_LETTER", field, f"names {', '.join(sorted(named))}, but the key is {', '.join(keys)}."
                )
                return
    if question.question_type in ONE_KEY and len(keys) == 1 and keys <= {option.key for option in question.options}:
        yield from _content_problem(item, next(iter(keys)))


def _letters_problem(item: QuestionItem, keys: set[str]) -> Iterator[Finding]:
    text = "\n".join(part for part in (item.question.correct_answer.answer, item.reasoning) if part)
    named = [set(re.findall(r"[A-D]", match[1])) for match in LETTERS_ASKED.finditer(text)]
    if named and len(named[-1]) > 1 and named[-1] != keys:
        letters = ", ".join(sorted(named[-1]))
        yield Finding("KEY_LETTER", "correctAnswer.correctOptions", f"differ from what the steps conclude ({letters}).")
        return
    right = {match[1] for match in VERDICT.finditer(text) if match[2]}
    wrong = {match[1] for match in VERDICT.finditer(text) if match[3]}
    if len(right | wrong) == 4 and not right & wrong and keys not in (right, wrong):
        yield Finding("KEY_LETTER", "correctAnswer.correctOptions", "differ from what the steps say of each option.")


def _content_problem(item: QuestionItem, key: str) -> Iterator[Finding]:
    """Find sentences that give the text of one other option and not of the key. The first that is clear decides."""
    options = [option for option in item.question.options or () if filled(option.text)]
    for passage, decides in _passages(item, options):
        named = _named(options, passage)
        if named == {key} and decides:
            return
        if key in named or _hinted(options, key, passage):
            continue
        if len(named) == 1:
            message = f"is {key}, but the answer's sentences give the text of {named.pop()}."
            yield Finding("KEY_CONTENT", "correctAnswer.correctOptions", message)
            return


def _passages(item: QuestionItem, options: list[OptionDraft]) -> Iterator[tuple[str, bool]]:
    """What states the answer, and whether it settles the matter: conclusions and results do.

    A whole explanation counts for options in words only: numbers stand in it for many reasons.
    """
    answer = item.question.correct_answer
    yield from ((text, False) for text in (answer.answer, answer.direct_answer) if text)
    if answer.solution_steps:
        yield answer.solution_steps[-1], True
    if item.question.question_type is QuestionType.ASSERTION_REASON:
        return
    concluded = [match[1] for match in CONCLUSION.finditer(item.reasoning)]
    yield from ((text, True) for text in concluded[:2])
    if not any(sign.isdigit() for option in options for sign in option.text):
        yield item.reasoning, True
    elif not concluded and "=" in item.reasoning:
        yield RESULT.split(item.reasoning.rpartition("=")[2])[0], True


def _named(options: list[OptionDraft], passage: str) -> set[str]:
    """The keys of the options whose text stands in a passage; the longest wins where one holds another."""
    plain = normalised(passage.replace("$", ""))
    found = {option.key: normalised(option.text.replace("$", "")) for option in options}
    named = {key: text for key, text in found.items() if stands_in(text, plain, before=_opens, after=_closes)}
    return {
        key for key, text in named.items() if not any(text != longer and text in longer for longer in named.values())
    }


def _opens(sign: str) -> bool:
    return is_word_edge(sign) and sign not in (".", "$", "\\", "−", "-")


def _closes(rest: str) -> bool:
    return is_word_edge(rest) and no_number_after(rest)


def _hinted(options: list[OptionDraft], key: str, passage: str) -> bool:
    """Whether a long word of the key, which no other option has, stands in a passage in some form."""
    stems = {
        option.key: {word[:5] for word in re.findall(r"[^\W\d_]{5,}", option.text.casefold())} for option in options
    }
    others = set[str]().union(*(found for other, found in stems.items() if other != key))
    return any(stem in passage.casefold() for stem in stems.get(key, set()) - others)


def match_agrees(item: QuestionItem) -> Iterator[Finding]:
    """Find MATCH questions whose columns repeat an entry, or whose sentences pair otherwise than `pairs`."""
    question, answer = item.question, item.question.correct_answer
    if question.question_type is not QuestionType.MATCH or question.match_columns is None:
        return
    for side, column in (("left", question.match_columns.left), ("right", question.match_columns.right)):
        if len({normalised(entry.text) for entry in column}) < len(column):
            yield Finding("MATCH_DUPLICATE", f"matchColumns.{side}", "two entries say the same; all must differ.")
        if len({entry.key for entry in column}) < len(column):
            yield Finding("MATCH_KEYS", f"matchColumns.{side}", "two entries have the same key.")
    pairs = {pair.left: pair.right for pair in answer.pairs or ()}
    for field, text in (("finalAnswer", answer.final_answer), ("answer", answer.answer or "")):
        said = dict(re.findall(r"\b([A-F])\)?\s*(?:-|–|→|:|=|\\to|\\rightarrow)\s*\(?([1-6]|[a-f]|[P-U])\b", text))
        if said and said != pairs:
            yield Finding("MATCH_MISMATCH", f"correctAnswer.{field}", "pairs the entries otherwise than `pairs`.")
