"""PDF pages: order, headings, lists, tables, tags, Hindi, scans."""

from __future__ import annotations

from pathlib import Path

import pypdfium2
import pytest

from document_files import CHANAKYA, ENGLISH, KRUTI_DEV, limits, pdf, text_pdf
from hydrateall.documents.conversion import Conversion, Limits, convert
from hydrateall.documents.conversion.errors import OldHindiFont, ScannedPages
from hydrateall.documents.conversion.pdf_documents import ranges
from hydrateall.documents.conversion.recognition import installed_languages

typst = pytest.importorskip("typst")
READS_ENGLISH = "eng" in installed_languages()
DEVANAGARI_FONTS = sorted(Path("/usr/share/fonts").rglob("*Devanagari-Regular.ttf"))


def converted(content: bytes, tmp_path: Path, own: Limits | None = None) -> Conversion:
    path = tmp_path / "page.pdf"
    path.write_bytes(content)
    return convert(path, mime_type="application/pdf", source_name="page.pdf", limits=own or limits(), language="en")


def typeset(source: str) -> bytes:
    content: bytes = typst.compile(source.encode())
    return content


def scan(content: bytes, page: int = 0) -> tuple[int, int, bytes]:
    """The page as a picture: width, height and grey bytes."""
    document = pypdfium2.PdfDocument(content)
    bitmap = document[page].render(scale=3, grayscale=True)
    rows = bytes(bitmap.buffer)
    grey = b"".join(rows[line * bitmap.stride :][: bitmap.width] for line in range(bitmap.height))
    return bitmap.width, bitmap.height, grey


class TestPages:
    def test_stand_behind_their_markers(self, tmp_path: Path) -> None:
        result = converted(text_pdf("First page.", "Second page."), tmp_path)

        assert result.markdown == "<!-- page 1 -->\n\nFirst page.\n\n<!-- page 2 -->\n\nSecond page.\n"
        assert result.pages == 2

    def test_have_headings_by_their_type(self, tmp_path: Path) -> None:
        lines = [
            (20.0, True, "Light"),
            (11.0, False, ENGLISH[:80]),
            (14.0, True, "Mirrors"),
            (11.0, False, ENGLISH[:80]),
        ]

        markdown = converted(pdf([lines]), tmp_path).markdown

        assert "\n# Light\n" in markdown
        assert "\n## Mirrors\n" in markdown

    def test_do_not_take_a_bold_sentence_for_a_heading(self, tmp_path: Path) -> None:
        lines = [(11.0, False, ENGLISH[:80]), (11.0, True, "This is important."), (11.0, False, ENGLISH[:80])]

        assert "#" not in converted(pdf([lines]), tmp_path).markdown


class TestTypesetPages:
    def test_keep_the_order_of_words_around_links_and_bold_type(self, tmp_path: Path) -> None:
        """The library measured first moves linked and bold words to the front of their paragraph."""
        source = 'See #link("https://example.org")[the laws of optics] for *bold words* and _more_ of it.'

        assert "See the laws of optics for bold words and more of it." in converted(typeset(source), tmp_path).markdown

    def test_keep_lists_tables_and_alternative_texts(self, tmp_path: Path) -> None:
        source = """
= Light
+ first
+ second
  - inner
#table(columns: 2, table.header([Mirror], [Use]), [Concave], [In a torch, behind the lamp, and in a telescope \\
  of the reflecting kind], [Convex], [Vehicle])
#image(bytes("<svg xmlns='http://www.w3.org/2000/svg' width='9' height='9'><path d='M0 0h9v9z'/></svg>"),
  alt: "A ray diagram")
"""

        markdown = converted(typeset(source), tmp_path).markdown

        assert "# Light" in markdown
        assert "1. first\n2. second\n   - inner" in markdown
        assert "| Mirror | Use |\n| --- | --- |\n| Concave | In a torch, behind" in markdown
        assert "![A ray diagram]()" in markdown

    def test_keep_exponents_and_indices_apart(self, tmp_path: Path) -> None:
        source = "An area of 5 m#super[2] of H#sub[2]O, and 10#super[-3] m; also $x^2$."

        markdown = converted(typeset(source), tmp_path).markdown

        assert "5 m² of H2O, and 10⁻³ m; also x²." in markdown

    def test_leave_a_hyphen_at_the_end_of_its_line(self, tmp_path: Path) -> None:
        """Only the optimiser may judge whether it belongs to the word."""
        source = "#set page(width: 120pt, margin: 10pt)\nAn important manipulation-\\\nof light."

        assert "-\nof light." in converted(typeset(source), tmp_path).markdown

    @pytest.mark.skipif(not DEVANAGARI_FONTS, reason="no Devanagari font is installed")
    def test_part_hindi_words_where_they_are_parted(self, tmp_path: Path) -> None:
        text = "जब प्रकाश किसी दर्पण पर पड़ता है तो वह परावर्तित हो जाता है।"
        source = f'#set text(font: "{DEVANAGARI_FONTS[0].stem.split("-")[0][:8]}", lang: "hi")\n{text}'
        source = source.replace("NotoSans", "Noto Sans Devanagari").replace("NotoSeri", "Noto Serif Devanagari")

        assert text in converted(typeset(source), tmp_path).markdown


