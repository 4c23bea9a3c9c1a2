"""What the offline writer promises: outlines kept, honest notes, the same bytes every time, drills on demand."""

from __future__ import annotations

import asyncio
import json
from pathlib import Path
from typing import Any

import pytest

from hydrateall.curriculum.schemas import ChaptersDraft, NoteDraft, TopicsDraft
from hydrateall.llm.errors import BadPrompt, ModelError
from hydrateall.llm.offline import OfflineWriter, write
from hydrateall.llm.offline.bank import Library
from hydrateall.llm.schemas import ModelRequest, Prompt
from offline_assignments import (
    DIFFICULTIES,
    LANGUAGES,
    UNKNOWN,
    about,
    assignment,
    devanagari_share,
    prompt,
    question_set,
    titles,
)
from offline_library import CHAPTER, TITLES, small_library


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> Library:
    folder: Path = tmp_path_factory.mktemp("library")
    return small_library(folder)


class TestNotes:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_begin_with_the_label_of_sample_content(self, library: Library, language: str) -> None:
        for title in titles(language):
            note = write(prompt(about(title, language, "notes", wordRange=[800, 1500])), library=library)["content"]

            assert note.startswith("> **")

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_hold_the_lesson_of_the_bank(self, library: Library, language: str) -> None:
        draft = write(prompt(about(TITLES[0][language], language, "notes", wordRange=[400, 1500])), library=library)

        note = NoteDraft.model_validate(draft).content

        assert 400 <= len(note.split()) <= 1500
        assert note.count("\n## ") >= 8
        assert {"en": "**ohm**", "hi": "**ओम**"}[language] in note

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_admit_that_a_topic_is_unknown(self, library: Library, language: str) -> None:
        request = prompt(about(UNKNOWN[language], language, "notes", wordRange=[800, 1500]))

        note = write(request, library=library)["content"]

        assert {"en": "has no written lesson", "hi": "लिखा हुआ पाठ नहीं है"}[language] in note

    def test_do_not_use_the_bank_of_another_topic(self, library: Library) -> None:
        request = prompt(about("Ohm and his life", "en", "notes", wordRange=[800, 1500]))

        assert "**ohm**" not in write(request, library=library)["content"]


class TestHindi:
    def test_is_written_in_devanagari(self, library: Library) -> None:
        for title in titles("hi"):
            note = write(prompt(about(title, "hi", "notes", wordRange=[800, 1500])), library=library)["content"]
            sets = [question_set(library, title, "hi", difficulty, 20) for difficulty in DIFFICULTIES]
            asked = " ".join(question["questionText"] for questions in sets for question in questions)

            assert devanagari_share(note) > 0.6
            assert devanagari_share(asked) > 0.6


class TestOutlines:
    @pytest.mark.parametrize("language", LANGUAGES)
    def test_chapters_keep_the_outline(self, library: Library, language: str) -> None:
        outline = [{"number": 11, "title": CHAPTER[language], "weeks": 3, "topics": titles(language)}]

        draft = write(prompt(assignment("chapters", language, chapterCount=1, outline=outline)), library=library)

        (chapter,) = ChaptersDraft.model_validate(draft).chapters
        assert (chapter.chapter_number, chapter.title, chapter.estimated_weeks) == (11, CHAPTER[language], 3)
        assert all(title in chapter.brief_description for title in titles(language))

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_chapters_are_proposed_without_one(self, library: Library, language: str) -> None:
        request = assignment("chapters", language, chapterCount=40, outline=None)

        chapters = ChaptersDraft.model_validate(write(prompt(request), library=library)).chapters

        assert [chapter.chapter_number for chapter in chapters] == list(range(1, 41))
        assert len({chapter.title for chapter in chapters}) == 40

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_topics_take_their_objectives_from_the_bank(self, library: Library, language: str) -> None:
        chapter = {"number": 11, "title": CHAPTER[language], "description": "", "objectives": []}
        request = assignment("topics", language, chapter=chapter, topicCount=2, outline=titles(language)[:2])

        first, second = TopicsDraft.model_validate(write(prompt(request), library=library)).topics

        assert {"en": "State Ohm's law", "hi": "ओम का नियम बताना"}[language] in first.learning_objectives
        assert (first.prerequisite_topics, second.prerequisite_topics) == ([], [first.title])

    @pytest.mark.parametrize("count", [1, 5, 20, 25])
    def test_topics_are_proposed_without_one(self, library: Library, count: int) -> None:
        chapter = {"number": 3, "title": "Rivers", "description": "", "objectives": []}
        request = assignment("topics", chapter=chapter, topicCount=count, outline=None)

        topics = TopicsDraft.model_validate(write(prompt(request), library=library)).topics

        assert len({topic.title for topic in topics}) == count


