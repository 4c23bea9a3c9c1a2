"""The sample documents: the files are whole, say what their sources say, and say nothing false that can be counted."""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from functools import cache
from pathlib import Path
from typing import Any

import pytest
import yaml

from hydrateall.documents import conversion
from stated_science import adds_up, balanced, chains, equations

ROOT = Path(__file__).resolve().parents[2]
SAMPLES = ROOT / "include" / "samples" / "documents"
MANIFEST: list[dict[str, Any]] = yaml.safe_load((SAMPLES / "manifest.yaml").read_text(encoding="utf-8"))
QUESTIONS: list[dict[str, Any]] = yaml.safe_load((SAMPLES / "questions.yaml").read_text(encoding="utf-8"))
FILES = [entry["file"] for entry in MANIFEST]
BINARIES = [name for name in FILES if not name.endswith(".md")]
CHAPTERS = (2, 9)
MOST_BYTES = 200_000
LEAST_RECALL = 0.99
LEAST_DEVANAGARI = 0.6
MAGIC = {".pdf": b"%PDF-1.", ".docx": b"PK\x03\x04", ".md": b"# "}
LIMITS = conversion.Limits(
    most_bytes=1_000_000,
    most_pages=50,
    most_expansion=100,
    most_unpacked_bytes=20_000_000,
    most_nesting=200,
    seconds=60,
    memory_mb=1_000,
    ocr=False,
)
WORD = re.compile(r"[\w\u0900-\u0963\u0966-\u097f]+")
NO_WORDS = re.compile(r"<!--.*?-->|\]\(.*?\)|\\[a-z]+")


def entry_of(name: str) -> dict[str, Any]:
    return next(entry for entry in MANIFEST if entry["file"] == name)


@cache
def known_text(name: str) -> str:
    return (SAMPLES / entry_of(name)["text"]).read_text(encoding="utf-8")


@cache
def converted(name: str) -> conversion.Conversion:
    path, language = SAMPLES / name, entry_of(name)["language"]
    facts = conversion.inspect(path.read_bytes(), name, LIMITS)
    return conversion.convert(path, mime_type=facts.mime_type, source_name=name, limits=LIMITS, language=language)


def words(markdown: str) -> Counter[str]:
    """Words without marks, as often as they occur; typographic forms of letters and digits count as the plain ones."""
    return Counter(WORD.findall(NO_WORDS.sub("", unicodedata.normalize("NFKC", markdown))))


def headings(markdown: str) -> list[tuple[int, str]]:
    return [(len(marks), text) for marks, text in re.findall(r"^(#+) (.+?)\s*$", markdown, re.MULTILINE)]


def packed(text: str) -> str:
    return "".join(text.split())


class TestFiles:
    def test_are_all_in_the_manifest(self) -> None:
        present = {path.name for path in SAMPLES.iterdir() if path.is_file()}

        assert present == {*FILES, "manifest.yaml", "questions.yaml", "README.md"}

    @pytest.mark.parametrize("name", FILES)
    def test_are_small_and_what_their_names_say(self, name: str) -> None:
        content = (SAMPLES / name).read_bytes()

        assert content.startswith(MAGIC[Path(name).suffix])
        assert 2_000 < len(content) < MOST_BYTES

    @pytest.mark.parametrize("entry", MANIFEST, ids=FILES)
    def test_are_described(self, entry: dict[str, Any]) -> None:
        title = headings(known_text(entry["file"]))[0]

        assert (1, entry["title"]) == title
        assert (entry["realm"], entry["licence"]) == ("samples", "Apache-2.0")
        assert entry["language"] in ("en", "hi")

    @pytest.mark.parametrize("language", ["en", "hi"])
    def test_have_a_heading_for_every_topic_of_the_two_chapters(self, language: str) -> None:
        curriculum = yaml.safe_load((ROOT / "include/curricula/cbse/science-10.yaml").read_text(encoding="utf-8"))
        topics = {
            topic["title"][language]
            for chapter in curriculum["chapters"]
            if chapter["number"] in CHAPTERS
            for topic in chapter["topics"]
        }

        found = {text for name in FILES for _, text in headings(known_text(name))}

        assert topics - found == set()

    @pytest.mark.parametrize("name", [entry["file"] for entry in MANIFEST if entry["language"] == "hi"])
    def test_in_hindi_are_written_in_devanagari(self, name: str) -> None:
        text = known_text(name)

        letters = [letter for letter in text if letter.isalpha()]
        share = sum("ऀ" <= letter <= "ॿ" for letter in letters) / len(letters)

        assert share > LEAST_DEVANAGARI
        assert unicodedata.is_normalized("NFC", text)


