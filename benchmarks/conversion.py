"""`make bench-documents`, first half: documents to Markdown, in speed, headings, and words that survive.

The source texts are made of the curricula's topics (headings) and words (paragraphs, lists, tables), the same each
time, in English and Hindi, and are written to each format by the builders of the tests; PDFs by Typst (tagged) and by
a builder of our own (untagged). Recall counts words as a multiset; order counts pairs of neighbouring words, which a
reader that moves words around loses although it keeps all of them.
"""

from __future__ import annotations

import argparse
import os
import platform
import re
import resource
import statistics
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from html import escape
from importlib.metadata import version
from itertools import pairwise
from pathlib import Path
from random import Random

import yaml

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from document_files import docx, epub, limits, pdf, pptx, slide, slide_text, word_paragraph, word_table, wrapped, xlsx
from hydrateall.documents.conversion import Conversion, Sandbox, convert, inspect

ROOT = Path(__file__).resolve().parents[1]
RECALL_GOAL, HEADINGS_GOAL, PDF_GOAL = 0.99, 0.95, 60.0
LIBRARIES = ("pypdfium2", "mammoth", "markdownify", "beautifulsoup4", "lxml", "openpyxl", "typst")
WORD = re.compile(r"[^\W_]+(?:[\u0900-\u0963\u200c\u200d]+[^\W_]*)*")
MARKER = re.compile(r"^<!-- page \d+ -->$", re.MULTILINE)
ESCAPE = re.compile(r"\\([#>*+.|-])")
SIGNS = 'A & B < C "q" it\'s'
SECTIONS, SMALL = 120, 4
TAB = "\t"
TYPST_MARKS = {"h1": "= ", "h2": "== ", "li": "- "}
HINDI_FONT = "Noto Sans Devanagari"
DEVANAGARI = re.compile("[\u0900-\u097f]")
Block = tuple[str, str]  # kind ("h1", "h2", "p", "li", "td"), text; the cells of a row are parted by tabs


@dataclass(frozen=True)
class Case:
    """One file of a format, and the blocks it was made of."""

    name: str
    language: str
    blocks: list[Block]
    build: Callable[[list[Block]], bytes]


def source(language: str, sections: int) -> list[Block]:
    """Chapters of headings, paragraphs, lists and tables, from the curricula's words."""
    random = Random(f"{language}{sections}")
    topics, words = vocabulary(language)
    blocks: list[Block] = []
    for number in range(sections):
        level = "h1" if number % 6 == 0 else "h2"
        blocks.append((level, f"{topics[number % len(topics)]} {number + 1}"))
        blocks += [("p", sentences(random, words, 4)) for _ in range(3)]
        blocks += [("li", sentences(random, words, 1)) for _ in range(3)]
        blocks.append(("p", f"{SIGNS} {number}"))
        blocks += [("td", "\t".join(random.choice(words) for _ in range(3))) for _ in range(4)]
    return blocks


def vocabulary(language: str) -> tuple[list[str], list[str]]:
    topics: list[str] = []
    for path in sorted((ROOT / "include" / "curricula").rglob("*.yaml")):
        for chapter in yaml.safe_load(path.read_text(encoding="utf-8")).get("chapters", ()):
            topics += [topic["title"][language] for topic in chapter["topics"] if language in topic["title"]]
    words = sorted({word for topic in topics for word in WORD.findall(topic) if not word.isdigit()})
    return [topic for topic in topics if len(topic) < 60], words


def sentences(random: Random, words: list[str], count: int) -> str:
    end = "।" if DEVANAGARI.search(words[-1]) else "."
    return " ".join(" ".join(random.choices(words, k=random.randint(8, 16))) + end for _ in range(count))


def as_markdown(blocks: list[Block]) -> bytes:
    marks = {"h1": "# ", "h2": "## ", "li": "- "}
    return "\n\n".join(f"{marks.get(kind, '')}{text}" for kind, text in blocks).encode()


def as_text(blocks: list[Block]) -> bytes:
    return "\n\n".join(text for _, text in blocks).encode()


def as_html(blocks: list[Block]) -> bytes:
    return f"<meta charset=utf-8><body>{html_of(blocks)}</body>".encode()


def html_of(blocks: list[Block]) -> str:
    return "".join(html_block(kind, escape(text)) for kind, text in blocks)


