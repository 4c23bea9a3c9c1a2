"""Measure the chunker and the optimizer: speed, coverage, limits; beside semchunk alone on the same text.

The corpus is the offline writer's lessons on all topics of the outlines, English and Hindi, as books with chapters,
topics and pages. For the optimizer it is what a conversion makes of such a book: lines of a page's width, a header and
a page number on every page. Times are of the processor; a busy machine still slows them, so judge at a low load.
"""

from __future__ import annotations

import argparse
import platform
import re
import statistics
import sys
import textwrap
import time
from collections.abc import Callable, Iterator
from importlib.metadata import version
from pathlib import Path
from typing import Any

import psutil
import yaml
from semchunk import chunkerify

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from hydrateall.core.paths import HOME
from hydrateall.documents.chunking import rebuild, split, tokens_of
from hydrateall.documents.optimizing import optimize
from hydrateall.documents.schemas import ChunkSet
from hydrateall.llm.offline.bank import Library
from hydrateall.llm.offline.writer import write
from offline_assignments import prompt
from outline_bank import NAMES

CHUNKING_GOAL, OPTIMIZING_GOAL = 50, 5  # MB/s
PAGE, WIDTH = 2_500, 78  # characters
LIMITS = ((500, 50), (250, 25))  # tokens of a chunk, of its overlap
COPIES, ROUNDS = 6, 7


