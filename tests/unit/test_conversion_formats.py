"""Every format to Markdown: what a reader of the file sees is there, in its order and shape."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from document_files import (
    ENGLISH,
    HINDI,
    SIGNS,
    docx,
    epub,
    limits,
    pdf,
    pptx,
    relations,
    slide,
    slide_text,
    text_pdf,
    word_formula,
    word_paragraph,
    word_table,
    xhtml,
    xlsx,
)
from hydrateall.documents.conversion import Conversion, convert, inspect
from hydrateall.documents.conversion.errors import UnknownEncoding

Converted = Callable[[bytes, str], Conversion]
FRACTION = "<m:f><m:num><m:r><m:t>1</m:t></m:r></m:num><m:den><m:r><m:t>f</m:t></m:r></m:den></m:f>"
MATHML = (
    '<math xmlns="http://www.w3.org/1998/Math/MathML"><mfrac><mn>1</mn><mi>f</mi></mfrac><mo>=</mo>'
    "<msup><mi>x</mi><mn>2</mn></msup></math>"
)


@pytest.fixture
def converted(tmp_path: Path) -> Converted:
    """Inspects and converts a file of this content and name, as the pipeline does."""

    def read(content: bytes, name: str) -> Conversion:
        path = tmp_path / name
        path.write_bytes(content)
        facts = inspect(content, name, limits())
        return convert(path, mime_type=facts.mime_type, source_name=name, limits=limits(), language="en")

    return read


class TestEveryFormat:
    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("signs.pdf", text_pdf(f"The line of signs: {SIGNS} and more.")),
            ("signs.docx", docx(word_paragraph(SIGNS))),
            ("signs.pptx", pptx([slide(slide_text(SIGNS, placeholder="body"))])),
            ("signs.xlsx", xlsx({"Sheet": [[SIGNS, "other"], ["x", "y"]]})),
            ("signs.html", b"<p>A &amp; B &lt; C &quot;q&quot; it&#39;s</p>"),
            ("signs.epub", epub(["<p>A &amp; B &lt; C &quot;q&quot; it&#39;s</p>"])),
            ("signs.md", SIGNS.encode()),
            ("signs.txt", SIGNS.encode()),
        ],
    )
    def test_keeps_the_signs_that_markup_escapes(self, converted: Converted, name: str, content: bytes) -> None:
        """A reader that was measured dropped escaped signs, and nothing said so."""
        result = converted(content, name)

        assert SIGNS in result.markdown

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("hindi.docx", docx(word_paragraph(HINDI))),
            ("hindi.pptx", pptx([slide(slide_text(HINDI, placeholder="body"))])),
            ("hindi.xlsx", xlsx({"पत्रक": [[HINDI, "x"], ["y", "z"]]})),
            ("hindi.html", f"<meta charset=utf-8><p>{HINDI}</p>".encode()),
            ("hindi.epub", epub([f"<p>{HINDI}</p>"])),
            ("hindi.md", HINDI.encode()),
            ("hindi.txt", HINDI.encode("utf-16")),
        ],
    )
    def test_keeps_hindi(self, converted: Converted, name: str, content: bytes) -> None:
        assert HINDI in converted(content, name).markdown

    @pytest.mark.parametrize(
        ("name", "content"),
        [
            ("marks.md", b"<!-- page 7 -->\ntext of the page"),
            ("marks.html", b"<p>&lt;!-- page 7 --&gt;</p><p>text of the page</p>"),
            ("marks.docx", docx(word_paragraph("<!-- page 7 -->") + word_paragraph("text of the page"))),
            ("marks.pdf", pdf([[(11, False, "<!-- page 7 -->"), (11, False, "text of the page")]])),
        ],
    )
    def test_lets_no_document_forge_a_page_marker(self, converted: Converted, name: str, content: bytes) -> None:
        markdown = converted(content, name).markdown

        assert "page 7" in markdown
        assert not re.search(r"^<!-- page 7 -->$", markdown, re.MULTILINE)

    def test_counts_words_in_both_scripts(self, converted: Converted) -> None:
        assert converted("Light is energy. प्रकाश ऊर्जा है।".encode(), "words.md").words == 6

    def test_takes_the_title_from_the_first_heading(self, converted: Converted) -> None:
        assert converted(docx(word_paragraph("Light", style="Heading1")), "a.docx").title == "Light"


class TestWord:
    def test_gives_headings_lists_and_tables(self, converted: Converted) -> None:
        body = (
            word_paragraph("Light", style="Heading1")
            + word_paragraph("first", numbering=0)
            + word_paragraph("inner", numbering=1)
            + word_paragraph("second", numbering=0)
            + word_table([["Mirror", "Use"], ["Concave", "Torch | lamp"]])
        )

        markdown = converted(docx(body), "a.docx").markdown

        assert "# Light" in markdown
        assert "1. first\n   - inner\n2. second" in markdown
        assert "| Mirror | Use |\n| --- | --- |\n| Concave | Torch \\| lamp |" in markdown

    def test_turns_formulas_into_latex(self, converted: Converted) -> None:
        body = word_paragraph("The lens formula:") + word_formula(FRACTION)

        assert "$\\frac{1}{f}$" in converted(docx(body), "a.docx").markdown

    def test_keeps_footnotes_and_alternative_texts(self, converted: Converted) -> None:
        drawing = (
            '<w:p><w:r><w:drawing xmlns:wp="http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing">'
            '<wp:inline><wp:docPr id="1" name="p" descr="A ray diagram"/><a:graphic xmlns:a="http://schemas.'
            'openxmlformats.org/drawingml/2006/main"><a:graphicData><pic:pic xmlns:pic="http://schemas.openxmlformats.'
            'org/drawingml/2006/picture"><pic:blipFill><a:blip r:embed="rId9"/></pic:blipFill></pic:pic>'
            "</a:graphicData></a:graphic></wp:inline></w:drawing></w:r></w:p>"
        )
        note = '<w:p><w:r><w:t>A law</w:t></w:r><w:r><w:footnoteReference w:id="2"/></w:r></w:p>'
        links = relations(("styles", "styles.xml"), ("numbering", "numbering.xml"), ("footnotes", "footnotes.xml"))
        links = links.replace("</Rel", '<Relationship Id="rId9" Type="x/image" Target="media/p.png"/></Rel', 1)
        parts = {"word/media/p.png": b"\x89PNG", "word/_rels/document.xml.rels": links}

        result = converted(docx(drawing + note, parts=parts), "a.docx")

        assert "![A ray diagram]()" in result.markdown
        assert "A law[^1]" in result.markdown
        assert "[^1]: Snell found it in 1621." in result.markdown
        assert result.images == 1

    def test_reads_outline_levels_of_a_template_s_own_styles(self, converted: Converted) -> None:
        style = (
            '<w:style w:type="paragraph" w:styleId="Kapitel"><w:name w:val="Kapitel"/><w:pPr><w:outlineLvl w:val="1"/>'
            "</w:pPr></w:style>"
        )

        markdown = converted(docx(word_paragraph("Refraction", style="Kapitel"), styles=style), "a.docx").markdown

        assert markdown == "## Refraction\n"

    def test_keeps_the_words_of_diagrams_and_charts(self, converted: Converted) -> None:
        inner = '<x:relIds xmlns:x="d" r:dm="rId4"/><c:chart xmlns:c="c" r:id="rId5"/>'
        frame = f"<w:p><w:r><w:drawing>{inner}</w:drawing></w:r></w:p>"
        parts = {
            "word/_rels/document.xml.rels": relations(
                ("styles", "styles.xml"),
                ("numbering", "numbering.xml"),
                ("footnotes", "footnotes.xml"),
                ("diagramData", "diagrams/data1.xml"),
                ("chart", "charts/chart1.xml"),
            ),
            "word/diagrams/data1.xml": '<d xmlns:a="a"><pt><a:t>Acid</a:t></pt><pt><a:t>Base</a:t></pt></d>',
            "word/charts/chart1.xml": "<s><chart><title><t>Speed</t></title><ser><tx><v>Light</v></tx>"
            "<cat><v>air</v></cat><val><v>300</v></val></ser></chart></s>",
        }

        markdown = converted(docx(frame + word_paragraph("after"), parts=parts), "a.docx").markdown

        assert "Acid" in markdown
        assert "Base" in markdown
        assert "Speed" in markdown
        assert "| air | 300 |" in markdown


class TestSlides:
    def test_stand_behind_their_markers_with_title_lists_and_notes(self, converted: Converted) -> None:
        first = slide(
            slide_text("Body one", "deeper", placeholder="body", properties=["<a:pPr/>", '<a:pPr lvl="1"/>']),
            slide_text("Mirrors", placeholder="title"),
        )
        second = slide(slide_text("one", "two", properties=['<a:pPr><a:buAutoNum type="arabicPeriod"/></a:pPr>'] * 2))

        result = converted(pptx([first, second], notes={1: "Say it slowly."}), "a.pptx")

        assert result.pages == 2
        assert result.markdown.startswith(
            "<!-- page 1 -->\n\n## Mirrors\n\n- Body one\n   - deeper\n\nNotes:\n\nSay it"
        )
        assert "<!-- page 2 -->\n\n1. one\n2. two" in result.markdown

    def test_keep_text_beside_a_formula(self, converted: Converted) -> None:
        """PowerPoint wraps a whole text with a formula into alternatives, which two libraries skip in silence."""
        formula = f'<m:oMath xmlns:m="m">{FRACTION}</m:oMath>'
        text = slide_text("The lens formula").replace("</a:r>", f'</a:r><w:m xmlns:w="w">{formula}</w:m>')
        wrapped = f'<mc:AlternateContent xmlns:mc="mc"><mc:Choice>{text}</mc:Choice></mc:AlternateContent>'

        markdown = converted(pptx([slide(wrapped)]), "a.pptx").markdown

        assert "The lens formula$\\frac{1}{f}$" in markdown

    def test_keep_tables_groups_and_alternative_texts(self, converted: Converted) -> None:
        cells = "".join(f"<a:tc><p:txBody><a:p><a:r><a:t>{text}</a:t></a:r></a:p></p:txBody></a:tc>" for text in "ab")
        frame = f"<p:graphicFrame><a:tbl><a:tr>{cells}</a:tr></a:tbl></p:graphicFrame>"
        picture = '<p:pic><p:nvPicPr><p:cNvPr id="2" name="p" descr="A prism"/></p:nvPicPr></p:pic>'
        group = f"<p:grpSp>{slide_text('inside a group')}{picture}</p:grpSp>"

        result = converted(pptx([slide(frame, group)]), "a.pptx")

        assert "| a | b |" in result.markdown
        assert "inside a group" in result.markdown
        assert "![A prism]()" in result.markdown


class TestSheets:
    def test_are_tables_behind_their_markers(self, converted: Converted) -> None:
        result = converted(xlsx({"Mirrors": [["Mirror", "f"], ["Concave", -15.5]], "Empty": []}), "a.xlsx")

        assert result.pages == 2
        assert "<!-- page 1 -->\n\n## Mirrors\n\n| Mirror | f |\n| --- | --- |\n| Concave | -15.5 |" in result.markdown


class TestWebPages:
    def test_keep_nested_lists_formulas_and_spanned_tables(self, converted: Converted) -> None:
        page = (
            "<h2>Law</h2><ol start=3><li>three<ul><li>inner</li></ul></li><li>four</li></ol><p>Then "
            f"{MATHML} holds, 10<sup>-3</sup> m of H<sub>2</sub>O.</p><table><tr><th>a</th><th>b</th></tr><tr>"
            "<td rowspan=2>c</td><td>d</td></tr><tr><td>e</td></tr></table>"
        )

        markdown = converted(page.encode(), "a.html").markdown

        assert "3. three\n   - inner\n4. four" in markdown
        assert "$\\frac{1}{f}=x^{2}$ holds, 10⁻³ m of H2O." in markdown
        assert "| a | b |\n| --- | --- |\n| c | d |\n|  | e |" in markdown

    def test_leave_out_what_nobody_sees(self, converted: Converted) -> None:
        page = (
            b"<title>T</title><style>p{}</style><script>evil()</script><!-- note --><p hidden>ghost</p><p "
            b'style="display:none">ghost</p><p>seen</p>'
        )

        assert converted(page, "a.html").markdown == "seen\n"

    def test_keep_text_that_only_looks_like_markdown(self, converted: Converted) -> None:
        markdown = converted(b"<p># no heading</p><p>1. no list</p><p>- no bullet</p>", "a.html").markdown

        assert markdown == "\\# no heading\n\n1\\. no list\n\n\\- no bullet\n"

    def test_keep_code_as_it_is(self, converted: Converted) -> None:
        assert "```\n# x < 1\n  y\n```" in converted(b"<pre><code># x &lt; 1\n  y</code></pre>", "a.html").markdown


class TestBooks:
    def test_have_their_chapters_in_reading_order_with_footnotes_numbered_through(self, converted: Converted) -> None:
        note = '<p>law<a epub:type="noteref" href="#n">1</a></p><aside epub:type="footnote" id="n"><p>{}</p></aside>'
        chapters = ["<h1>One</h1>" + note.format("first note"), "<h1>Two</h1>" + note.format("second note")]

        result = converted(epub(chapters), "a.epub")

        assert result.title == "A book"
        assert result.markdown.index("# One") < result.markdown.index("# Two")
        assert "[^1]: first note" in result.markdown
        assert "law[^2]" in result.markdown
        assert "[^2]: second note" in result.markdown

    def test_may_have_the_document_type_of_their_standard(self, converted: Converted) -> None:
        assert "DOCTYPE" in xhtml("")
        assert converted(epub(["<p>fine</p>"]), "a.epub").markdown == "fine\n"


class TestText:
    def test_in_windows_1252_is_read_and_said(self, converted: Converted) -> None:
        result = converted("“Café” costs 5 €.".encode("cp1252"), "a.txt")

        assert "“Café” costs 5 €." in result.markdown
        assert "Windows-1252" in result.warnings[0]

    def test_in_an_unknown_encoding_is_refused(self, converted: Converted) -> None:
        with pytest.raises(UnknownEncoding, match="Save it as UTF-8"):
            converted("Свет есть форма энергии, которая позволяет нам видеть.".encode("cp1251"), "a.txt")

    def test_has_no_headings_but_markdown_has(self, converted: Converted) -> None:
        assert converted(b"# one\ntext", "a.txt").markdown == "\\# one\ntext\n"
        assert converted(b"# one\ntext", "a.md").markdown == "# one\ntext\n"

    def test_of_one_endless_line_is_read(self, converted: Converted) -> None:
        line = (ENGLISH + " ") * 20_000

        assert len(converted(line.encode(), "a.txt").markdown) > 3_000_000