class TestDeterminism:
    def test_gives_the_same_bytes_for_the_same_assignment(self, library: Library) -> None:
        request = prompt(about(TITLES[0]["en"], "en", "questions", difficulty="easy", count=5, types=None, avoid=[]))

        assert json.dumps(write(request, library=library)) == json.dumps(write(request, library=library))

    def test_does_not_depend_on_the_attempt(self, library: Library) -> None:
        wanted = about(TITLES[0]["en"], "en", "questions", difficulty="hard", count=3, types=None, avoid=[])

        again = wanted | {"attempt": 2, "issues": ["no final answer"]}

        assert write(prompt(wanted), library=library) == write(prompt(again), library=library)

    def test_rejects_a_prompt_without_assignment(self) -> None:
        with pytest.raises(BadPrompt, match="no assignment block"):
            write("Write something.")


class TestProvider:
    @staticmethod
    def request(**values: Any) -> ModelRequest:
        wanted = about(TITLES[0]["en"], "en", "questions", difficulty="easy", count=3, types=None, avoid=[]) | values
        return ModelRequest(
            Prompt("questions", 1, "questions", "0" * 64, "You write.", prompt(wanted)), "Set", {}, 4000
        )

    def test_answers_with_json_and_token_counts(self, library: Library) -> None:
        reply = asyncio.run(OfflineWriter(library=library).complete(self.request()))

        assert len(json.loads(reply.text)["questions"]) == 3
        assert reply.model == OfflineWriter.name
        assert min(reply.prompt_tokens, reply.completion_tokens) > 50

    def test_fails_some_calls_and_lets_a_retry_succeed(self, library: Library) -> None:
        writer, failed, recovered = OfflineWriter(failure_rate=0.5, library=library), 0, 0
        for number in range(40):
            subject = {"code": "SCIENCE", "name": f"Science {number}"}
            try:
                asyncio.run(writer.complete(self.request(subject=subject)))
            except ModelError:
                failed += 1
                recovered += self.answers(writer, self.request(subject=subject, attempt=2))

        assert 8 <= failed <= 32
        assert recovered > 0

    @staticmethod
    def answers(writer: OfflineWriter, request: ModelRequest) -> bool:
        try:
            asyncio.run(writer.complete(request))
        except ModelError:
            return False
        return True

    def test_spoils_questions_in_seven_ways_when_told_to(self, library: Library) -> None:
        writer, seen = OfflineWriter(flaw_rate=1.0, library=library), set()
        for number in range(60):
            subject = {"code": "SCIENCE", "name": f"Science {number}"}
            reply = asyncio.run(writer.complete(self.request(subject=subject)))
            seen |= {self.flaw(question) for question in json.loads(reply.text)["questions"]}

        assert seen == {"final", "options", "key", "reasoning", "formula", "placeholder", "meta"}

    def test_spoils_about_as_many_questions_as_it_is_told_to(self, library: Library) -> None:
        writer, calm, differing, total = (
            OfflineWriter(flaw_rate=0.3, library=library),
            OfflineWriter(library=library),
            0,
            0,
        )
        for number in range(60):
            request = self.request(subject={"code": "SCIENCE", "name": f"Science {number}"})
            spoilt, good = (
                json.loads(asyncio.run(each.complete(request)).text)["questions"] for each in (writer, calm)
            )
            differing += sum(one != other for one, other in zip(spoilt, good, strict=True))
            total += len(good)

        assert 0.2 < differing / total < 0.4

    @staticmethod
    def flaw(question: dict[str, Any]) -> str:
        answer = question["correctAnswer"]
        texts = [option["text"] for option in question["options"] or ()]
        signs = {
            "final": answer["finalAnswer"] is None,
            "formula": "frac{1}{2$" in question["questionText"],
            "placeholder": "[Insert" in question["questionText"],
            "meta": "As an AI" in json.dumps(answer),
            "key": answer["correctOptions"] == ["E"],
            "options": len(set(texts)) < len(texts),
            "reasoning": not (answer["explanation"] or answer["solutionSteps"] or answer["scientificExplanation"]),
        }
        return next(sign for sign, holds in signs.items() if holds)
