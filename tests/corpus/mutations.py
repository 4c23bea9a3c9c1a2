"""Ways in which a question goes wrong, taken from what teachers find. Each returns the spoilt question, or None.

Written from the issue's lists, not from the gates: a mutation says what is wrong, never how it could be found.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable
from random import Random
from typing import Any

Question = dict[str, Any]
Mutation = Callable[[Question, Random, str], Question | None]
NUMBER = re.compile(r"(?<![\d.^_{])\d+(?:\.\d+)?(?![\d.]*\d)")
UNIT_AT_END = re.compile(r"(?<=\d)(\s?)(m/s²|m/s|km/h|cm³|cm²|m³|m²|kg|cm|km|mm|g|m|N|J|W|V|A|Ω|s|Pa|Hz|C|D|u|°)$")
OTHER_UNIT = {"m": "kg", "cm": "s", "m/s": "N", "N": "m", "J": "V", "V": "J", "A": "Ω", "Ω": "A", "s": "m", "kg": "m"}
ENGLISH_HALF = "which is because the particles of the body are in constant motion"
HINDI_HALF = "क्योंकि वस्तु के कण लगातार गति करते रहते हैं"


def _answer(question: Question) -> dict[str, Any]:
    return question["correctAnswer"]


def _texts_of_answer(question: Question) -> list[str]:
    return [
        name for name in ("explanation", "scientificExplanation", "directAnswer", "answer") if _answer(question)[name]
    ]


def _one_key(question: Question) -> bool:
    return question["questionType"] in ("MCQ", "ASSERTION_REASON")


def _other_letter(question: Question, rng: Random) -> str:
    return rng.choice([letter for letter in "ABCD" if letter not in _answer(question)["correctOptions"]])


def _changed(number: str, rng: Random) -> str:
    """Another number of the same form."""
    if "." in number:
        places = len(number.partition(".")[2])
        return f"{float(number) + rng.choice((2, 3, 5, 10)) * 10**-places:.{places}f}"
    return str(int(number) + rng.choice((1, 2, 3, 10)))


def key_swapped(q: Question, rng: Random, _: str) -> Question | None:
    """The letter of another option is given as the key."""
    if not _one_key(q):
        return None
    letter = _other_letter(q, rng)
    _answer(q).update(correctOptions=[letter], finalAnswer=letter)
    return q


def key_swapped_with_its_sentence(q: Question, rng: Random, _: str) -> Question | None:
    """Another option is given as the answer, letter and text; the explanation still speaks of the right one."""
    answer = _answer(q)
    if q["questionType"] != "MCQ" or not answer["answer"] or not answer["explanation"]:
        return None
    letter = _other_letter(q, rng)
    text = next(option["text"] for option in q["options"] if option["key"] == letter)
    answer.update(correctOptions=[letter], finalAnswer=letter, answer=f"{letter}) {text}")
    return q


def two_keys(q: Question, rng: Random, _: str) -> Question | None:
    """Two letters are given where one is right."""
    if not _one_key(q):
        return None
    letters = sorted([*_answer(q)["correctOptions"], _other_letter(q, rng)])
    _answer(q).update(correctOptions=letters, finalAnswer=", ".join(letters))
    return q


def multi_select_key_lost(q: Question, rng: Random, _: str) -> Question | None:
    """One of several right options is replaced by a wrong one, in the key only."""
    if q["questionType"] != "MULTI_SELECT":
        return None
    letters = sorted([*_answer(q)["correctOptions"][1:], _other_letter(q, rng)])
    _answer(q).update(correctOptions=letters, finalAnswer=", ".join(letters))
    return q


def explanation_names_another_letter(q: Question, rng: Random, language: str) -> Question | None:
    """The explanation ends in a letter that is not the key."""
    if not _one_key(q):
        return None
    letter = _other_letter(q, rng)
    phrases = {
        "en": (
            f"Hence, option {letter} is correct.",
            f"So the correct answer is {letter}.",
            f"Therefore, the answer is ({letter}).",
        ),
        "hi": (f"अतः विकल्प {letter} सही है।", f"इसलिए सही उत्तर {letter} है।", f"अतः सही विकल्प ({letter}) है।"),
    }
    ending = rng.choice(phrases[language])
    answer = _answer(q)
    if answer["explanation"]:
        answer["explanation"] += f" {ending}"
    elif answer["solutionSteps"]:
        answer["solutionSteps"][-1] = ending
    return q


def option_duplicated_with_other_spelling(q: Question, rng: Random, language: str) -> Question | None:
    """A wrong option says what another one says, in other letters, spacing or punctuation."""
    if not q["options"]:
        return None
    one, other = rng.sample(q["options"], 2)
    text = one["text"].rstrip(".।")
    ways = [text + ("." if language == "en" else "।"), f"  {text} ", text.replace(" ", "  ")]
    if language == "en" and "$" not in text and not re.search(r"\d", text):
        ways.append(text.upper())
    other["text"] = rng.choice(ways)
    return q


def option_equal_as_mathematics(q: Question, rng: Random, _: str) -> Question | None:
    """A wrong option is the key in other figures: 12 cm and 24/2 cm."""
    if q["questionType"] != "MCQ":
        return None
    key = next(option for option in q["options"] if option["key"] in _answer(q)["correctOptions"])
    match = re.fullmatch(r"\$?(\d+(?:\.\d+)?)\$?(\s?[^\s\d$]{0,4})", key["text"])
    if not match or match[1] == "0":
        return None
    number, rest = match.groups()
    doubled = f"{float(number) * 2:.10g}"
    ways = [rf"$\frac{{{doubled}}}{{2}}${rest}", f"{doubled}/2{rest}"]
    ways += [f"{number}.0{rest}", f"{int(number) - 1} + 1{rest}"] if number.isdigit() else [f"{number}0{rest}"]
    rng.choice([option for option in q["options"] if option is not key])["text"] = rng.choice(ways)
    return q


def option_empty(q: Question, rng: Random, _: str) -> Question | None:
    """An option has no text."""
    if not q["options"]:
        return None
    rng.choice(q["options"])["text"] = rng.choice(("", " ", "-", "null", "N/A"))
    return q


def option_lost(q: Question, rng: Random, _: str) -> Question | None:
    """Three options are left."""
    if not q["options"]:
        return None
    q["options"].remove(rng.choice([o for o in q["options"] if o["key"] not in _answer(q)["correctOptions"]]))
    return q


def all_of_the_above(q: Question, rng: Random, language: str) -> Question | None:
    """A way out instead of a choice."""
    if q["questionType"] not in ("MCQ", "MULTI_SELECT"):
        return None
    ways = {
        "en": ("All of the above", "None of the above", "All of these", "None of these.", "Both A and B"),
        "hi": ("उपर्युक्त सभी", "उपरोक्त सभी", "इनमें से कोई नहीं", "उपर्युक्त में से कोई नहीं", "A और B दोनों"),
    }
    wrong = [option for option in q["options"] if option["key"] not in _answer(q)["correctOptions"]]
    wrong[-1]["text"] = rng.choice(ways[language])
    return q


def stem_reveals_the_key(q: Question, rng: Random, language: str) -> Question | None:
    """The question says its own answer."""
    if q["questionType"] not in ("MCQ", "FILL_BLANK"):
        return None
    final = _answer(q)["finalAnswer"]
    text = next((option["text"] for option in q["options"] or () if option["key"] == final), final)
    q["questionText"] += rng.choice(
        {
            "en": (f" (Answer: {text})", f" The correct answer is: {text}"),
            "hi": (f" (उत्तर: {text})", f" सही उत्तर: {text}"),
        }[language]
    )
    return q


def final_step_changed(q: Question, rng: Random, _: str) -> Question | None:
    """The last step ends in another number than the final answer."""
    steps = _answer(q)["solutionSteps"]
    return q if q["questionType"] == "NUMERICAL" and steps and _spoil_last_number(steps, len(steps) - 1, rng) else None


def final_answer_changed(q: Question, rng: Random, _: str) -> Question | None:
    """The final answer is another number than the one computed."""
    answer = _answer(q)
    found = list(NUMBER.finditer(answer["finalAnswer"]))
    if q["questionType"] != "NUMERICAL" or not found:
        return None
    last = found[-1]
    answer["finalAnswer"] = (
        answer["finalAnswer"][: last.start()] + _changed(last[0], rng) + answer["finalAnswer"][last.end() :]
    )
    return q


def arithmetic_step_changed(q: Question, rng: Random, _: str) -> Question | None:
    """A calculation on the way does not come out."""
    steps = _answer(q)["solutionSteps"] or []
    worked = [
        place
        for place, step in enumerate(steps)
        if re.search(r"\d\s*(?:\\times|\+|-|−|×|÷|\\div|/)\s*\d[^=]*=\s*-?\d+(?:\.\d+)?(?![\d.]*\d)\D*$", step)
    ]
    if q["questionType"] != "NUMERICAL" or not worked:
        return None
    return q if _spoil_last_number(steps, rng.choice(worked), rng) else None


def _spoil_last_number(steps: list[str], place: int, rng: Random) -> bool:
    found = list(NUMBER.finditer(steps[place]))
    if not found:
        return False
    last = found[-1]
    steps[place] = steps[place][: last.start()] + _changed(last[0], rng) + steps[place][last.end() :]
    return True


def unit_dropped(q: Question, _: Random, __: str) -> Question | None:
    """The final answer is a bare number."""
    answer = _answer(q)
    if q["questionType"] != "NUMERICAL" or not UNIT_AT_END.search(answer["finalAnswer"]):
        return None
    answer["finalAnswer"] = UNIT_AT_END.sub("", answer["finalAnswer"])
    return q


def unit_changed(q: Question, _: Random, __: str) -> Question | None:
    """The final answer is in a unit of something else."""
    answer = _answer(q)
    match = UNIT_AT_END.search(answer["finalAnswer"])
    if q["questionType"] != "NUMERICAL" or not match:
        return None
    answer["finalAnswer"] = (
        answer["finalAnswer"][: match.start()] + " " + OTHER_UNIT.get(match[2], "kg" if match[2] != "kg" else "m")
    )
    return q


def _formula_fields(q: Question, sign: str) -> list[tuple[dict[str, Any] | list[str], Any]]:
    places: list[tuple[Any, Any]] = [(q, "questionText"), (q, "scenario")]
    places += [(_answer(q), name) for name in _texts_of_answer(q)]
    places += [(_answer(q)["solutionSteps"], number) for number in range(len(_answer(q)["solutionSteps"] or ()))]
    places += [(option, "text") for option in q["options"] or ()]
    return [(holder, name) for holder, name in places if holder[name] and sign in holder[name]]


def _without_one(q: Question, sign: str, rng: Random, instead: str = "") -> Question | None:
    fields = _formula_fields(q, sign)
    if not fields:
        return None
    holder, name = rng.choice(fields)
    at = rng.choice([match.start() for match in re.finditer(re.escape(sign), holder[name])])
    holder[name] = holder[name][:at] + instead + holder[name][at + len(sign) :]
    return q


def latex_brace_lost(q: Question, rng: Random, _: str) -> Question | None:
    """A brace of a formula is missing."""
    return _without_one(q, rng.choice("{}"), rng)


def latex_dollar_lost(q: Question, rng: Random, _: str) -> Question | None:
    """A formula has one dollar sign only."""
    return _without_one(q, "$", rng)


def latex_backslash_lost(q: Question, rng: Random, _: str) -> Question | None:
    """A fraction or root without its backslash."""
    return _without_one(q, "\\frac", rng, "frac") or _without_one(q, "\\sqrt", rng, "sqrt")


def latex_eaten_by_json(q: Question, rng: Random, _: str) -> Question | None:
    r"""\frac and \times written with a single backslash in JSON: a form feed or a tab comes out."""
    return _without_one(q, "\\frac", rng, "\frac") or _without_one(q, "\\times", rng, "\times")


def half_a_sentence_in_the_other_language(q: Question, rng: Random, language: str) -> Question | None:
    """Half of a sentence is in the other language."""
    places: list[tuple[Any, Any]] = [(_answer(q), name) for name in _texts_of_answer(q)]
    places += [(_answer(q)["solutionSteps"], number) for number in range(len(_answer(q)["solutionSteps"] or ()))]
    holder, name = rng.choice([*places, (q, "questionText")])
    words = holder[name].split()
    half = " ".join(words[: max(1, len(words) // 2)])
    half += "$" if half.count("$") % 2 else ""
    holder[name] = f"{half} {ENGLISH_HALF if language == 'hi' else HINDI_HALF}" + ("।" if language == "hi" else ".")
    return q


def placeholder_text(q: Question, rng: Random, language: str) -> Question | None:
    """A text that somebody was to replace."""
    ways = {
        "en": (
            "[Insert explanation here]",
            "TODO: write the explanation.",
            "Lorem ipsum dolor sit amet.",
            "[Your answer]",
            "(to be added)",
        ),
        "hi": ("[यहाँ उत्तर लिखें]", "TODO", "Lorem ipsum dolor sit amet.", "[insert text]", "यहाँ उत्तर लिखिए"),
    }
    name = rng.choice(_texts_of_answer(q) or ["finalAnswer"])
    _answer(q)[name] = rng.choice(ways[language])
    return q


def meta_text(q: Question, rng: Random, language: str) -> Question | None:
    """The model speaks of itself or of its task."""
    ways = {
        "en": (
            "As an AI language model, I think this is right.",
            "Here is the corrected question as requested.",
            "Wait, let me recalculate that.",
            "<think>Which option is it?</think>",
            "The user wants a question on this topic.",
        ),
        "hi": (
            "एक एआई मॉडल के रूप में मैं यह बता रहा हूँ।",
            "As an AI language model, I cannot say.",
            "रुकिए, फिर से गणना करता हूँ।",
            "<think>कौन-सा विकल्प?</think>",
        ),
    }
    names = _texts_of_answer(q)
    holder, name = rng.choice([(_answer(q), name) for name in names] + [(q, "questionText")])
    holder[name] = f"{rng.choice(ways[language])} {holder[name]}"
    return q


def answer_null(q: Question, _: Random, __: str) -> Question | None:
    """The final answer is missing."""
    _answer(q)["finalAnswer"] = None
    return q


def answer_says_null(q: Question, rng: Random, __: str) -> Question | None:
    """The final answer is a word for nothing."""
    _answer(q)["finalAnswer"] = rng.choice(("null", "None", "N/A", "undefined", "-"))
    return q


def reasoning_lost(q: Question, _: Random, __: str) -> Question | None:
    """No explanation and no steps."""
    _answer(q).update(explanation=None, solutionSteps=None, scientificExplanation=None)
    return q


def truth_flipped(q: Question, _: Random, language: str) -> Question | None:
    """The final answer is the other truth value; the sentences are as before."""
    if q["questionType"] != "TRUE_FALSE":
        return None
    pairs = {"en": {"True": "False", "False": "True"}, "hi": {"सत्य": "असत्य", "असत्य": "सत्य"}}[language]
    _answer(q)["finalAnswer"] = pairs[_answer(q)["finalAnswer"]]
    return q


def truth_undecided(q: Question, rng: Random, language: str) -> Question | None:
    """A true/false question whose answer is neither."""
    if q["questionType"] != "TRUE_FALSE":
        return None
    _answer(q)["finalAnswer"] = rng.choice(
        {"en": ("Partly true", "Maybe", "Cannot be said"), "hi": ("आंशिक रूप से सत्य", "शायद")}[language]
    )
    return q


def blank_lost(q: Question, _: Random, __: str) -> Question | None:
    """A fill-in question without its gap."""
    if q["questionType"] != "FILL_BLANK":
        return None
    q["questionText"] = q["questionText"].replace("_____", _answer(q)["finalAnswer"])
    return q


def second_blank(q: Question, _: Random, __: str) -> Question | None:
    """A fill-in question with two gaps and one answer."""
    if q["questionType"] != "FILL_BLANK":
        return None
    words = q["questionText"].split()
    words[-2] = "_____"
    q["questionText"] = " ".join([*words, "_____"])
    return q


def match_pair_doubled(q: Question, rng: Random, _: str) -> Question | None:
    """Two left entries go to one right entry."""
    if q["questionType"] != "MATCH":
        return None
    one, other = rng.sample(_answer(q)["pairs"], 2)
    one["right"] = other["right"]
    return q


def match_pairs_swapped(q: Question, rng: Random, _: str) -> Question | None:
    """Two pairs are crossed; the sentences are as before."""
    if q["questionType"] != "MATCH":
        return None
    one, other = rng.sample(_answer(q)["pairs"], 2)
    one["right"], other["right"] = other["right"], one["right"]
    return q


def match_entry_repeated(q: Question, rng: Random, _: str) -> Question | None:
    """The same entry stands twice in a column."""
    if q["questionType"] != "MATCH":
        return None
    one, other = rng.sample(q["matchColumns"]["right"], 2)
    one["text"] = other["text"]
    return q


def reason_lost(q: Question, _: Random, __: str) -> Question | None:
    """An assertion without a reason."""
    if q["questionType"] != "ASSERTION_REASON":
        return None
    q["questionText"] = re.split(r"Reason|कारण", q["questionText"])[0]
    return q


def case_lost(q: Question, _: Random, __: str) -> Question | None:
    """A case study without its case."""
    if q["questionType"] != "CASE_STUDY":
        return None
    q["scenario"] = None
    return q


def full_stop_for_danda(q: Question, _: Random, language: str) -> Question | None:
    """Hindi sentences that end in a full stop."""
    names = [name for name in _texts_of_answer(q) if re.search(r"[\u0900-\u097f]।", _answer(q)[name])]
    if language != "hi" or not names:
        return None
    _answer(q)[names[0]] = _answer(q)[names[0]].replace("।", ".")
    return q


def marks_out_of_range(q: Question, _: Random, __: str) -> Question | None:
    """Marks that no paper gives for such a question."""
    q["marks"] = {"easy": 5, "medium": 8, "hard": 1}[q["difficultyLevel"]]
    return q


def other_difficulty(q: Question, _: Random, __: str) -> Question | None:
    """Another difficulty than the one asked for."""
    q["difficultyLevel"] = {"easy": "hard", "medium": "easy", "hard": "medium"}[q["difficultyLevel"]]
    return q


def minutes_out_of_range(q: Question, _: Random, __: str) -> Question | None:
    """Minutes that nobody needs, or in which nobody can do it."""
    q["estimatedTimeMins"] = {"easy": 20, "medium": 25, "hard": 1}[q["difficultyLevel"]]
    return q


def bloom_level_of_another_difficulty(q: Question, _: Random, __: str) -> Question | None:
    """An easy question that claims to create, a hard one that claims to remember."""
    q["bloomTaxonomyLevel"] = {"easy": "CREATE", "medium": "REMEMBER", "hard": "REMEMBER"}[q["difficultyLevel"]]
    return q


def objective_of_another_topic(q: Question, rng: Random, language: str) -> Question | None:
    """The objective that the question claims to test is not one of its topic."""
    ways = {
        "en": ("Draw and label the parts of a flower", "Locate the monsoon winds on a map", "Construct a bar graph"),
        "hi": ("फूल के भागों का नामांकित चित्र बनाना", "मानचित्र पर मानसून पवनें दिखाना", "दंड आलेख की रचना करना"),
    }
    q["learningObjective"] = rng.choice(ways[language])
    return q


def html_or_script(q: Question, rng: Random, _: str) -> Question | None:
    """Raw HTML in a text: a script, an event handler, a frame, or a tag meant for layout."""
    ways = (
        "<script>alert(document.cookie)</script>",
        '<img src="x" onerror="alert(1)">',
        '<iframe src="https://example.org/"></iframe>',
        '<a href="#" onclick="go()">→</a>',
        "<b>!</b>",
        '<svg onload="alert(1)"></svg>',
    )
    holder, name = rng.choice([(q, "questionText"), *((_answer(q), name) for name in _texts_of_answer(q))])
    holder[name] += f" {rng.choice(ways)}"
    return q


def link_that_runs_or_image_from_elsewhere(q: Question, rng: Random, _: str) -> Question | None:
    """A Markdown link with a script behind it, or an image that a reader's browser would fetch from a stranger."""
    ways = (
        "[1](javascript:alert(1))",
        "[1](JaVaScRiPt:alert(1))",
        "[1](data:text/html;base64,PHNjcmlwdD4=)",
        "![1](https://example.org/pixel.png)",
        "![1](//example.org/pixel.png)",
    )
    holder, name = rng.choice([(q, "questionText"), *((_answer(q), name) for name in _texts_of_answer(q))])
    holder[name] += f" {rng.choice(ways)}"
    return q


