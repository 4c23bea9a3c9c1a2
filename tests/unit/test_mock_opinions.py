"""The mock server's second opinion: right about what it wrote, wrong where it is told to, silent about the rest."""

from __future__ import annotations

import json
from typing import Any

import pytest

from hydrateall.curriculum.schemas import QuestionSetDraft, SolvedSetDraft
from hydrateall.llm.mock.opinions import Solver
from hydrateall.llm.mock.settings import MockSettings
from hydrateall.llm.offline.assignment import Assignment
from hydrateall.llm.offline.writer import write_for
from hydrateall.validation.service import agrees, compared
from mock_server import request, running
from offline_assignments import DIFFICULTIES, LANGUAGES, about, prompt, titles

ORDER = {"count": 5, "types": None, "avoid": []}


def the_set(language: str, difficulty: str, title: str) -> tuple[dict[str, Any], QuestionSetDraft]:
    """An assignment, and the set that the writer makes of it."""
    wanted = about(title, language, "questions", difficulty=difficulty, **ORDER)
    return wanted, QuestionSetDraft.model_validate(write_for(Assignment(wanted)))


def opinion_on(wanted: dict[str, Any], draft: QuestionSetDraft) -> dict[str, Any]:
    """The same assignment, with the set's questions to be solved."""
    asked = [{"number": n, "text": q.question_text} for n, q in enumerate(draft.questions, 1) if compared(q)]
    place = {name: value for name, value in wanted.items() if name not in ("attempt", "issues")}
    return {**place, "purpose": "opinion", "questions": asked}


def solve(solver: Solver, assignment: dict[str, Any]) -> dict[int, str]:
    solved = SolvedSetDraft.model_validate(solver.solve(Assignment(assignment)))
    return {solution.number: solution.answer for solution in solved.solutions}


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("difficulty", DIFFICULTIES)
class TestOwnQuestions:
    @pytest.mark.parametrize(("share", "right"), [(0.0, True), (1.0, False)])
    def test_are_answered_by_their_keys_or_all_otherwise(
        self, language: str, difficulty: str, share: float, right: bool
    ) -> None:
        for title in titles(language):
            wanted, draft = the_set(language, difficulty, title)
            solved = solve(Solver(share), opinion_on(wanted, draft))

            assert {agrees(draft.questions[number - 1], answer) for number, answer in solved.items()} <= {right}

    def test_are_known_after_a_second_attempt_too(self, language: str, difficulty: str) -> None:
        wanted, draft = the_set(language, difficulty, titles(language)[0])
        assignment = opinion_on(wanted | {"attempt": 2, "issues": ["item 1: wrong."]}, draft)

        assert "unknown" not in solve(Solver(), assignment).values()


class TestSolver:
    def test_does_not_know_what_it_did_not_write(self) -> None:
        wanted, draft = the_set("en", "easy", titles("en")[0])
        assignment = opinion_on(wanted, draft) | {"questions": [{"number": 9, "text": "Who are you?"}]}

        assert solve(Solver(1.0), assignment) == {9: "unknown"}

    def test_disputes_about_the_share_that_it_is_told(self) -> None:
        disputed = sum(Solver(0.3, seed=1).disputes(f"Question {number}") for number in range(2000))

        assert 540 < disputed < 660

    def test_disputes_others_with_another_seed(self) -> None:
        chosen = [{n for n in range(200) if Solver(0.3, seed).disputes(f"Question {n}")} for seed in (1, 1, 2)]

        assert chosen[0] == chosen[1] != chosen[2]

    @pytest.mark.parametrize("share", [-0.1, 1.1])
    def test_takes_a_share_only(self, share: float) -> None:
        with pytest.raises(ValueError, match="disagreements"):
            MockSettings(disagreements=share)


class TestServer:
    def test_answers_an_opinion_and_disputes_once_it_is_told_to(self) -> None:
        wanted, draft = the_set("en", "easy", titles("en")[0])
        asked = request() | {"messages": [{"role": "user", "content": prompt(opinion_on(wanted, draft))}]}

        with running() as mock:
            answers = [mock.ask(**asked)]
            mock.change(disagreements=1.0)
            answers.append(mock.ask(**asked))

        first, second = (json.loads(each.choices[0].message.content)["solutions"] for each in answers)
        assert all(one["answer"] != other["answer"] for one, other in zip(first, second, strict=True))
