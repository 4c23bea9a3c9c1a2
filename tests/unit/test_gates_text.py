"""Gates on texts and forms: placeholders, language, LaTeX, notes, keys, types, sets, and a gate that breaks."""

from __future__ import annotations

import time
from dataclasses import replace

import pytest

from factories import choice_question, question
from hydrateall.curriculum.enums import DifficultyLevel, QuestionType
from hydrateall.curriculum.schemas import NoteDraft, OptionDraft, QuestionDraft, QuestionSetDraft
from hydrateall.validation import service
from hydrateall.validation.latex import latex_problem
from hydrateall.validation.rulebook import Rulebook
from hydrateall.validation.schemas import Context, Finding, NoteItem
from hydrateall.validation.script import in_its_language
from hydrateall.validation.text import CONTROL, META, PLACEHOLDER

RULES = service.default_rulebook()


def review(*questions: QuestionDraft, language: str = "en") -> list[Finding]:
    draft = QuestionSetDraft(questions=list(questions))
    context = Context(language, "8", "SCIENCE")
    return service.judge_questions(
        draft, rules=RULES, context=context, count=len(questions), difficulty=DifficultyLevel.EASY, avoid=[]
    ).findings


def note(content: str, language: str = "en") -> list[str]:
    short = replace(next(rule for rule in RULES.rules if rule.gate == "note_length"), grades=None)
    short = replace(short, parameters={"fewest": 10, "most": 20, "far_below": 0.6, "far_above": 1.25})
    rules = Rulebook((short, *(rule for rule in RULES.rules if rule.gate != "note_length")))
    found = service.judge_note(NoteDraft(content=content), rules=rules, context=Context(language, "8", "SCIENCE"))
    return [f"{finding.code} {finding.severity}" for finding in found.findings]


def in_language(text: str, language: str) -> bool:
    return not list(in_its_language(NoteItem(text, Context(language, "8", "SCIENCE"))))


