"""Markdown becomes HTML that holds only harmless elements and attributes, whatever its writer asked for."""

from __future__ import annotations

from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from hydrateall.core.markdown import reading_minutes, render, render_inline, unsafe_parts, word_count
from hydrateall.llm.offline import write
from offline_assignments import LANGUAGES, about, prompt, titles
from offline_library import small_library

# Written down here once more, so that a list that grows in the code is noticed.
HTML = {
    *("p", "h1", "h2", "h3", "h4", "h5", "h6", "ul", "ol", "li", "blockquote", "pre", "code", "em", "strong", "s"),
    *("del", "br", "hr", "a", "table", "thead", "tbody", "tr", "th", "td", "div", "span"),
}
MATHML = {
    *("math", "mrow", "mi", "mn", "mo", "mtext", "mspace", "mfrac", "msqrt", "mroot", "msub", "msup", "msubsup"),
    *("munder", "mover", "munderover", "mmultiscripts", "mprescripts", "none", "mtable", "mtr", "mtd", "mstyle"),
    *("mpadded", "mphantom", "menclose"),
}
LAYOUT = {
    *("width", "height", "depth", "minsize", "maxsize", "stretchy", "fence", "separator", "accent", "accentunder"),
    *("movablelimits", "largeop", "form", "mathvariant", "notation", "displaystyle", "scriptlevel", "linethickness"),
}
ATTRIBUTES = {"a": {"href", "rel"}, "ol": {"start"}, "math": {"alttext", "display"}, "th": {"scope"}}
CLASSES = {"math-block", "align-left", "align-center", "align-right"}
VOID = {"br", "hr"}

ATTACKS = [
    "<script>alert(1)</script>",
    "<SCRIPT SRC=//evil.example/x.js></SCRIPT>",
    "<scr<script>ipt>alert(1)</scr</script>ipt>",
    "<script\n>alert(1)</script\n>",
    "<img src=x onerror=alert(1)>",
    "<img src=x onerror=alert(1)//",
    '<IMG """><SCRIPT>alert(1)</SCRIPT>">',
    "<img src=`javascript:alert(1)`>",
    "<svg onload=alert(1)>",
    "<svg><animate onbegin=alert(1) attributeName=x dur=1s>",
    "<svg><a xlink:href='javascript:alert(1)'><text y=9>x</text></a></svg>",
    "<body onload=alert(1)>",
    "<details open ontoggle=alert(1)>x</details>",
    "<iframe src=javascript:alert(1)></iframe>",
    "<iframe srcdoc='<script>alert(1)</script>'></iframe>",
    "<object data=data:text/html,<script>alert(1)</script>></object>",
    "<embed src=//evil.example/x.swf>",
    "<style>@import '//evil.example/x.css';</style>",
    "<div style='width:expression(alert(1))'>x</div>",
    "<meta http-equiv=refresh content='0;url=javascript:alert(1)'>",
    "<base href=//evil.example/>",
    "<form action=javascript:alert(1)><button>x</button></form>",
    "<link rel=stylesheet href=//evil.example/x.css>",
    "<math><maction actiontype=statusline xlink:href=javascript:alert(1)>x</maction></math>",
    "<math><mtext></p><style><img src=x onerror=alert(1)></style></mtext></math>",
    "<noscript><p title='</noscript><img src=x onerror=alert(1)>'></noscript>",
    "<!--><img src=x onerror=alert(1)>-->",
    "<![CDATA[<script>alert(1)</script>]]>",
    "<a href=javascript:alert(1)>x</a>",
    "<x onclick=alert(1)>x</x>",
    '<math-slot n="0"></math-slot>$x$',
    "[x](javascript:alert(1))",
    "[x](JaVaScRiPt:alert(1))",
    "[x](&#106;avascript:alert(1))",
    "[x](javascript&colon;alert(1))",
    "[x](<java\tscript:alert(1)>)",
    "[x](java&#10;script:alert(1))",
    "[x]( \x01javascript:alert(1))",
    "[x](vbscript:msgbox(1))",
    "[x](data:text/html;base64,PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg==)",
    "[x](file:///etc/passwd)",
    "[x](//evil.example)",
    "[x](/api/admin/logout)",
    "[x][1]\n\n[1]: javascript:alert(1)",
    '[x](https://a.example "\\" onmouseover=alert(1) x=\\"")',
    "[x](https://a.example/\"onmouseover='alert(1)')",
    "<javascript:alert(1)>",
    "<data:text/html,alert(1)>",
    "![x](https://evil.example/pixel.png)",
    "![x](javascript:alert(1))",
    "![x](data:image/svg+xml;base64,PHN2Zz4=)",
    '![" onerror="alert(1)](x.png)',
    "![<script>alert(1)</script>](x.png)",
    '```"><script>alert(1)</script>\nx\n```',
    "| a |\n|---|\n| <img src=x onerror=alert(1)> |",
    r"$\href{javascript:alert(1)}{x}$",
    r"$\text{<script>alert(1)</script>}$",
    r"$\text{&lt;img src=x onerror=alert(1)&gt;}$",
    r"$\text{&#60;script&#62;alert(1)&#60;/script&#62;}$",
    r"$\style{background:url(//evil.example)}{x}$",
    r"$\class{x onmouseover=alert(1)}{x}$",
    r"$\cssId{x}{y}$",
    r'$\color{red" onmouseover="alert(1)}{x}$',
    r"$\unicode{x3c}script\unicode{x3e}$",
    r"$\operatorname{<script>}$",
    r'$\hspace{1em" onclick="alert(1)}$',
    r"$\rule{9999em}{9999em}$",
    r'$"><img src=x onerror=alert(1)>$',
    "$$</math><script>alert(1)</script>$$",
    r"$\def\x{\x\x}\x$",
    "<math-slot n='9'>",
]