def main() -> int:
    """Print the table; exit 1 if a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("files", nargs="*", type=Path, help="Markdown files to measure instead of the lessons")
    options = parser.parse_args()
    books = {path.name: path.read_text(encoding="utf-8") for path in options.files} or {
        f"lessons, {language}": book(language) for language in ("en", "hi")
    }
    print(f"machine   {platform.machine()}, {psutil.cpu_count()} processors, load {psutil.getloadavg()[0]:.1f}")
    print(f"versions  Python {platform.python_version()}, semchunk {version('semchunk')}")
    print(f"rounds    {ROUNDS}, median (best) of processor time\n")
    print(f"{'':<34} {'MB':>6} {'MB/s':>6} {'best':>7} {'chunks':>8} {'coverage':>9} {'largest':>8} {'alone':>8}")
    held = [chunking(name, text * COPIES, *limits) for limits in LIMITS for name, text in books.items()]
    semchunk_alone(next(iter(books)), next(iter(books.values())), LIMITS[0][0])
    print("\ncoverage: share of the text that the chunks rebuild; largest: tokens of the largest chunk to the limit;")
    print("alone: chunks that end with a heading\n")
    fast = [optimizing(name, broken(text)) for name, text in books.items()]
    print(f"\ngoals     chunking ≥ {CHUNKING_GOAL} MB/s, optimizing ≥ {OPTIMIZING_GOAL} MB/s, coverage 1, largest ≤ 1")
    return int(not all([*held, *fast]))


def book(language: str) -> str:
    """Every lesson of the outlines, under its chapter and topic, with the markers of pages."""
    pages, length = [["<!-- page 1 -->"]], 0
    for paragraph in "\n\n".join(_lessons(language)).split("\n\n"):
        if length > PAGE:
            pages.append([f"<!-- page {len(pages) + 1} -->"])
            length = 0
        pages[-1].append(paragraph)
        length += len(paragraph)
    return "\n\n".join(paragraph for page in pages for paragraph in page) + "\n"


def _lessons(language: str) -> Iterator[str]:
    library = Library()
    for subject in NAMES:
        for grade in ("9", "10"):
            outline = yaml.safe_load((HOME / f"include/curricula/cbse/{subject.lower()}-{grade}.yaml").read_text())
            base: dict[str, Any] = {"board": "CBSE", "grade": grade, "language": language, "purpose": "notes"}
            base |= {"subject": {"code": subject, "name": NAMES[subject][language]}, "attempt": 1, "issues": []}
            for chapter in outline["chapters"]:
                title = chapter["title"][language]
                yield f"# {title}"
                for number, topic in enumerate(chapter["topics"], 1):
                    about = {
                        "number": number,
                        "title": topic["title"][language],
                        "objectives": [],
                        "difficulty": "easy",
                    }
                    asked = {"chapter": {"number": chapter["number"], "title": title}, "topic": about}
                    note = write(prompt({**base, **asked, "wordRange": [800, 1500]}), library=library)["content"]
                    yield f"## {topic['title'][language]}\n\n" + re.sub("^#", "##", note, flags=re.MULTILINE)


def broken(text: str) -> str:
    """A book as a converter reads it off printed pages."""
    pages = re.split(r"<!-- page (\d+) -->\n\n", text)[1:]
    return "\n".join(
        f"<!-- page {number} -->\n\nScience · Class X\n\n{_wrapped(body)}\n\n{number}\n"
        for number, body in zip(pages[::2], pages[1::2], strict=True)
    )


def _wrapped(body: str) -> str:
    paragraphs = body.strip().split("\n\n")
    return "\n\n".join(each if each.startswith(("#", "|", "$$", "- ", "1.")) else _lines(each) for each in paragraphs)


def _lines(paragraph: str) -> str:
    return "\n".join(textwrap.wrap(paragraph, WIDTH, break_long_words=False))


def measured(work: Callable[[], Any]) -> tuple[list[float], Any]:
    """Seconds of processor time of each round, and the last result."""
    times, result = [], None
    for _ in range(ROUNDS):
        result = None  # its memory is freed outside of what is measured
        started = time.process_time()
        result = work()
        times.append(time.process_time() - started)
    return times, result


def chunking(name: str, text: str, most: int, overlap: int) -> bool:
    """Print a row; say whether the goals are met."""
    size = len(text.encode()) / 1e6
    times, found = measured(lambda: split(text, most_tokens=most, overlap_tokens=overlap))
    coverage = len(rebuild(found.chunks)) / len(text) if rebuild(found.chunks) == text else 0
    largest = max(tokens_of(text[chunk.overlap_start : chunk.end]) for chunk in found.chunks) / most
    alone = ends_with_heading(found)
    speed = size / statistics.median(times)
    row(
        f"{name}, {most}+{overlap} tokens",
        size,
        times,
        f"{len(found.chunks):>8,} {coverage:>9.3f} {largest:>8.3f} {alone:>8}",
    )
    return speed >= CHUNKING_GOAL and coverage == 1 and largest <= 1 and not alone


def ends_with_heading(found: ChunkSet) -> int:
    return sum(bool(re.search(r"(?:\A|\n)#{1,6} [^\n]*\s*\Z", chunk.text)) for chunk in found.chunks[:-1])


def semchunk_alone(name: str, text: str, most: int) -> None:
    """The peer on the same text: it knows no headings, pages and spans, and leaves out the gaps between its pieces."""
    times, pieces = measured(lambda: chunkerify(tokens_of, most)(text))
    share = sum(map(len, pieces)) / len(text)
    largest = max(map(tokens_of, pieces)) / most
    alone = sum(bool(re.search(r"(?:\A|\n)#{1,6} [^\n]*\s*\Z", piece)) for piece in pieces[:-1])
    rest = f"{len(pieces):>8,} {share:>9.3f} {largest:>8.3f} {alone:>8}"
    row(f"semchunk alone: {name}, {most}", len(text.encode()) / 1e6, times, rest)


def optimizing(name: str, text: str) -> bool:
    """Print a row and what was done; say whether the goal is met."""
    size = len(text.encode()) / 1e6
    times, found = measured(lambda: optimize(text, language="en"))
    row(f"optimizing: {name}", size, times, "")
    for told in found.report["summary"]:
        print(f"    {told}")
    return size / statistics.median(times) >= OPTIMIZING_GOAL


def row(name: str, size: float, times: list[float], rest: str) -> None:
    print(f"{name:<34} {size:>6.1f} {size / statistics.median(times):>6.1f} {size / min(times):>7.1f} {rest}")


if __name__ == "__main__":
    sys.exit(main())
