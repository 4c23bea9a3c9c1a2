"""The words of a PDF page with their places, line by line as PDFium finds them."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from itertools import pairwise

import pypdfium2

from hydrateall.documents.conversion.pdf_letters import Letters
from hydrateall.documents.conversion.pdf_spelling import Spelling

RAISED = str.maketrans("0123456789+-−()n", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁻⁽⁾ⁿ")
SIGNS_RAISED = set("0123456789+-−()n")
TOKEN = re.compile("\n|[^\\s\x00\x02\ufffe]+[\x02\ufffe]?|[\x02\ufffe]")
HYPHENS = "\x02\ufffe"  # at the end of a line; PDFium joins the line to the next
ENDS_SMALL = re.compile(r"[^\W\d_)].*[\dn)]\W?$|\d{2,}\W?$|[\d)][-−+]\d+\W?$")
DEVANAGARI = re.compile("[\u0900-\u097f]")
JOINS_DEVANAGARI = re.compile("[\u0900-\u097f,;:!?)-]")
BEGINS_NO_WORD = re.compile("[\u0900-\u0903\u093a-\u094f\u0951-\u0957\u0962-\u0965\u200c\u200d,;:!?)-]")
TWICE_SPELLED = re.compile("(र्[क-ह])\\1")  # Typst spells a raised r twice: अर्थर्थ; no word has that
HALVES = re.compile("[\ud800-\udfff]")
STYLED_LETTERS = re.compile("[\U0001d400-\U0001d7ff\ufb00-\ufb06]+")
DEVANAGARI_SPACE = 0.14  # of the font size: PDFium sees no space there before about 0.25
WIDEST_DOUBT = 0.6  # of the font size: a gap beyond is a space, whatever was drawn in it
CLOSE = 0.2  # of the font size: what follows nearer is of the same word
SMALL = 0.85  # of the size of the letter before: an exponent or an index
RAISE = 0.15  # of that size: how much higher an exponent stands
MONOSPACED = re.compile(r"(?i)mono|courier|consol|typewriter|menlo|inconsolata|cmtt")


@dataclass(slots=True)
class Word:
    """One word; `y` is its baseline, sizes are points, `content` the marked content it belongs to (-1: none)."""

    text: str
    left: float
    right: float
    y: float
    size: float
    font: str
    bold: bool
    content: int = -1


@dataclass(slots=True)
class Line:
    """Words that PDFium gives one after another on one height."""

    words: list[Word]
    y: float = 0.0
    size: float = 0.0
    left: float = 0.0
    right: float = 0.0
    text: str = field(default="")

    def measured(self) -> Line:
        """Height and size are those of its largest word, which small signs do not move."""
        main = self.words[0]
        for word in self.words:
            if word.size > main.size + 0.05 or (word.size > main.size - 0.05 and len(word.text) > len(main.text)):
                main = word
        self.y, self.size = main.y, main.size
        self.left = min(word.left for word in self.words)
        self.right = max(word.right for word in self.words)
        self.text = joined(self.words)
        return self


def joined(words: list[Word]) -> str:
    """The words with spaces; none where a sign follows closely from another run, as an exponent does."""
    text = words[0].text
    main = words[0]
    for before, word in pairwise(words):
        if word.y == before.y and word.size == before.size:
            text += f" {word.text}"
            continue
        close = word.left - before.right < CLOSE * max(word.size, before.size) and word.left > before.left
        leads = before is words[0] and before.size < SMALL * word.size  # the number of a footnote
        raised = word.size < SMALL * main.size and word.y - main.y > RAISE * main.size
        shown = word.text.translate(RAISED) if raised and close and set(word.text) <= SIGNS_RAISED else word.text
        text += shown if close and not leads else f" {shown}"
        main = word if word.size >= SMALL * main.size else main
    return text


class PageText:
    """Reads one page's words."""

    def __init__(self, page: pypdfium2.PdfPage, *, tagged: bool) -> None:
        self._letters = Letters(page, tagged=tagged)
        self._spelling = Spelling(page)

    def close(self) -> None:
        self._letters.close()

    def lines(self) -> list[Line]:
        """In the order of the page's stream, which is that of reading in what programs write."""
        characters = self._letters.characters()
        lines: list[list[Word]] = [[]]
        for token in TOKEN.finditer(characters):
            text = token.group()
            if text == "\n":
                lines.append([])
                continue
            self._add(lines[-1], text, token.start(), token.end())
            if text[-1] in HYPHENS:
                lines[-1][-1].text = f"{lines[-1][-1].text[:-1]}-"
                lines.append([])
        return [Line(words).measured() for words in lines if words]

    def _add(self, words: list[Word], text: str, start: int, end: int) -> None:
        if text.isascii() or not DEVANAGARI.search(text):
            parts = [self._word(text, start, end)]
        else:
            cuts = [start, *self._missed_spaces(text, start, end), end]
            parts = [self._word(text[a - start : b - start], a, b) for a, b in pairwise(cuts) if b > a]
        if words and words[-1].text[-1] > "\u08ff" and self._is_of_the_word_before(words[-1], parts[0], start):
            before = words.pop()
            parts[0].text, parts[0].left = before.text + parts[0].text, before.left
        words += parts

    def _word(self, text: str, start: int, end: int) -> Word:
        letters, run = self._letters, self._letters.run(start)
        left, right = letters.left(start), letters.right(end - 1)
        if end - start > 1 and ENDS_SMALL.search(text):
            text = self._with_exponent(text, start, end, run.size, run.y)
        if not text.isascii():
            text = _plain_letters(text)
        return Word(text, left, right, run.y, run.size, run.font, run.bold, run.content)

    def _missed_spaces(self, text: str, start: int, end: int) -> list[int]:
        """Where a Devanagari word ends and PDFium did not see it: its spaces are narrow beside its letters."""
        letters, gap = self._letters, DEVANAGARI_SPACE * self._letters.run(start).size
        return [
            index
            for index in range(start + 1, end)
            if not BEGINS_NO_WORD.match(text[index - start])
            and gap < letters.left(index) - letters.right(index - 1) < 10 * gap
            and not self._is_drawn_on(index - 1, letters.left(index) - gap)
        ]

    def _is_of_the_word_before(self, before: Word, word: Word, start: int) -> bool:
        """Whether the space that PDFium saw is none: too narrow, or letters that spell nothing are drawn there."""
        if not (DEVANAGARI.match(before.text[-1]) and JOINS_DEVANAGARI.match(word.text)) or before.y != word.y:
            return False
        gap = word.left - before.right
        if not self._letters.is_generated(start - 1) or not -before.size < gap < WIDEST_DOUBT * before.size:
            return False
        narrow = DEVANAGARI_SPACE * before.size
        return gap < narrow or self._is_drawn_on(start - 2, word.left - narrow)

    def _is_drawn_on(self, index: int, edge: float) -> bool:
        """Whether what was drawn for this letter reaches to the edge."""
        drawn = self._spelling.right_edge(self._letters.run(index).object)
        return drawn is not None and drawn > edge

    def _with_exponent(self, text: str, start: int, end: int, size: float, y: float) -> str:
        """x2 as x² where the 2 is small and raised; an index, as in H2O, stays as it is."""
        at = end
        while at > start + 1 and text[at - 1 - start] in SIGNS_RAISED and self._is_raised(at - 1, text, start, size, y):
            at -= 1
        return text[: at - start] + text[at - start :].translate(RAISED)

    def _is_raised(self, index: int, text: str, start: int, size: float, y: float) -> bool:
        """By its place and size; some fonts have raised digits of their own, of which only the box is raised. A sign
        goes with the digit behind it."""
        run = self._letters.run(index)
        if run.size < SMALL * size:
            return run.y - y > RAISE * size
        if not text[index - start].isdigit():
            return index - start + 1 < len(text) and self._is_raised(index + 1, text, start, size, y)
        return self._letters.bottom(index) - y > RAISE * size


def _plain_letters(text: str) -> str:
    """Halves put together; mathematical and joined letters as the letters that they are."""
    if HALVES.search(text):
        text = text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
    text = TWICE_SPELLED.sub(r"\1", text)
    return STYLED_LETTERS.sub(lambda match: unicodedata.normalize("NFKC", match.group()), text)
