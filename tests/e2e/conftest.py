"""The browser that all tests of pages share: Playwright's synchronous driver can be started once a process."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from playwright.sync_api import Browser


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One browser for all tests of a worker."""
    from pages_server import chromium
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver, chromium(driver) as found:
        yield found