class TestConversion:
    @pytest.mark.parametrize("name", BINARIES)
    def test_keeps_the_words_of_the_source(self, name: str) -> None:
        expected = words(known_text(name))

        missing = expected - words(converted(name).markdown)

        assert 1 - missing.total() / expected.total() >= LEAST_RECALL, missing

    @pytest.mark.parametrize("name", BINARIES)
    def test_keeps_the_headings_of_the_source(self, name: str) -> None:
        assert headings(converted(name).markdown) == headings(known_text(name))

    @pytest.mark.parametrize("name", BINARIES)
    def test_keeps_the_alternative_texts_of_pictures(self, name: str) -> None:
        alternatives = re.findall(r"!\[(.+?)\]", known_text(name))

        lost = [text for text in alternatives if packed(text) not in packed(converted(name).markdown)]

        assert alternatives
        assert not lost

    @pytest.mark.parametrize(
        ("name", "line"),
        [
            (
                "acids-bases-salts.docx",
                '"acid & base react; pH < 7 is acidic, pH > 7 is basic, and it\'s neutral at 7"',
            ),
            ("aankik-prashn.docx", "\"u < 0 & f > 0\" का अर्थ है कि बिंब बाईं ओर है और लेंस 'उत्तल' है।"),
        ],
    )
    def test_keeps_signs_that_are_markup_elsewhere(self, name: str, line: str) -> None:
        assert line in known_text(name)
        assert line in converted(name).markdown

    @pytest.mark.parametrize(("name", "pages"), [("light-reflection-refraction.pdf", 5), ("prakash-paravartan.pdf", 4)])
    def test_marks_the_pages(self, name: str, pages: int) -> None:
        marked = re.findall(r"^<!-- page (\d+) -->$", converted(name).markdown, re.MULTILINE)

        assert marked == [str(number) for number in range(1, pages + 1)]


class TestQuestions:
    def test_are_fifty_about_all_documents(self) -> None:
        assert len({each["question"] for each in QUESTIONS}) == len(QUESTIONS) == 50
        assert {each["document"] for each in QUESTIONS} == set(FILES)
        assert sum(each["language"] == "hi" for each in QUESTIONS) >= 18

    @pytest.mark.parametrize("each", QUESTIONS, ids=[str(number) for number in range(len(QUESTIONS))])
    def test_have_a_passage_that_occurs_once_and_survives_conversion(self, each: dict[str, Any]) -> None:
        name, passage = each["document"], each["passage"]

        assert each["language"] == entry_of(name)["language"]
        assert known_text(name).count(passage) == 1
        assert packed(converted(name).markdown).count(packed(passage)) == 1

    @pytest.mark.parametrize("each", QUESTIONS, ids=[str(number) for number in range(len(QUESTIONS))])
    def test_are_no_copies_of_their_passages(self, each: dict[str, Any]) -> None:
        asked, told = words(each["question"].lower()), words(each["passage"].lower())

        assert (asked & told).total() / told.total() < 0.75


class TestScience:
    @pytest.mark.parametrize("name", FILES)
    def test_balances_every_equation(self, name: str) -> None:
        unbalanced = [each for each in equations(known_text(name)) if not balanced(each)]

        assert not unbalanced

    @pytest.mark.parametrize("name", FILES)
    def test_computes_without_a_slip(self, name: str) -> None:
        wrong = [chain for chain in chains(known_text(name)) if not adds_up(chain)]

        assert not wrong

    @pytest.mark.parametrize("name", ["light-reflection-refraction.pdf", "prakash-paravartan.pdf"])
    def test_gives_speeds_of_light_that_follow_from_the_refractive_indices(self, name: str) -> None:
        rows = re.findall(r"^\| [^|]+ \| (\d\.\d+) \| (\d\.\d+) \|$", known_text(name), re.MULTILINE)

        assert len(rows) == 7
        assert all(f"{3 / float(index):.2f}" == speed for index, speed in rows)

    def test_is_checked_by_what_finds_mistakes(self) -> None:
        assert sum(len(equations(known_text(name))) for name in FILES) >= 20
        assert sum(len(chains(known_text(name))) for name in FILES) >= 35
        assert not balanced("H₂ + O₂ → H₂O")
        assert not balanced("HCl + H₂O → H₃O⁺ + Cl")
        assert not balanced("CaSO₄·2H₂O → CaSO₄·½H₂O + ½H₂O")
        assert [adds_up(chain) for chain in chains("1/20 − 1/30 = 1/50, so 0.707/1.52 = 0.456")] == [False, False]
