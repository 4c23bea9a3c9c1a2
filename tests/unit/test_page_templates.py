"""What can be read off the templates and routes of the pages."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from fastapi.dependencies.models import Dependant
from fastapi.routing import APIRoute
from jinja2 import Environment

from hydrateall.core.models import UserRole
from hydrateall.web.pages import formats, translation
from hydrateall.web.pages.layout import STATIC, TEMPLATES
from hydrateall.web.pages.routers import PAGES

SPOKEN = ("aria-label", "placeholder", "title", "alt", "label")
NAMES = {"HydrateAll", "· HydrateAll"}
READING_POSTS = {"/ui/review/{item_id}/preview"}  # a form too long for an address; it changes nothing


def texts_of(template: str) -> list[str]:
    """Every text that stands in a template outside of its expressions: between tags, and in spoken attributes."""
    tokens = Environment(trim_blocks=True).lex(template)
    bare = "".join(text if kind == "data" else "\0" for _line, kind, text in tokens)
    bare = re.sub(r"<(script|style|code|kbd)\b.*?</\1>|<svg.*?</svg>|<!--.*?-->", "", bare, flags=re.DOTALL)
    attributes = [value for name in SPOKEN for value in re.findall(rf'\s{name}="([^"]*)"', bare)]
    between = re.sub(r'[\w:-]+="[^"]*"', "", bare)
    lines = re.sub(r"<[^>]*>", "\n", between).replace("\0", "\n").split("\n")
    return [text.strip() for text in [*lines, *attributes] if re.search(r"[A-Za-z]{2}", text.replace("\0", ""))]


class TestTemplates:
    @pytest.mark.parametrize("file", sorted(TEMPLATES.glob("*.html")), ids=lambda file: file.name)
    def test_hold_no_word_that_cannot_be_translated(self, file: Path) -> None:
        assert [text for text in texts_of(file.read_text(encoding="utf-8")) if text not in NAMES] == []

    @pytest.mark.parametrize("file", sorted(TEMPLATES.glob("*.html")), ids=lambda file: file.name)
    def test_hold_no_script_and_no_style_of_their_own(self, file: Path) -> None:
        text = file.read_text(encoding="utf-8")

        assert not re.search(r"<script(?![^>]* src=)|<style|\son[a-z]+=|\shx-on|\sstyle=|hx-vals=.js:", text)

    def test_would_be_caught_with_a_bare_word(self) -> None:
        assert texts_of('<p title="Look">{{ _("Fine") }} bare</p>') == ["bare", "Look"]

    def test_take_every_file_from_this_server(self) -> None:
        found = [file.name for file in [*TEMPLATES.iterdir(), *STATIC.glob("*.css")] if "https://" in file.read_text()]

        assert found == []


class TestVendoredFiles:
    def test_come_with_their_licences(self) -> None:
        kept = [file.name for folder in ("vendor", "fonts") for file in (STATIC / folder).iterdir()]
        licences = [name.removesuffix(".LICENSE") for name in kept if name.endswith(".LICENSE")]

        assert [name for name in kept if not any(name.startswith(licence) for licence in licences)] == []


class TestRoutes:
    def test_let_a_viewer_read_and_nobody_less_than_an_operator_write(self) -> None:
        routes = [route for module in PAGES for route in module.router.routes if isinstance(route, APIRoute)]

        wrong = [route.path for route in routes if not self.guarded(route)]

        assert len(routes) > 10
        assert wrong == []

    def guarded(self, route: APIRoute) -> bool:
        roles = needed(route.dependant)
        writes = "POST" in route.methods and route.path not in READING_POSTS
        return bool(roles - {UserRole.VIEWER}) if writes else UserRole.VIEWER in roles


def needed(dependant: Dependant) -> set[Any]:
    own = {getattr(dependant.call, "needs", None)} - {None}
    return own.union(*(needed(each) for each in dependant.dependencies))


class TestTranslation:
    def test_takes_the_first_language_that_it_knows(self) -> None:
        assert translation.preferred("fr-FR, hi;q=0.8, en;q=0.9") == "en"
        assert translation.preferred("hi-IN,en;q=0.5") == "hi"
        assert translation.preferred("") == "en"
        assert translation.preferred("hi;q=nonsense") == "hi"

    @pytest.mark.parametrize("language", [name for name in translation.languages() if name != "en"])
    def test_keeps_the_places_of_figures(self, language: str) -> None:
        places = re.compile(r"%\(\w+\)\S")

        for message, translated in translation.catalogue(language).items():
            assert sorted(places.findall(message)) == sorted(places.findall(translated)), message


class TestFormats:
    @pytest.mark.parametrize(
        ("amount", "text"),
        [
            (None, "–"),
            (Decimal(0), "$0"),
            (Decimal("0.01234"), "$0.0123"),
            (0.5, "$0.5000"),
            (Decimal("1234.5"), "$1,234.50"),
        ],
    )
    def test_write_money_with_four_digits_below_one(self, amount: Any, text: str) -> None:
        assert formats.money(amount) == text

    @pytest.mark.parametrize(
        ("minutes", "text"),
        [
            (None, "–"),
            (0.7, "42 s"),
            (3.0, "3 min"),
            (3.35, "3 min 21 s"),
            (65, "1 h 05 min"),
            (1440 * 4, "4 d"),
            (1500, "1 d 1 h"),
        ],
    )
    def test_write_durations_in_two_units(self, minutes: float | None, text: str) -> None:
        assert formats.duration(minutes) == text

    def test_write_a_hundred_percent_only_when_nothing_is_missing(self) -> None:
        assert (formats.percent(99.99), formats.percent(100.0), formats.percent(12.34)) == ("99.9 %", "100 %", "12.3 %")

    def test_write_moments_for_the_browser_and_for_readers_without_scripts(self) -> None:
        at = datetime(2026, 11, 21, 17, 5, tzinfo=UTC)

        assert formats.moment(at) == (
            '<time datetime="2026-11-21T17:05:00+00:00" data-style="short">21 Nov 2026, 17:05 UTC</time>'
        )
