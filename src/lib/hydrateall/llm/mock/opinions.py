"""A second opinion: the mock server solves the questions that it would write itself, and disputes a share of them.

It cannot think, but it knows its own library: it writes the set that the assignment describes once more, and looks
each question up by its text. What is not among them it does not know.
"""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from typing import Any

from hydrateall.llm.offline.assignment import Assignment
from hydrateall.llm.offline.writer import write_for

OPINION = "opinion"
UNKNOWN = "unknown"
OTHER_LETTER = {"A": "B", "B": "C", "C": "D", "D": "A"}
OTHER_WORD = {"true": "False", "false": "True", "सत्य": "असत्य", "असत्य": "सत्य"}
NUMBER = re.compile(r"(?<![\d(.])\d+(?:\.\d+)?")  # "(1)" may be the label of a part
Question = dict[str, Any]


@dataclass(frozen=True)
class Solver:
    """Solves questions; `disagreements` is the share that it answers otherwise than their key, chosen by the seed."""

    disagreements: float = 0.0
    seed: int = 0

    def solve(self, assignment: Assignment) -> dict[str, Any]:
        """The SolvedSetDraft of an assignment."""
        known = {question["questionText"]: question for question in _written(assignment)}
        return {"solutions": [self._solution(each, known.get(each["text"])) for each in assignment["questions"]]}

    def disputes(self, text: str) -> bool:
        """Whether the question of this text is answered otherwise: the same in every run with the same seed."""
        digest = hashlib.sha256(f"disputes {self.seed} {text}".encode()).digest()
        return int.from_bytes(digest[:8], "big") / 2**64 < self.disagreements

    def _solution(self, asked: Question, known: Question | None) -> dict[str, Any]:
        if known is None:
            reason = "The mock server solves only questions that it wrote itself."
            return {"number": asked["number"], "reason": reason, "answer": UNKNOWN}
        if self.disputes(asked["text"]):
            reason = "The mock server was told to dispute this one."
            return {"number": asked["number"], "reason": reason, "answer": _another(known)}
        return {"number": asked["number"], "reason": "Solved from the lesson.", "answer": _key(known)}


def _written(assignment: Assignment) -> list[Question]:
    """The set that the questions come from: the same assignment, from before there was anything to solve."""
    values = {name: value for name, value in assignment.values.items() if name != "questions"}
    questions: list[Question] = write_for(Assignment(values | {"purpose": "questions"}))["questions"]
    return questions


def _key(question: Question) -> str:
    answer = question["correctAnswer"]
    if answer["pairs"]:
        return ", ".join(f"{pair['left']}-{pair['right']}" for pair in answer["pairs"])
    return ", ".join(answer["correctOptions"] or [answer["finalAnswer"]])


def _another(question: Question) -> str:
    """A wrong answer of the right form: other letters, two pairs exchanged, the other word, another number."""
    answer = question["correctAnswer"]
    if answer["correctOptions"]:
        return ", ".join(sorted(OTHER_LETTER[letter] for letter in answer["correctOptions"]))
    if answer["pairs"]:
        first, second, *others = answer["pairs"]
        exchanged = [(first["left"], second["right"]), (second["left"], first["right"])]
        return ", ".join(f"{left}-{right}" for left, right in exchanged + [(o["left"], o["right"]) for o in others])
    final = answer["finalAnswer"]
    if (word := final.casefold()) in OTHER_WORD:
        return OTHER_WORD[word]
    if NUMBER.search(final):
        return NUMBER.sub(lambda match: f"{2 * float(match[0]) + 1:g}", final, count=1)
    return f"not {final}"
