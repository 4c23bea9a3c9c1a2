"""The index of near duplicates: what a lookup finds where, and how the index follows the bank."""

from __future__ import annotations

import uuid
from typing import Any

import pytest
import sqlalchemy as sa

from hydrateall.core.clock import new_id
from hydrateall.core.database import Database
from hydrateall.curriculum.enums import DifficultyLevel, QuestionType, ValidationStatus
from hydrateall.curriculum.models import Chapter, Subject, Topic, TopicQuestion
from hydrateall.validation.duplicates import (
    Near,
    duplicate_findings,
    find_near,
    fingerprint,
    fingerprint_of_row,
    index_missing,
    remember,
)
from hydrateall.validation.models import QuestionFingerprint

LENS = "A doctor prescribes a concave lens of focal length 80 cm. Find its power with its sign."
POWERS = ["1.25 D", "−12.5 D", "−1.25 D", "−0.8 D"]


class Bank:
    """Questions in topics of several subjects."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.home = self.topic("SCIENCE", "10", 2, 4)

    def topic(self, subject: str, grade: str, chapter: int, number: int, title: str = "Reflex Actions") -> uuid.UUID:
        with self.database.transaction() as session:
            chosen = sa.select(Subject.id).where(
                Subject.code == subject, Subject.grade == grade, Subject.language == "en"
            )
            owner = session.scalars(chosen).first()
            assert owner
            wanted = sa.select(Chapter.id).where(Chapter.subject_id == owner, Chapter.chapter_number == chapter)
            parent = session.scalar(wanted)
            if parent is None:
                parent = new_id()
                session.add(Chapter(id=parent, subject_id=owner, chapter_number=chapter, title="Chapter"))
                session.flush()
            made = Topic(id=new_id(), chapter_id=parent, topic_number=number, title=title)
            session.add(made)
        return made.id

    def add(self, stem: str = LENS, *, indexed: bool = True, **changes: Any) -> uuid.UUID:
        """Store a question; by default in the home topic, as question 3 (easy), and in the index."""
        values: dict[str, Any] = {
            "id": new_id(),
            "topic_id": self.home,
            "position": 3,
            "question_type": QuestionType.MCQ,
            "difficulty_level": DifficultyLevel.EASY,
            "question_text": stem,
            "options": [{"key": key, "text": text} for key, text in zip("ABCD", POWERS, strict=True)],
            "correct_answer": {"final_answer": "C"},
            "marks": 1,
        } | changes
        with self.database.transaction() as session:
            session.add(TopicQuestion(**values))
            session.flush()
            if indexed:
                remember(session, [(values["id"], fingerprint("en", stem, POWERS))])
        return values["id"]

    def near(self, *stems: str, **options: Any) -> list[list[Near]]:
        with self.database.transaction() as session:
            asked = [fingerprint("en", stem, POWERS) for stem in stems]
            return find_near(session, asked, topic_id=self.home, **options)

    def indexed(self) -> dict[uuid.UUID, tuple[int, list[int]]]:
        with self.database.transaction() as session:
            kept = session.scalars(sa.select(QuestionFingerprint)).all()
        return {each.question_id: (each.algorithm, each.bands) for each in kept}


@pytest.fixture
def bank(database: Database) -> Bank:
    return Bank(database)


class TestFindNear:
    def test_finds_the_same_question(self, bank: Bank) -> None:
        stored = bank.add()

        [[found]] = bank.near(LENS.upper())

        assert (found.question_id, found.similarity, found.exact) == (stored, 1.0, True)
        assert (found.where, found.place) == ("topic", "question 3 (easy) of 2.4 Reflex Actions")

    def test_finds_nearly_the_same_question(self, bank: Bank) -> None:
        bank.add()

        [[found]] = bank.near(LENS.replace("doctor", "dentist"))

        assert 0.8 <= found.similarity < 1.0
        assert (found.exact, found.same_numbers) == (False, True)

    def test_finds_the_stem_with_other_numbers(self, bank: Bank) -> None:
        bank.add()

        [[found]] = bank.near(LENS.replace("80", "125"))

        assert not found.same_numbers

    def test_finds_nothing_in_an_unrelated_question(self, bank: Bank) -> None:
        bank.add()

        assert bank.near("Why does a reflex not pass through the brain first?") == [[]]

    def test_answers_for_each_of_many(self, bank: Bank) -> None:
        stored = bank.add()

        found = bank.near("Why is the sky blue?", LENS, "Name three parts of a flower.", LENS.replace("80", "60"))

        assert [[each.question_id for each in one] for one in found] == [[], [stored], [], [stored]]

    def test_says_where_the_other_one_stands(self, bank: Bank) -> None:
        places = {
            "subject": bank.topic("SCIENCE", "10", 7, 1),
            "grade": bank.topic("SCIENCE", "9", 1, 2, "Lenses"),
            "elsewhere": bank.topic("MATH", "10", 1, 1),
        }
        stored = {bank.add(topic_id=topic_id): where for where, topic_id in places.items()}

        [found] = bank.near(LENS)

        assert [each.where for each in found] == ["subject", "grade", "elsewhere"]
        assert {each.question_id: each.where for each in found} == stored
        assert found[1].place == "question 3 (easy) of 1.2 Lenses (grade 9 Science)"

    def test_leaves_out_what_may_look_alike(self, bank: Bank) -> None:
        stored = bank.add()

        assert bank.near(LENS, excepted=[stored]) == [[]]

    def test_leaves_out_what_was_rejected(self, bank: Bank) -> None:
        bank.add(validation_status=ValidationStatus.REJECTED)

        assert bank.near(LENS) == [[]]

    def test_counts_the_current_version_only(self, bank: Bank) -> None:
        first = bank.add()
        second = bank.add(version=2, supersedes=first)

        [found] = bank.near(LENS)

        assert [each.question_id for each in found] == [second]

    def test_compares_the_wording_of_today(self, bank: Bank) -> None:
        stored = bank.add()
        with bank.database.transaction() as session:
            session.get_one(TopicQuestion, stored).question_text = "Why is the sky blue at noon?"

        assert bank.near(LENS) == [[]]

    def test_shows_the_same_question_before_thirty_with_other_numbers(self, bank: Bank) -> None:
        for position in range(30):
            bank.add(LENS.replace("80", str(100 + position)), position=10 + position)
        stored = bank.add()

        [found] = bank.near(LENS, most=10)

        assert found[0].question_id == stored
        assert len(found) <= 20

    def test_looks_up_many_in_one_statement(self, bank: Bank) -> None:
        sent: list[str] = []
        bank.add()
        sa.event.listen(bank.database.engine, "before_cursor_execute", lambda *event: sent.append(event[2]))

        bank.near(*[LENS] * 10)

        assert len([statement for statement in sent if "question_fingerprints" in statement]) == 1


class TestRemember:
    def test_changes_nothing_the_second_time(self, bank: Bank) -> None:
        stored = bank.add()
        before = self.versions(bank)

        with bank.database.transaction() as session:
            remember(session, [(stored, fingerprint("en", LENS, POWERS))])

        assert self.versions(bank) == before

    def test_replaces_the_fingerprint_of_another_wording(self, bank: Bank) -> None:
        stored = bank.add()

        with bank.database.transaction() as session:
            remember(session, [(stored, fingerprint("en", "Why is the sky blue?"))])

        assert bank.indexed()[stored][1] == fingerprint("en", "Why is the sky blue?").bands

    def test_is_forgotten_with_the_question(self, bank: Bank) -> None:
        stored = bank.add()

        with bank.database.transaction() as session:
            session.delete(session.get_one(TopicQuestion, stored))

        assert bank.indexed() == {}

    def versions(self, bank: Bank) -> list[Any]:
        """Where each row physically is: an update, even to the same values, would move it."""
        with bank.database.transaction() as session:
            return list(session.execute(sa.text("SELECT question_id, xmin::text FROM question_fingerprints")).tuples())


class TestIndexMissing:
    def test_indexes_a_bank_that_exists_in_steps(self, bank: Bank) -> None:
        stored = [bank.add(position=position, indexed=False) for position in range(5)]

        steps = [self.step(bank, most=2) for _ in range(4)]

        assert steps == [2, 2, 1, 0]
        assert set(bank.indexed()) == set(stored)

    def test_takes_the_fingerprint_that_a_lookup_takes(self, bank: Bank) -> None:
        columns = {"left": [{"key": "A", "text": "lens"}], "right": [{"key": "1", "text": "glass"}]}
        stored = bank.add("Match the things.", indexed=False, options=columns)

        self.step(bank)

        row = {"language": "en", "question_text": "Match the things.", "scenario": None, "options": columns}
        assert bank.indexed()[stored][1] == fingerprint_of_row(row).bands

    def test_leaves_superseded_questions_out(self, bank: Bank) -> None:
        first = bank.add(indexed=False)
        second = bank.add(version=2, supersedes=first, indexed=False)

        self.step(bank)

        assert set(bank.indexed()) == {second}

    def test_renews_what_an_older_algorithm_made(self, bank: Bank) -> None:
        stored = bank.add()
        current = bank.indexed()
        with bank.database.transaction() as session:
            session.execute(sa.text("UPDATE question_fingerprints SET algorithm = 1, bands = '{1, 2}'"))

        done = self.step(bank)

        assert done == 1
        assert bank.indexed() == current
        assert stored in current

    def step(self, bank: Bank, most: int = 100) -> int:
        with bank.database.transaction() as session:
            return index_missing(session, most=most)


class TestDuplicateFindings:
    def test_ask_the_model_again_for_an_exact_repeat_within_the_topic(self, bank: Bank) -> None:
        bank.add()

        [found] = duplicate_findings(bank.near(LENS)[0], item=2)

        assert (found.code, found.severity, found.item) == ("DUPLICATE", "error", 2)
        assert found.message == "repeats question 3 (easy) of 2.4 Reflex Actions."

    def test_leave_a_near_repeat_to_a_person(self, bank: Bank) -> None:
        bank.add()

        [found] = duplicate_findings(bank.near(LENS.replace("doctor", "dentist"))[0])

        assert (found.code, found.severity) == ("DUPLICATE", "review")
        assert found.message.startswith("nearly repeats (8")

    def test_leave_an_exact_repeat_of_another_grade_to_a_person(self, bank: Bank) -> None:
        bank.add(topic_id=bank.topic("SCIENCE", "9", 1, 2, "Lenses"))

        [found] = duplicate_findings(bank.near(LENS)[0])

        assert (found.code, found.severity) == ("DUPLICATE", "review")

    def test_mention_a_stem_with_other_numbers_as_strongly_as_asked(self, bank: Bank) -> None:
        bank.add()
        near = bank.near(LENS.replace("80", "125"))[0]

        [advice] = duplicate_findings(near)
        [doubt] = duplicate_findings(near, other_numbers="review")

        assert (advice.code, advice.severity) == ("SAME_SHAPE_ELSEWHERE", "advice")
        assert doubt.severity == "review"
        assert advice.message == "repeats question 3 (easy) of 2.4 Reflex Actions with other numbers."

    def test_speak_of_the_nearest_and_count_the_others(self, bank: Bank) -> None:
        bank.add(LENS.replace("80", "125"), position=1)
        bank.add()

        [found] = duplicate_findings(bank.near(LENS)[0])

        assert found.message == "repeats question 3 (easy) of 2.4 Reflex Actions (and 1 more)."