class TestTexts:
    @pytest.mark.parametrize(
        "text", ["Lorem ipsum dolor", "[Insert diagram here]", "TODO", "(to be added)", "यहाँ उत्तर लिखिए"]
    )
    def test_hold_no_placeholder(self, text: str) -> None:
        assert PLACEHOLDER.search(text)

    @pytest.mark.parametrize(
        "text",
        ["Insert three rational numbers between 1 and 2.", "The answer has to be written in metres.", "Add 2 to 3."],
    )
    def test_may_ask_to_insert_or_add(self, text: str) -> None:
        assert not PLACEHOLDER.search(text)

    @pytest.mark.parametrize(
        "text", ["As an AI language model", "<think>", "Wait, let me recalculate", "Here is the JSON"]
    )
    def test_do_not_speak_of_the_task(self, text: str) -> None:
        assert META.search(text)

    def test_hold_no_eaten_latex(self) -> None:
        assert all(CONTROL.search(text) for text in ("\frac{1}{2}", "2 \times 3", "a \neq b", "\rho"))

    @pytest.mark.parametrize("sign", ["\x1b", "\x9b", "\u200b", "\u202e", "\u2066", "\ufeff", "\U000e0041"])
    def test_hold_no_signs_that_nobody_sees(self, sign: str) -> None:
        assert CONTROL.search(f"Which g{sign}as?")
        unseen = review(choice_question().model_copy(update={"tags": ["light", f"heat{sign}"]}))
        assert ("CONTROL_CHARACTER", "tags") in {(found.code, found.field) for found in unseen}

    def test_of_hindi_keep_their_joiners(self) -> None:
        assert not CONTROL.search("क्\u200dष और क्\u200cष")

    @pytest.mark.parametrize("sign", ["क", "“", "‘a", "“a b c"])
    def test_that_are_long_and_odd_are_judged_at_once(self, sign: str) -> None:
        text = sign * (60_000 // len(sign))
        odd = choice_question().model_copy(update={"question_text": text})
        odd = odd.model_copy(
            update={"options": [OptionDraft(key="A", text=text), OptionDraft(key="B", text=f"{text}1")]}
        )
        started = time.process_time()
        review(odd, language="hi")
        assert time.process_time() - started < 5  # a search that begins anew at every sign takes minutes


class TestLanguage:
    @pytest.mark.parametrize(
        "text",
        [
            "प्रकाश संश्लेषण (photosynthesis) में ग्लूकोस बनता है।",
            "12 V की बैटरी से 4 Ω का प्रतिरोधक जोड़ा गया है।",
            "छह अनुपात sine, cosine, tangent और cotangent आदि कोण को भुजाओं की लंबाइयों से जोड़ते हैं।",
            "$F = ma$",
            "CO2",
            "DNA और RNA न्यूक्लिक अम्ल हैं।",
        ],
    )
    def test_of_hindi_may_hold_terms_symbols_and_units(self, text: str) -> None:
        assert in_language(text, "hi")

    @pytest.mark.parametrize("text", ["रस्सी 5 सेमी. लंबी है।", "प्रो. शर्मा और श्री. राव आए।", "5 किग्रा. चावल"])
    def test_of_hindi_may_hold_abbreviations(self, text: str) -> None:
        assert in_language(text, "hi")

    @pytest.mark.parametrize(
        "text",
        ["यह बल है which acts on the body.", "The force is zero.", "বল", "बल the rate of change of momentum के बराबर है।"],
    )
    def test_of_hindi_does_not_drift(self, text: str) -> None:
        assert not in_language(text, "hi")

    def test_of_english_holds_no_devanagari(self) -> None:
        assert not in_language("The force बल is zero.", "en")
        assert in_language("Δx = 3 m, naïve “quotes” – 5 °C", "en")


class TestLatex:
    @pytest.mark.parametrize(
        "text",
        [
            r"$\frac{1}{2}$ and $x^2$",
            r"$\left(\frac{a}{b}\right)^2$",
            r"$\begin{pmatrix} 1 & 2 \end{pmatrix}$",
            r"$$a = b$$",
            r"$\text{H}_2\text{O}$",
            r"It costs \$5.",
        ],
    )
    def test_that_closes_is_accepted(self, text: str) -> None:
        assert latex_problem(text) is None

    @pytest.mark.parametrize(
        "text",
        [
            "$x",
            r"$\frac{1}{2$",
            r"$\frac{1}2}$",
            r"$\left( x$",
            r"$\right) x$",
            r"$\begin{matrix} 1$",
            r"$\begin{matrix} 1 \end{array}$",
            r"$\fraction{1}{2}$",
            r"$frac{1}{2}$",
            r"\frac{1}{2}",
            r"\(x\)",
            "$ $",
        ],
    )
    def test_that_does_not_is_found(self, text: str) -> None:
        assert latex_problem(text)


class TestNotes:
    def test_are_accepted_within_their_length(self) -> None:
        assert note("word " * 15) == []

    @pytest.mark.parametrize(("words", "severity"), [(5, "error"), (8, "advice"), (22, "review"), (30, "error")])
    def test_are_measured_in_words(self, words: int, severity: str) -> None:
        assert note("word " * words) == [f"NOTE_LENGTH {severity}"]

    def test_are_checked_for_language_too(self) -> None:
        assert "LANGUAGE error" in note("शब्द " * 15)


class TestKeys:
    @pytest.mark.parametrize(
        "text", ["All of the above", "None of these.", "Both A and B", "उपर्युक्त सभी", "इनमें से कोई नहीं", "A और B दोनों"]
    )
    def test_are_never_a_way_out(self, text: str) -> None:
        found = review(choice_question(texts=("two", "three", "four", text)), language="en" if text.isascii() else "hi")

        assert "WAY_OUT" in [finding.code for finding in found]

    @pytest.mark.parametrize("text", ["none of these metals reacts with water", "Both A and B lie on the circle"])
    def test_may_speak_of_all_and_none(self, text: str) -> None:
        assert "WAY_OUT" not in [
            finding.code for finding in review(choice_question(texts=("two", "three", "four", text)))
        ]

    def test_are_not_always_in_one_place(self) -> None:
        found = review(*(choice_question(right=("C",)) for _ in range(5)))

        assert ("KEY_POSITION", "advice") in [(finding.code, finding.severity) for finding in found]


class TestForms:
    def test_of_assertion_and_reason_hold_both_statements(self) -> None:
        whole, half = (choice_question(kind=QuestionType.ASSERTION_REASON) for _ in range(2))
        whole.question_text = "Assertion (A): Two and two make four. Reason (R): Addition counts on."
        half.question_text = "Assertion (A): Two and two make four."

        assert "ASSERTION_REASON" not in [finding.code for finding in review(whole)]
        assert "ASSERTION_REASON" in [finding.code for finding in review(half)]

    @pytest.mark.parametrize(
        ("text", "gaps"), [("Two and two make _____.", 1), ("Two and two.", 0), ("_____ and _____.", 2)]
    )
    def test_of_a_gap_have_exactly_one(self, text: str, gaps: int) -> None:
        found = review(question(kind=QuestionType.FILL_BLANK, text=text))

        assert ("GAP_COUNT" in [finding.code for finding in found]) is (gaps != 1)