class TestScans:
    def test_are_named_when_they_cannot_be_read(self, tmp_path: Path) -> None:
        picture = scan(text_pdf(ENGLISH))
        content = pdf([[(11.0, False, ENGLISH[:80])], [], []], pictures={2: picture, 3: picture})

        with pytest.raises(ScannedPages, match=r"no text on pages 2-3: a scan"):
            converted(content, tmp_path, limits(ocr=False))

    def test_are_refused_with_the_remedy_where_tesseract_is_not_installed(
        self, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        installed_languages.cache_clear()
        monkeypatch.setenv("PATH", str(tmp_path))
        content = pdf([[]], pictures={1: scan(text_pdf(ENGLISH))})

        try:
            with pytest.raises(ScannedPages, match="Install Tesseract"):
                converted(content, tmp_path)
        finally:
            installed_languages.cache_clear()

    @pytest.mark.skipif(not READS_ENGLISH, reason="Tesseract is not installed")
    def test_are_recognised_page_by_page_beside_digital_pages(self, tmp_path: Path) -> None:
        content = pdf(
            [[(11.0, False, "A digital page with a line of text.")], []], pictures={2: scan(text_pdf(ENGLISH))}
        )

        result = converted(content, tmp_path)

        assert result.ocr_pages == 1
        assert "A digital page with a line of text." in result.markdown
        assert "angle of incidence" in " ".join(result.markdown.split("<!-- page 2 -->")[1].split())
        assert "page 2: read by text recognition" in result.warnings[0]

    def test_are_told_from_pages_with_a_picture(self, tmp_path: Path) -> None:
        content = pdf([[(11.0, False, ENGLISH[:80])]], pictures={1: scan(text_pdf("x"))})

        assert converted(content, tmp_path, limits(ocr=False)).ocr_pages == 0


class TestOldHindiFonts:
    @pytest.mark.parametrize("text", [KRUTI_DEV, CHANAKYA])
    def test_are_known_by_their_text(self, tmp_path: Path, text: str) -> None:
        with pytest.raises(OldHindiFont, match="Convert to Unicode"):
            converted(text_pdf(text), tmp_path, limits(ocr=False))

    def test_are_known_by_the_font_s_name(self, tmp_path: Path) -> None:
        with pytest.raises(OldHindiFont, match="KrutiDev010"):
            converted(text_pdf("ty ty ty", font="KrutiDev010"), tmp_path, limits(ocr=False))

    @pytest.mark.skipif(not READS_ENGLISH, reason="Tesseract is not installed")
    def test_go_to_text_recognition_where_it_is_installed(self, tmp_path: Path) -> None:
        assert converted(text_pdf(ENGLISH, font="DevLys010"), tmp_path).ocr_pages == 1


def test_page_numbers_read_as_ranges() -> None:
    assert ranges([3]) == "page 3"
    assert ranges([1, 3, 4, 5]) == "pages 1, 3-5"


class TestLongDocuments:
    def test_keep_their_tagged_headings_and_tables_on_every_page(self, tmp_path: Path) -> None:
        """The tags of a long document are searched page by page from where those of the page before began."""
        sections = [f"= Heading {number}\n#lorem(60)\n#table(columns: 2, [a], [b{number}])" for number in range(200)]

        markdown = converted(typeset("\n\n".join(sections)), tmp_path).markdown

        assert all(f"# Heading {number}\n" in markdown for number in range(200))
        assert all(f"| a | b{number} |" in markdown for number in range(200))
