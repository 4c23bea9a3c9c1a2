"""Fingerprints: what counts as the same question, and keys that stay what they are once they are stored."""

from __future__ import annotations

import subprocess
import sys
from collections import Counter, defaultdict
from random import Random

import pytest

from hydrateall.validation.duplicates import (
    SIMILAR,
    Fingerprint,
    duplicate_findings,
    fingerprint,
    fingerprint_of_draft,
    fingerprint_of_row,
    repeats_within,
)
from hydrateall.validation.fingerprints import ALGORITHM
from outline_bank import Placed, outline_questions

LENS = "A doctor prescribes a concave lens of focal length 80 cm. Find its power with its sign."
POWERS = ["1.25 D", "−12.5 D", "−1.25 D", "−0.8 D"]
MIRROR = "किसी अवतल दर्पण के सामने 20 cm दूर रखी वस्तु का प्रतिबिंब कहाँ बनेगा?"
PASSAGE = (
    "Ravi keeps a pot of curd in a warm room overnight. In the morning it smells sour, and the milk has set. He asks "
    "his mother, who sells curd on the market, why that did not happen in the refrigerator of his uncle."
)
ENGLISH_BANDS = [
    2052752998,
    -122620396,
    1249009760,
    -901261735,
    1518783262,
    922430136,
    -797034187,
    -1938602129,
    1133465410,
    25932770,
    884854522,
    -1885879225,
]
HINDI_BANDS = [
    -54660973,
    -1309299814,
    -1391290553,
    -552382871,
    953430661,
    -887964027,
    1472889497,
    1695488598,
    431175444,
    1659927220,
    595340005,
    393856518,
]
SHAPES = (-4855400469432729456, -9106884235623643094)


def shared_bands(one: Fingerprint, other: Fingerprint) -> int:
    return len(set(one.bands) & set(other.bands))


class TestBands:
    """The index holds them for years: another value means that every stored question must be indexed anew."""

    def test_keep_their_known_values(self) -> None:
        english, hindi = fingerprint("en", LENS, POWERS), fingerprint("hi", MIRROR)

        assert ALGORITHM == 201
        assert english.bands == ENGLISH_BANDS
        assert hindi.bands == HINDI_BANDS
        assert (english.shape, hindi.shape) == SHAPES

    def test_are_the_same_in_another_process(self) -> None:
        program = (
            "from hydrateall.validation.duplicates import fingerprint; "
            f"print(fingerprint('en', {LENS!r}, {POWERS!r}).bands)"
        )

        printed = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout

        assert printed.strip() == str(fingerprint("en", LENS, POWERS).bands)

    def test_differ_between_languages(self) -> None:
        sum_ = "$2x + 3y = 12$"

        assert shared_bands(fingerprint("en", sum_), fingerprint("hi", sum_)) == 0

    def test_are_shared_by_nearly_all_that_is_similar(self) -> None:
        rng = Random(1)
        pairs = [(each.fingerprint, self.reworded(each, rng)) for each in outline_questions()]

        similar = [pair for pair in pairs if pair[0].similarity(pair[1]) >= SIMILAR]

        assert len(similar) > 2000
        assert sum(shared_bands(*pair) > 0 for pair in similar) >= 0.99 * len(similar)

    def reworded(self, placed: Placed, rng: Random) -> Fingerprint:
        words = placed.question.question_text.split(" ")
        words[rng.randrange(len(words))] = "another"
        changed = placed.question.model_copy(update={"question_text": " ".join(words)})
        return fingerprint_of_draft(placed.language, changed)