class Page(HTMLParser):
    """What a browser sees in a piece of HTML: the elements with their attributes, and the words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str]]] = []
        self.words = ""
        self.others: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, {name: value or "" for name, value in attrs}))

    def handle_data(self, data: str) -> None:
        self.words += data

    def handle_comment(self, data: str) -> None:
        self.others.append(data)

    def handle_decl(self, decl: str) -> None:
        self.others.append(decl)

    def handle_pi(self, data: str) -> None:
        self.others.append(data)

    def unknown_decl(self, data: str) -> None:
        self.others.append(data)


def not_allowed(html: str) -> Iterator[str]:
    """Everything in a page that is on none of the lists."""
    page = Page(html)
    yield from page.others
    for tag, attributes in page.elements:
        if tag not in HTML | MATHML:
            yield f"<{tag}>"
        allowed = ATTRIBUTES.get(tag, set()) | (LAYOUT if tag in MATHML else set())
        for name, value in attributes.items():
            if name == "class":
                yield from set(value.split()) - CLASSES
            elif name not in allowed:
                yield f"{name}={value}"
        if tag == "a" and not attributes.get("href", "").startswith(("http://", "https://", "mailto:")):
            yield f"link {attributes}"
        if tag == "a" and attributes.get("rel") != "noopener nofollow":
            yield f"rel {attributes}"


def is_balanced(html: str) -> bool:
    """Whether every element is closed, which keeps a note from swallowing the page around it."""
    closed = html.replace("<br>", "<br/>").replace("<hr>", "<hr/>").replace("&nbsp;", " ")
    try:
        ElementTree.fromstring(f"<div>{closed}</div>")
    except ElementTree.ParseError:
        return False
    return True


class TestRender:
    @pytest.mark.parametrize("attack", ATTACKS)
    def test_lets_no_attack_through(self, attack: str) -> None:
        for html in (render(attack), render_inline(attack), render(f"- > {attack}"), render(f"a {attack} b")):
            assert list(not_allowed(html)) == []
            assert is_balanced(html)

    def test_shows_raw_html_as_text(self) -> None:
        assert Page(render("Write <b>bold</b> & more")).words == "Write <b>bold</b> & more"

    def test_keeps_what_a_note_is_made_of(self) -> None:
        html = render(
            "> **Sample content**\n\n## Head\n\n1. one\n2. *two*\n\n- ~~a~~\n\n| x | y |\n|---|--:|\n| 1 | `2` |\n\n---"
        )

        tags = {tag for tag, _ in Page(html).elements}
        assert {"blockquote", "strong", "h2", "ol", "ul", "li", "em", "s", "table", "th", "td", "code", "hr"} <= tags
        assert '<td class="align-right">' in html
        assert html.startswith("<blockquote>\n<p><strong>Sample content</strong></p>")

    def test_marks_links_as_foreign(self) -> None:
        [_, (tag, attributes)] = Page(render('[NCERT](https://ncert.nic.in/?a=1&b=2 "title")')).elements

        assert (tag, attributes) == ("a", {"href": "https://ncert.nic.in/?a=1&b=2", "rel": "noopener nofollow"})

    @pytest.mark.parametrize("text", ["[the words](javascript:x)", "[the words](#part)", "![the words](https://a.b/c)"])
    def test_keeps_the_words_of_what_it_takes_out(self, text: str) -> None:
        assert render(text) == "<p>the words</p>"

    def test_gives_the_same_html_each_time(self) -> None:
        text = "$x$ and $y$ and $$z$$\n\n| a |\n|---|\n| $x$ |"

        assert len({render(text) for _ in range(5)}) == 1

    def test_reads_characters_that_cannot_be_stored(self) -> None:
        assert render("a\x00b\ud800c") == "<p>abc</p>"

    @given(st.text(st.characters() | st.sampled_from("$\\{}[]()<>!`*_|#&;:\"'=/-\n"), max_size=120))
    @example("$" * 9)
    @example("\\")
    @example("[a](http://[::1)")
    def test_never_raises_and_stays_on_the_lists(self, text: str) -> None:
        for html in (render(text), render_inline(text)):
            assert list(not_allowed(html)) == []
        unsafe_parts(text)
        assert word_count(text) >= 0

    @given(
        st.lists(
            st.sampled_from([*ATTACKS, "$", "$$", "`", "\n", "\n\n", "> ", "| ", "\\", "x", "{", "}", '"']), max_size=6
        )
    )
    def test_stays_on_the_lists_when_attacks_are_mixed(self, parts: list[str]) -> None:
        for html in (render("".join(parts)), render_inline("".join(parts))):
            assert list(not_allowed(html)) == []

    @pytest.mark.parametrize("language", LANGUAGES)
    def test_renders_the_notes_of_the_offline_writer_whole(self, language: str, tmp_path: Path) -> None:
        library = small_library(tmp_path)
        for title in titles(language):
            note = write(prompt(about(title, language, "notes", wordRange=[800, 1500])), library=library)["content"]

            html = render(note)

            assert list(not_allowed(html)) == []
            assert is_balanced(html)
            assert unsafe_parts(note) == []
            assert "$" not in Page(html).words


class TestFormulas:
    def test_are_mathml_that_can_be_read_aloud(self) -> None:
        html = render(r"$\frac{a}{b} < 1$")

        assert html.startswith(r'<p><math alttext="\frac{a}{b} &lt; 1"><mrow><mfrac>')
        assert "<mo>&lt;</mo>" in html

    def test_stand_alone_between_double_dollars(self) -> None:
        assert render("$$\nx^2\n$$").startswith('<div class="math-block"><math display="block" alttext="x^2">')
        assert render_inline("so $$x^2$$").startswith('so <span class="math-block"><math display="block"')

    @pytest.mark.parametrize(
        "formula",
        [r"\foo{x}", r"\begin{foo}x\end{foo}", r"\left( x", "a_b_c", "a & b", r"\frac", "{" * 900, "x" * 2001],
    )
    def test_that_cannot_be_set_are_shown_as_their_source(self, formula: str) -> None:
        page = Page(render_inline(f"${formula}$"))

        assert [tag for tag, _ in page.elements] == ["code"]
        assert page.words == formula

    @pytest.mark.parametrize("formula", [r"\text{विद्युत धारा}", "विद्युत धारा"])
    def test_keep_hindi_words_whole(self, formula: str) -> None:
        html = render_inline(f"${formula} = I$").replace("\N{NO-BREAK SPACE}", " ")

        assert "<mtext>विद्युत धारा</mtext>" in html

    @pytest.mark.parametrize(
        ("formula", "words"),
        [
            (r"\ce{2H2 + O2 -> 2H2O}", "2H2+O2→2H2O"),
            (r"\ce{SO4^2-}", "SO42−"),
            (r"\SI{5}{m/s}", "5m/s"),
            ("50% of", "50%of"),
            ("1,20,000", "1,20,000"),
            (r"\mathrm{kg}", "kg"),
            (r"\triangle ABC \sim \triangle DEF", "△ABC∼△DEF"),
            (r"\lcm(2, 3)", "lcm(2,3)"),
        ],
    )
    def test_say_what_school_texts_write(self, formula: str, words: str) -> None:
        page = Page(render_inline(f"${formula}$"))

        assert page.words == words
        assert page.elements[0][0] == "math"

    def test_put_a_space_beside_the_name_of_a_function(self) -> None:
        assert '<mi>sin</mi><mspace width="0.167em"></mspace><mi>x</mi>' in render_inline(r"$\sin x$")
        assert '<mi>sin</mi><mo stretchy="false">(</mo>' in render_inline(r"$\sin(x)$")

    def test_line_up_equations_below_each_other(self) -> None:
        html = render("$$\n\\begin{aligned} 2x &= 8 \\\\ x &= 4 \\end{aligned}\n$$")

        assert html.count('<mtd class="align-right">') == html.count('<mtd class="align-left">') == 2


class TestRenderInline:
    def test_adds_no_paragraph_and_keeps_line_ends(self) -> None:
        assert render_inline("Is $x$ **large**?\n- yes").endswith("<strong>large</strong>?<br>\n- yes")

    def test_leaves_numbers_and_headings_alone(self) -> None:
        assert render_inline("1. # x") == "1. # x"


class TestUnsafeParts:
    @pytest.mark.parametrize(
        ("text", "parts"),
        [
            ("Hello <script>x</script>", ["a <script> tag"]),
            ("<img src=x onerror=alert(1)//", ["a <img> tag", "an event handler (onerror)"]),
            ("<x OnClick = y>z", ["a <x> tag", "an event handler (onclick)"]),
            ("so <b>bold</b>", ["a <b> tag"]),
            ("a <!-- note --> b", ["an HTML comment or declaration"]),
            ("[a](JavaScript:x)", ["a javascript: link"]),
            ("[a](&#106;avascript:x) [b](vbscript:y)", ["a javascript: link", "a vbscript: link"]),
            ("[a][b]\n\n[b]: data:text/html,x", ["a data: link"]),
            ("[a](chapter2.md)", ["a link that is no web address (chapter2.md)"]),
            ("![a](https://a.b/c.png)", ["a remote image"]),
            ("![a](figure.png)", ["an image"]),
            (r"$\href{javascript:x}{y}$", [r"the LaTeX command \href"]),
        ],
    )
    def test_names_what_is_taken_out(self, text: str, parts: list[str]) -> None:
        assert unsafe_parts(text) == parts

    @pytest.mark.parametrize(
        "text",
        [
            "If a < b, then a+c < b+c.",
            "Solve $x<y$ and $a<b>c$.",
            "for x<y and y>z; a<b and c>d; 3<p<5",
            "The tag `<script>` is code.",
            "```\n<iframe src=x>\n```",
            r"\<b\> and &lt;script&gt; are only shown",
            "See [NCERT](https://ncert.nic.in), <https://a.b> or <me@a.b>.",
            "x ≤ 5; [1] (2); \\[3\\]",
            "यदि a<b हो",
        ],
    )
    def test_finds_nothing_in_clean_text(self, text: str) -> None:
        assert unsafe_parts(text) == []

    @pytest.mark.parametrize("attack", [each for each in ATTACKS if "$" not in each and "`" not in each])
    def test_notices_nearly_every_attack(self, attack: str) -> None:
        harmless = {attack for attack in ATTACKS if "https://a.example" in attack or attack == "<math-slot n='9'>"}

        assert bool(unsafe_parts(attack)) is (attack not in harmless)


class TestFigures:
    @pytest.mark.parametrize(
        ("text", "words"),
        [
            ("", 0),
            ("One two – three.", 3),
            ("## A head\n\n- **bold**er *word*\n- [two words](https://a.b/c)", 6),
            (r"The area is $\frac{1}{2} b h$ or $$\text{half of it}$$ then", 7),
            ("the $x$-axis", 2),
            ("| a | b |\n|---|---|\n| 1 | 2 3 |", 5),
            ("विद्युत धारा का मात्रक ऐम्पियर है।", 6),
            ("> **Sample content**", 2),
            ("a = b → c", 3),
        ],
    )
    def test_count_what_a_reader_reads(self, text: str, words: int) -> None:
        assert word_count(text) == words

    @pytest.mark.parametrize(("words", "minutes"), [(0, 1), (200, 1), (500, 2), (900, 4), (1100, 6)])
    def test_say_how_long_that_takes(self, words: int, minutes: int) -> None:
        assert reading_minutes(words) == minutes