def html_block(kind: str, text: str) -> str:
    if kind == "td":
        cells = "".join(f"<td>{cell}</td>" for cell in text.split("\t"))
        return f"<table><tr>{cells}</tr></table>"
    return f"<{kind}>{text}</{kind}>"


def as_book(blocks: list[Block]) -> bytes:
    return epub([html_of(blocks[start : start + 120]) for start in range(0, len(blocks), 120)])


def as_word(blocks: list[Block]) -> bytes:
    return docx("".join(word_block(kind, text) for kind, text in blocks))


def word_block(kind: str, text: str) -> str:
    if kind == "td":
        return word_table([text.split("\t")])
    style = {"h1": "Heading1", "h2": "Heading2"}.get(kind)
    return word_paragraph(text, style=style, numbering=1 if kind == "li" else None)


def as_slides(blocks: list[Block]) -> bytes:
    slides: list[list[str]] = []
    for kind, text in blocks:
        if kind.startswith("h"):
            slides.append([])
        place = "title" if kind.startswith("h") else "body"
        slides[-1].append(slide_text(text, placeholder=place))
    return pptx([slide(*shapes) for shapes in slides])


def as_sheets(blocks: list[Block]) -> bytes:
    return xlsx({"Sheet": [text.split("\t") for kind, text in blocks if not kind.startswith("h")]})


def as_typst(blocks: list[Block]) -> bytes:
    import typst

    head = (
        f'#set page(numbering: "1", header: [Science])\n#set text(10.5pt, font: ("Libertinus Serif", "{HINDI_FONT}"))\n'
    )
    content: bytes = typst.compile((head + "\n\n".join(typst_block(*block) for block in blocks)).encode())
    return content


def typst_block(kind: str, text: str) -> str:
    if kind == "td":
        return f"#table(columns: 3, {', '.join(f'[#{typst_string(cell)}]' for cell in text.split(TAB))})"
    return f"{TYPST_MARKS.get(kind, '')}#{typst_string(text)}"


