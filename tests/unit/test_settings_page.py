"""docs/settings.md: written from the settings, so it must be written again when they change."""

from __future__ import annotations

from hydrateall.core.paths import HOME
from hydrateall.core.settings import settings_page


def test_settings_page_is_what_the_settings_say() -> None:
    assert (HOME / "docs" / "settings.md").read_text(encoding="utf-8") == settings_page()
