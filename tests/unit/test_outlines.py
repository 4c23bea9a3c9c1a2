"""The facts under include/curricula: every file is whole, in both languages, and says what the board says."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from hydrateall.core.paths import CURRICULA
from hydrateall.curriculum.enums import LanguageCode
from hydrateall.curriculum.outlines import Outline, load_catalogue, load_outline

FILES = sorted(CURRICULA.glob("*/*.yaml"))
DEVANAGARI = re.compile(r"[\u0900-\u097f]")


def read(path: Path) -> Outline:
    subject, _, grade = path.stem.rpartition("-")
    outline = load_outline(path.parent.name, subject, grade)
    assert outline
    return outline


@pytest.mark.parametrize("path", FILES, ids=lambda path: f"{path.parent.name}/{path.stem}")
class TestOutline:
    def test_is_found_under_its_own_name(self, path: Path) -> None:
        outline = read(path)

        assert path == CURRICULA / outline.board.lower() / f"{outline.subject.lower()}-{outline.grade}.yaml"

    def test_numbers_its_chapters_from_one(self, path: Path) -> None:
        numbers = [chapter.number for chapter in read(path).chapters]

        assert numbers == list(range(1, len(numbers) + 1))

    def test_is_complete_in_both_languages(self, path: Path) -> None:
        outline = read(path)

        titles = [outline.name, *(chapter.title for chapter in outline.chapters)]
        titles += [topic.title for chapter in outline.chapters for topic in chapter.topics]
        assert all(set(title) == set(LanguageCode) and all(title.values()) for title in titles)

    def test_is_in_devanagari_where_it_is_hindi(self, path: Path) -> None:
        for chapter in read(path).chapters:
            for title in (chapter.title, *(topic.title for topic in chapter.topics)):
                assert DEVANAGARI.search(title[LanguageCode.HI]), title
                assert not DEVANAGARI.search(title[LanguageCode.EN]), title

    def test_names_no_chapter_and_no_topic_of_a_chapter_twice(self, path: Path) -> None:
        outline = read(path)

        for language in LanguageCode:
            chapters = [chapter.title[language] for chapter in outline.chapters]
            assert len(set(chapters)) == len(chapters)
            for chapter in outline.chapters:
                topics = [topic.title[language] for topic in chapter.topics]
                assert len(set(topics)) == len(topics)

    def test_names_its_edition_and_source(self, path: Path) -> None:
        outline = read(path)

        assert re.search(r"20\d\d-\d\d", outline.edition)
        assert outline.source

    def test_gives_every_chapter_some_weeks(self, path: Path) -> None:
        assert all(1 <= chapter.weeks <= 12 for chapter in read(path).chapters)


class TestCoverage:
    @pytest.mark.parametrize(
        ("subject", "grade", "chapters"),
        [("SCIENCE", "9", 12), ("MATH", "9", 12), ("SCIENCE", "10", 13), ("MATH", "10", 14)],
    )
    def test_of_cbse_has_the_official_number_of_chapters(self, subject: str, grade: str, chapters: int) -> None:
        outline = load_outline("CBSE", subject, grade)

        assert outline
        assert len(outline.chapters) == chapters

    def test_is_none_where_there_is_no_outline(self) -> None:
        assert load_outline("CBSE", "SCIENCE", "8") is None


class TestCatalogue:
    def test_has_a_subject_for_every_outline(self) -> None:
        offered = {
            (board.code, subject.code, grade)
            for board in load_catalogue().boards
            for subject in board.subjects
            for grade in subject.each_grade()
        }

        outlines = [read(path) for path in FILES]
        assert {(outline.board, outline.subject, outline.grade) for outline in outlines} <= offered

    def test_names_every_subject_in_each_language_of_its_board(self) -> None:
        for board in load_catalogue().boards:
            assert all(set(subject.name) >= set(board.languages) for subject in board.subjects)