def typst_string(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def as_plain_pdf(blocks: list[Block]) -> bytes:
    sizes = {"h1": (18.0, True), "h2": (14.0, True)}
    lines = [
        (*sizes.get(kind, (10.5, False)), line)
        for kind, text in blocks
        for line in wrapped(text.replace("\t", " "), 60 if kind[0] == "h" else 85)
    ]
    return pdf([lines[start : start + 42] for start in range(0, len(lines), 42)])


def cases(sections: int) -> list[Case]:
    """Each format in each language; Hindi PDFs where its font is installed."""
    formats = {
        "md": as_markdown, "txt": as_text, "html": as_html, "epub": as_book, "docx": as_word, "pptx": as_slides,
        "xlsx": as_sheets, "pdf": as_typst,
    }  # fmt: skip
    found = [
        Case(f"{language}.{extension}", language, source(language, sections), build)
        for language in ("en", "hi")
        for extension, build in formats.items()
        if (language, extension) != ("hi", "pdf") or has_hindi_font()
    ]
    return [*found, Case("en-untagged.pdf", "en", source("en", sections), as_plain_pdf)]


def has_hindi_font() -> bool:
    import typst

    return any(HINDI_FONT in family for family in typst.Fonts().families())


@dataclass(frozen=True)
class Score:
    recall: float
    order: float
    headings: float | None


def scored(case: Case, markdown: str) -> Score:
    """Words and pairs of words of the source that are in the Markdown; headings that are headings there."""
    skips = ("h1", "h2") if case.name.endswith("xlsx") else ()
    blocks = [block for block in case.blocks if block[0] not in skips]
    plain = ESCAPE.sub(r"\1", MARKER.sub("", markdown)).replace("-\n", "")
    found = WORD.findall(plain)
    wanted = [WORD.findall(text) for _, text in blocks]
    words, pairs = (
        Counter(word for each in wanted for word in each),
        Counter(p for each in wanted for p in pairwise(each)),
    )
    titles = {" ".join(line.lstrip("#").split()) for line in plain.split("\n") if line.startswith("#")}
    heads = [text for kind, text in blocks if kind.startswith("h")]
    has_heads = bool(heads) and not case.name.endswith("txt")
    return Score(
        share(words, Counter(found)),
        share(pairs, Counter(pairwise(found))),
        sum(head in titles for head in heads) / len(heads) if has_heads else None,
    )


def share(wanted: Counter[object], found: Counter[object]) -> float:
    return sum((wanted & found).values()) / sum(wanted.values())


def timed(run: Callable[[], Conversion], rounds: int) -> tuple[float, float, Conversion]:
    """Median seconds by the clock and of the processor."""
    clock, processor = [], []
    for _ in range(rounds):
        start, used = time.perf_counter(), time.process_time()
        result = run()
        clock.append(time.perf_counter() - start)
        processor.append(time.process_time() - used)
    return statistics.median(clock), statistics.median(processor), result


def main() -> int:
    """Print the table; exit 1 if a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--peer", action="store_true", help="kreuzberg beside it, if it is installed")
    options = parser.parse_args()
    print(
        f"machine    {platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f},"
        f" Python {platform.python_version()}"
    )
    print(f"libraries  {', '.join(f'{name} {version(name)}' for name in LIBRARIES)}")
    print(f"source     {SECTIONS} sections a file; medians of {options.rounds} rounds\n")
    print(f"{'file':<16}{'pages':>6}{'ms':>9}{'pages/s':>9}{'CPU p/s':>9}{'words':>8}{'order':>8}{'headings':>10}")
    with tempfile.TemporaryDirectory() as folder:
        missed = [case.name for case in cases(SECTIONS) if not measured(case, Path(folder), options.rounds)]
        if options.peer:
            peers(Path(folder), options.rounds)
        many_small(Path(folder))
    print(f"\nmemory     {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB at most in this process")
    print(
        f"goals      words >= {RECALL_GOAL:.0%}, headings >= {HEADINGS_GOAL:.0%}, en.pdf >= {PDF_GOAL:.0f} pages/s: ",
        end="",
    )
    print(f"missed by {', '.join(missed)}" if missed else "all met")
    return 1 if missed else 0


def measured(case: Case, folder: Path, rounds: int) -> bool:
    content = case.build(case.blocks)
    path = folder / case.name
    path.write_bytes(content)
    facts = inspect(content, case.name, limits())

    def run() -> Conversion:
        return convert(path, mime_type=facts.mime_type, source_name=case.name, limits=limits(), language=case.language)

    clock, processor, result = timed(run, rounds)
    score = scored(case, result.markdown)
    print(row(case.name, result.pages, clock, processor, score))
    fast = case.name != "en.pdf" or (result.pages or 0) / clock >= PDF_GOAL
    return fast and score.recall >= RECALL_GOAL and (score.headings is None or score.headings >= HEADINGS_GOAL)


def row(name: str, pages: int | None, clock: float, processor: float, score: Score) -> str:
    speed = f"{pages / clock:>9.1f}{pages / processor:>9.1f}" if pages else f"{'':>18}"
    headings = f"{score.headings:>10.1%}" if score.headings is not None else f"{'':>10}"
    return f"{name:<16}{pages or '':>6}{clock * 1000:>9.1f}{speed}{score.recall:>8.2%}{score.order:>8.2%}{headings}"


def peers(folder: Path, rounds: int) -> None:
    """The same files through kreuzberg."""
    try:
        import kreuzberg
    except ImportError:
        print("\nkreuzberg is not installed here")
        return
    print(f"\nkreuzberg {kreuzberg.__version__}")
    config = kreuzberg.ExtractionConfig(output_format="markdown", use_cache=False)
    for case in cases(SECTIONS):
        path = folder / case.name

        def run(path: Path = path) -> Conversion:
            result = kreuzberg.extract_file_sync(path, config=config)
            return Conversion(markdown=result.content, pages=result.metadata.get("page_count"))

        clock, processor, result = timed(run, rounds)
        print(row(case.name, result.pages, clock, processor, scored(case, result.markdown)))


def many_small(folder: Path) -> None:
    """A thousand small documents through one worker of the sandbox."""
    small = [case for case in cases(SMALL) if case.language == "en"]
    for case in small:
        (folder / f"small-{case.name}").write_bytes(case.build(case.blocks))
    with Sandbox() as sandbox:
        start = time.perf_counter()
        for number in range(1_000):
            name = f"small-{small[number % len(small)].name}"
            facts = sandbox.inspect(folder / name, name, limits())
            sandbox.convert(folder / name, mime_type=facts.mime_type, source_name=name, limits=limits(), language="en")
        seconds = time.perf_counter() - start
    print(
        f"\nsandbox    1,000 small documents of all formats, inspected and converted: {1_000 / seconds:.0f} documents/s"
    )


if __name__ == "__main__":
    sys.exit(main())
