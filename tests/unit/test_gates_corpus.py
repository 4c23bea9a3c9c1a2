"""The corpus: what the gates catch of each kind of mistake, and that they leave good questions alone."""

from __future__ import annotations

from collections import Counter

import pytest

from corpus.items import Labelled, good_items
from corpus.mutations import DETERMINISTIC, Mutation
from corpus.rates import findings, rate, refused

LEAST_CAUGHT, MOST_ALARMS = 0.95, 0.01
# Kinds whose wording decides: the explanation names no option, or the last step names two numbers.
HARDER = {"key_swapped_with_its_sentence": 0.85, "final_step_changed": 0.9}


@pytest.fixture(scope="module")
def good() -> list[Labelled]:
    return good_items()


class TestCorpus:
    def test_has_three_hundred_questions_of_every_type_language_and_subject(self, good: list[Labelled]) -> None:
        kinds = Counter((item.question["questionType"], item.language) for item in good)

        assert len(good) >= 300
        assert len(kinds) == 11 * 2
        assert min(kinds.values()) >= 7
        assert {item.subject for item in good} == {"SCIENCE", "MATH"}

    def test_has_at_least_fifteen_kinds_of_mistake(self) -> None:
        assert len({mutation.__name__ for mutation in DETERMINISTIC}) == len(DETERMINISTIC) >= 15


class TestGates:
    @pytest.mark.parametrize("mutation", DETERMINISTIC, ids=lambda mutation: mutation.__name__)
    def test_catch_the_kind(self, mutation: Mutation, good: list[Labelled]) -> None:
        found = rate(mutation, good)

        assert found.mutated >= 5
        assert found.share >= HARDER.get(found.kind, LEAST_CAUGHT), found.missed

    def test_leave_good_questions_alone(self, good: list[Labelled]) -> None:
        alarms = [item.name for item in good if refused(item)]

        assert len(alarms) <= MOST_ALARMS * len(good), alarms

    def test_never_break(self, good: list[Labelled]) -> None:
        broken = [(item.name, str(found)) for item in good for found in findings(item) if found.code == "GATE_BROKEN"]

        assert not broken
