"""Hindi of the time before Unicode is found, and honest text is not taken for it."""

from __future__ import annotations

from pathlib import Path

import pytest

from document_files import CHANAKYA, ENGLISH, HINDI, KRUTI_DEV, MIS_DECODED, SHUSHA
from hydrateall.documents.conversion.old_fonts import gibberish, is_old_font, used_old_font

ROOT = Path(__file__).resolve().parents[2]
CODE = """
def ls(ds, dk):
    for k, v in ds.items():
        os.path.join(dk[k], ls(v, {}));  # rc, tc, bl
    return [x for x in ds if x not in dk and x.tq == 3 and gS_ok]
"""
SHELL = (
    "ls -la /usr/lib/ds | xargs -n1 dd bs=4k; cd /mnt/dk && tar xvzf pkg.tgz; ls ds dk us | grep -v rc; chmod 755 ls"
)
FORMULAS = "F = ma, v² = u² + 2as; H₂SO₄ + 2NaOH → Na₂SO₄ + 2H₂O; ∆x·∆p ≥ ħ/2; sin²θ + cos²θ = 1; 2πr ± ½at²"
FRENCH = "L'été dernier, Hélène a étudié à Genève; où êtes-vous né? Les élèves préfèrent les œuvres à côté du théâtre."
ACRONYMS = (
    "The US, UK and EU signed; NASA, ISRO, CBSE, NCERT, PhD, pH, mRNA, tRNA, kWh, dB, kHz and MHz are short forms."
)
NONSENSE = "hjk lkj fgh dfs qwrt zxcv bnm ghj plk mnb vcx dfgh jkl wrt psdf"


class TestGibberish:
    @pytest.mark.parametrize(
        "text",
        [
            KRUTI_DEV,
            "Hkkjr ,d fo'kky ns'k gS",
            "vEy dk Lokn [kV~Vk gksrk gSA",
            "izdk'k lh/kh js[kk esa pyrk gS",
            SHUSHA,
            CHANAKYA,
            MIS_DECODED,
            f"{ENGLISH}\n\n{KRUTI_DEV}\n\n{ENGLISH}",
            f"{HINDI}\n{KRUTI_DEV}",
            f"# Science\n\n{ENGLISH * 20}\n\nvEy dk Lokn [kV~Vk gksrk gS vkSj ;g uhys fyVel dks yky dj nsrk gSA",
        ],
    )
    def test_is_found(self, text: str) -> None:
        assert gibberish(text)

    @pytest.mark.parametrize(
        "text",
        [
            ENGLISH,
            HINDI,
            CODE,
            SHELL,
            FORMULAS,
            FRENCH,
            ACRONYMS,
            NONSENSE,
            f"{HINDI} {ENGLISH}",
            "ls ds dk us os ko ka pr",
        ],
        ids=range(10),
    )
    def test_is_not_seen_in_honest_text(self, text: str) -> None:
        assert gibberish(text) is None

    def test_is_not_seen_in_the_curricula_and_documents_of_this_project(self) -> None:
        """Both languages, with names, formulas and code."""
        files = [*ROOT.glob("include/curricula/**/*.yaml"), *ROOT.glob("docs/**/*.md"), *ROOT.glob("src/**/*.py")]
        files = [file for file in files if "conversion" not in file.parts]

        found = {file.name: why for file in files if (why := gibberish(file.read_text(encoding="utf-8")))}

        assert len(files) > 100
        assert not found


class TestOldFont:
    @pytest.mark.parametrize(
        "name",
        [
            "Kruti Dev 010",
            "ABCDEF+KrutiDev010",
            "Krutidev_011",
            "DevLys 010",
            "Chanakya",
            "Walkman-Chanakya-901",
            "Shusha",
            "Shivaji01",
            "APS-C-DV-Prakash",
            "AAAAAA+APS-DV-Priyanka",
            "SHREE-DEV-0714",
            "DV-TTYogesh",
        ],
    )
    def test_is_known_by_name(self, name: str) -> None:
        assert is_old_font(name)

    @pytest.mark.parametrize(
        "name",
        [
            "Mangal",
            "Noto Sans Devanagari",
            "Kokila",
            "Aparajita",
            "Nirmala UI",
            "Kruti Dev Unicode",
            "Arial",
            "CapsFont",
            "Helvetica-Bold",
        ],
    )
    def test_is_not_one_of_today(self, name: str) -> None:
        assert not is_old_font(name)

    def test_matters_where_latin_letters_are_set_in_it(self) -> None:
        assert used_old_font([("Kruti Dev 010", "gS")]) == "Kruti Dev 010"
        assert used_old_font([("Kruti Dev 010", "है"), ("Kruti Dev 010", "12 - 3"), ("Arial", "is")]) is None
