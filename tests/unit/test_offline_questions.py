"""Question sets of the offline writer: exact counts, distinct texts, complete answers, honest choices."""

from __future__ import annotations

from pathlib import Path

import pytest

from hydrateall.llm.offline.bank import Library
from hydrateall.llm.offline.questions.choices import canonical
from offline_assignments import DIFFICULTIES, LANGUAGES, question_set, texts, titles
from offline_library import TITLES, small_library


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    folder: Path = tmp_path_factory.mktemp("library")
    return small_library(folder)


class TestQuestionSets:
    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("difficulty", DIFFICULTIES)
    @pytest.mark.parametrize("count", [*range(1, 8), 20, 50])
    def test_have_exactly_the_wanted_number_of_distinct_questions(
        self, library: Library, language: str, difficulty: str, count: int
    ) -> None:
        for title in titles(language):
            questions = question_set(library, title, language, difficulty, count)

            assert len(questions) == count
            assert len(texts(questions)) == count

    @pytest.mark.parametrize("kind", ["MCQ", "TRUE_FALSE", "FILL_BLANK", "MATCH", "NUMERICAL", "HOTS", "MULTI_SELECT"])
    @pytest.mark.parametrize("difficulty", DIFFICULTIES)
    def test_keep_to_the_allowed_types(self, library: Library, kind: str, difficulty: str) -> None:
        for title in titles("en"):
            questions = question_set(library, title, difficulty=difficulty, count=30, types=[kind])

            assert {question["questionType"] for question in questions} == {kind}

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_repeat_no_text_across_difficulties(self, library: Library, language: str) -> None:
        for title in titles(language):
            for types in (None, ["MCQ"], ["NUMERICAL"], ["TRUE_FALSE"]):
                sets = [texts(question_set(library, title, language, d, 40, types=types)) for d in DIFFICULTIES]

                assert len(set.union(*sets)) == 120

    def test_avoid_texts_that_exist_already(self, library: Library) -> None:
        for title in titles("en"):
            known = [question["questionText"] for question in question_set(library, title, count=12)]

            fresh = question_set(library, title, count=12, avoid=known)

            assert not texts(fresh) & {text.casefold() for text in known}

    def test_mix_types(self, library: Library) -> None:
        kinds = {question["questionType"] for question in question_set(library, TITLES[0]["en"])}

        assert len(kinds) >= 3

    def test_name_objectives_word_for_word(self, library: Library) -> None:
        goals = {question["learningObjective"] for question in question_set(library, TITLES[0]["en"])}

        assert goals == {"Explain the idea", "Apply the idea"}


class TestAnswers:
    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize(
        ("difficulty", "needed"),
        [
            ("easy", ["answer", "explanation"]),
            ("medium", ["solutionSteps"]),
            ("hard", ["directAnswer", "discussion", "keyTakeaway"]),
        ],
    )
    def test_are_complete(self, library: Library, language: str, difficulty: str, needed: list[str]) -> None:
        for title in titles(language):
            for question in question_set(library, title, language, difficulty, 40):
                answer = question["correctAnswer"]

                assert all(answer[field] for field in [*needed, "finalAnswer"])
                assert difficulty != "medium" or len(answer["solutionSteps"]) >= 2
                assert difficulty != "hard" or answer["solutionSteps"] or answer["scientificExplanation"]

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_never_hold_the_word_null(self, library: Library, language: str) -> None:
        for difficulty in DIFFICULTIES:
            for question in question_set(library, TITLES[0][language], language, difficulty, 30):
                values = [value for value in question["correctAnswer"].values() if isinstance(value, str)]

                assert all(value.strip() and value.casefold() not in ("null", "none") for value in values)


class TestChoices:
    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("kind", ["MCQ", "ASSERTION_REASON", "MULTI_SELECT"])
    def test_are_four_distinct_options_with_the_right_number_of_keys(
        self, library: Library, language: str, kind: str
    ) -> None:
        for title in titles(language):
            for question in question_set(library, title, language, "medium", 40, types=[kind]):
                answer, options = question["correctAnswer"], question["options"]

                assert [option["key"] for option in options] == ["A", "B", "C", "D"]
                assert len({canonical(option["text"]) for option in options}) == 4
                assert answer["finalAnswer"] == ", ".join(answer["correctOptions"])
                assert len(answer["correctOptions"]) in ((2, 3) if kind == "MULTI_SELECT" else (1,))

    def test_spread_the_key_over_all_places(self, library: Library) -> None:
        questions = question_set(library, TITLES[0]["en"], count=50, types=["MCQ"])

        keys = [question["correctAnswer"]["finalAnswer"] for question in questions]

        assert all(keys.count(letter) >= 5 for letter in "ABCD")

    def test_see_a_decimal_and_its_fraction_as_the_same_number(self) -> None:
        assert canonical("0.5") == canonical("1/2") == canonical(r"$\frac{1}{2}$")

    def test_keep_different_numbers_apart(self) -> None:
        assert len({canonical(text) for text in ("2 m", "−2 m", "2 cm", "20 m", "2.5 m", r"$2\sqrt{3}$ m")}) == 6


class TestMatching:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_pairs_every_left_entry_with_one_right_entry(self, library: Library, language: str) -> None:
        for question in question_set(library, TITLES[0][language], language, count=20, types=["MATCH"]):
            columns, pairs = question["matchColumns"], question["correctAnswer"]["pairs"]

            assert [pair["left"] for pair in pairs] == [entry["key"] for entry in columns["left"]]
            assert sorted(pair["right"] for pair in pairs) == [entry["key"] for entry in columns["right"]]
            assert [pair["right"] for pair in pairs] != [entry["key"] for entry in columns["right"]]

    def test_has_one_gap_in_a_fill_in_question(self, library: Library) -> None:
        for question in question_set(library, TITLES[0]["en"], count=30, types=["FILL_BLANK"]):
            assert question["questionText"].count("_____") == 1