def far_above_its_grade(q: Question, _: Random, language: str) -> Question | None:
    """The stem begins like a research paper."""
    if language != "en":
        return None
    q["questionText"] = (
        "Notwithstanding the considerable methodological heterogeneity characterising contemporary investigations, "
        "interdisciplinary collaborators have systematically endeavoured to operationalise multidimensional "
        "conceptualisations whose epistemological underpinnings, notwithstanding substantial interpretative "
        "ambiguity, continue to necessitate comprehensive reconsideration of institutionally established "
        "representational conventions throughout the experimental communities concerned, particularly whenever "
        "the corresponding instrumentation demonstrably exhibits unanticipated nonlinear characteristics, "
    ) + q["questionText"]
    return q


# What rules can know. The goals of the issue count over these.
DETERMINISTIC: tuple[Mutation, ...] = (
    key_swapped,
    key_swapped_with_its_sentence,
    two_keys,
    multi_select_key_lost,
    explanation_names_another_letter,
    option_duplicated_with_other_spelling,
    option_equal_as_mathematics,
    option_empty,
    option_lost,
    all_of_the_above,
    stem_reveals_the_key,
    final_step_changed,
    final_answer_changed,
    arithmetic_step_changed,
    unit_dropped,
    unit_changed,
    latex_brace_lost,
    latex_dollar_lost,
    latex_backslash_lost,
    latex_eaten_by_json,
    half_a_sentence_in_the_other_language,
    placeholder_text,
    meta_text,
    answer_null,
    answer_says_null,
    reasoning_lost,
    truth_flipped,
    truth_undecided,
    blank_lost,
    second_blank,
    match_pair_doubled,
    match_pairs_swapped,
    match_entry_repeated,
    reason_lost,
    case_lost,
    full_stop_for_danda,
    marks_out_of_range,
    minutes_out_of_range,
    other_difficulty,
    bloom_level_of_another_difficulty,
    objective_of_another_topic,
    html_or_script,
    link_that_runs_or_image_from_elsewhere,
    far_above_its_grade,
)