class TestSimilarity:
    @pytest.mark.parametrize(
        "stem",
        [
            LENS.upper(),
            f"  {LENS.replace(' ', '  ')} ",
            LENS.rstrip("."),
            LENS.replace("80 cm", "$80$ cm"),
        ],
    )
    def test_forgives_case_space_punctuation_and_dollars(self, stem: str) -> None:
        assert fingerprint("en", stem, POWERS).similarity(fingerprint("en", LENS, POWERS)) == 1.0

    def test_forgives_the_order_of_the_options(self) -> None:
        one, other = fingerprint("en", LENS, POWERS), fingerprint("en", LENS, POWERS[::-1])

        assert one.text == other.text
        assert one.bands == other.bands

    def test_is_high_for_one_changed_word_of_a_sentence(self) -> None:
        english = fingerprint("en", LENS.replace("doctor", "dentist"), POWERS)
        hindi = fingerprint("hi", MIRROR.replace("वस्तु", "मोमबत्ती"))

        assert english.similarity(fingerprint("en", LENS, POWERS)) >= SIMILAR
        assert hindi.similarity(fingerprint("hi", MIRROR)) >= 0.7

    @pytest.mark.parametrize(
        ("one", "other"),
        [
            ("What is the SI unit of force?", "What is the SI unit of work?"),
            ("True or false? Copper is a metal.", "True or false? Sulphur is a gas."),
            ("बल का SI मात्रक क्या है?", "कार्य का SI मात्रक क्या है?"),
            ("In which quadrant is $(6, -2)$?", "In which quadrant is $(6, 2)$?"),
        ],
    )
    def test_is_low_for_short_questions_on_different_things(self, one: str, other: str) -> None:
        assert fingerprint("en", one).similarity(fingerprint("en", other)) < SIMILAR

    def test_is_low_for_two_questions_on_one_passage(self) -> None:
        one = fingerprint("en", "Which microbes set the milk?", passage=PASSAGE)
        other = fingerprint("en", "Why is the refrigerator slower?", passage=PASSAGE)

        assert one.similarity(other) < 0.3

    def test_is_low_for_one_question_on_two_passages(self) -> None:
        one = fingerprint("en", "What would happen on the next day?", passage=PASSAGE)
        other = fingerprint("en", "What would happen on the next day?", passage="A farmer burns straw on her fields.")

        assert one.similarity(other) < 0.5


class TestShape:
    def test_is_the_same_for_other_numbers(self) -> None:
        one, other = fingerprint("en", LENS, POWERS), fingerprint("en", LENS.replace("80", "125"), ["0.8 D"])

        assert one.shape == other.shape is not None
        assert one.numbers != other.numbers

    def test_knows_the_sign_of_a_number(self) -> None:
        one, other = fingerprint("en", "Where is $(-3, 4)$?"), fingerprint("en", "Where is $(−3, -4)$?")

        assert (one.numbers, other.numbers) == (("-3", "4"), ("-3", "-4"))

    @pytest.mark.parametrize("stem", ["Why is the sky blue at noon?", "$2 + 3$ = ?", "Solve $x^2 = 9$."])
    def test_is_none_without_numbers_or_without_words(self, stem: str) -> None:
        assert fingerprint("en", stem).shape is None


class TestRows:
    def test_are_fingerprinted_as_their_drafts(self) -> None:
        for placed in outline_questions()[::7]:
            question = placed.question
            columns = question.match_columns
            stored = question.model_dump(include={"question_text", "scenario", "options"})
            row = {**stored, "language": placed.language}
            if columns:
                row["options"] = columns.model_dump()

            assert fingerprint_of_row(row) == placed.fingerprint


class TestSampleContent:
    """A bank made of templates is the worst case for false alarms."""

    def test_flags_only_what_a_teacher_would_call_a_repeat(self) -> None:
        found: Counter[str] = Counter()
        by_band: defaultdict[int, list[tuple[Placed, Fingerprint]]] = defaultdict(list)
        for placed in outline_questions():
            mine = placed.fingerprint
            met = {id(other): (other, theirs) for band in mine.bands for other, theirs in by_band[band]}
            repeats = [
                other
                for other, theirs in met.values()
                if mine.numbers == theirs.numbers and mine.similarity(theirs) >= SIMILAR
            ]
            found.update({placed.where(other) for other in repeats})
            found["flagged"] += bool(repeats)
            for band in mine.bands:
                by_band[band].append((placed, mine))

        assert len(outline_questions()) == 3960
        assert found["topic"] <= 1  # the energy of the small fish, and of the big fish, of one food chain
        assert found["elsewhere"] == 0
        assert 10 <= found["flagged"] <= 20  # 0.5 %: one formula mass in two topics, one theorem in two grades


class TestRepeatsWithin:
    def test_names_the_earlier_question_of_the_set(self) -> None:
        others = [fingerprint("en", "Why is the sky blue at noon?"), fingerprint("en", LENS, POWERS)]

        found = repeats_within([*others, fingerprint("en", LENS, POWERS[::-1])])

        assert [(each.code, each.item, each.message) for each in found] == [
            ("DUPLICATE", 3, "nearly repeats question 2 of this set.")
        ]

    def test_leaves_other_numbers_to_the_gate_of_sets(self) -> None:
        assert repeats_within([fingerprint("en", LENS), fingerprint("en", LENS.replace("80", "60"))]) == []


class TestFindings:
    def test_are_none_when_nothing_is_near(self) -> None:
        assert duplicate_findings([]) == []
