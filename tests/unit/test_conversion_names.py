"""File names from outside."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from hydrateall.documents.conversion import safe_name
from hydrateall.documents.conversion.errors import UnsafeFileName

GOOD = ("light.pdf", "प्रकाश का परावर्तन.docx", "क्‍ष.md", "a (1).txt", "résumé-2.html", ".hidden.md", "a'b&c.txt")
BAD = (
    "",
    " ",
    ".",
    "..",
    "../a.pdf",
    "a/b.pdf",
    "..\\a.pdf",
    "C:a.pdf",
    "/etc/passwd",
    "a\0.pdf",
    "a\n.pdf",
    "a\u202egpj.exe.pdf",
    "a\ud800.pdf",
    "CON.pdf",
    "nul",
    "com1.txt",
    "a.pdf ",
    "a.pdf.",
    "-rf.txt",
    "~root.md",
    "a*.txt",
    "x" * 300 + ".pdf",
    "क" * 90 + ".pdf",
)


class TestSafeName:
    @pytest.mark.parametrize("name", GOOD)
    def test_takes_names_in_any_script(self, name: str) -> None:
        assert safe_name(name) == name

    @pytest.mark.parametrize("name", BAD)
    def test_refuses_what_leads_elsewhere_or_cannot_be_stored(self, name: str) -> None:
        with pytest.raises(UnsafeFileName, match="Rename the file"):
            safe_name(name)

    @given(st.text(max_size=40))
    def test_is_a_bare_name_that_stays_itself(self, name: str) -> None:
        with suppress(UnsafeFileName):
            safe = safe_name(name)

            assert safe == safe_name(safe)
            assert not {"/", "\\", "\0", "\n"} & set(safe)
            assert len(safe.encode()) <= 200

    @pytest.mark.parametrize("name", BAD)
    def test_shows_bad_names_in_signs_that_a_terminal_can_print(self, name: str) -> None:
        with pytest.raises(UnsafeFileName) as caught:
            safe_name(name)

        assert caught.value.message.isprintable()