def unit_dropped_everywhere(q: Question, _: Random, __: str) -> Question | None:
    """No step and no answer names the unit."""
    answer = _answer(q)
    match = UNIT_AT_END.search(answer["finalAnswer"])
    if q["questionType"] != "NUMERICAL" or not match:
        return None
    bare = re.compile(rf"(?<=[\d}}$])\s?{re.escape(match[2])}(?![\w/²³])")
    answer["finalAnswer"] = bare.sub("", answer["finalAnswer"])
    answer["solutionSteps"] = [bare.sub("", step) for step in answer["solutionSteps"] or ()] or None
    return q


def wrong_throughout(q: Question, _: Random, language: str) -> Question | None:
    """A statement is called the opposite of what it is, in every sentence."""
    if q["questionType"] != "TRUE_FALSE":
        return None
    swaps = {"en": {"True": "False", "False": "True"}, "hi": {"सत्य": "असत्य", "असत्य": "सत्य"}}[language]
    _answer(q)["finalAnswer"] = swaps[_answer(q)["finalAnswer"]]
    said = {
        "True": "The statement is true.",
        "False": "The statement is false.",
        "सत्य": "यह कथन सत्य है।",
        "असत्य": "यह कथन असत्य है।",
    }
    _answer(q).update(answer=said[_answer(q)["finalAnswer"]], explanation=said[_answer(q)["finalAnswer"]])
    return q


# What only knowledge of the subject finds: shown in the table, outside of the goals.
SEMANTIC: tuple[Mutation, ...] = (unit_dropped_everywhere, wrong_throughout)


def spoilt(mutation: Mutation, question: Question, *, language: str, seed: str) -> Question | None:
    """A spoilt copy of a question, the same for the same seed; None where the mutation does not apply."""
    changed = mutation(copy.deepcopy(question), Random(f"{mutation.__name__} {seed}"), language)
    return changed if changed != question else None
