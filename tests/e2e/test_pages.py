"""The pages in Airflow on real processes, as a person uses them in Chromium: start, watch, cancel, resume, look."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, FrameLocator, Page, expect

from hydrateall.cli.stack import prepare
from hydrateall.core.settings import Settings
from hydrateall.stack.credentials import airflow_login
from hydrateall.stack.trial import trial_stack

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]
PATIENCE_MS = 180_000


@pytest.fixture(scope="module")
def settings() -> Iterator[Settings]:
    with trial_stack(prepare, OFFLINE_LATENCY_SECONDS="1.0") as found:
        yield found


@pytest.fixture(scope="module")
def page(settings: Settings, browser: Browser) -> Iterator[Page]:
    """Airflow's UI with a person signed in, on our entry of its navigation."""
    expect.set_options(timeout=PATIENCE_MS)
    window = browser.new_context(base_url=settings.airflow_url, viewport={"width": 1360, "height": 900})
    window.set_default_timeout(PATIENCE_MS)
    found = window.new_page()
    username, password = airflow_login(settings)
    found.goto("/auth/login")
    found.fill("input[name=username]", username)
    found.fill("input[name=password]", password)
    found.keyboard.press("Enter")
    found.wait_for_url(lambda address: "/auth/" not in address)
    yield found
    window.close()


def ours(page: Page) -> FrameLocator:
    """Our page in Airflow's frame."""
    return page.frame_locator("iframe[title=HydrateAll]")


def act(page: Page, action: str, **fields: str) -> None:
    """Ask for an action, read what it will do, and confirm it."""
    frame = ours(page)
    frame.locator(f"#ask-{action}").click()
    dialog = frame.locator("dialog[open]")
    expect(dialog.locator("li").first).to_be_visible()
    for name, value in fields.items():
        dialog.locator(f"[name={name}]").fill(value)
    dialog.locator("button.primary").click()
    expect(dialog).to_have_count(0)


def expect_status(page: Page, status: str) -> None:
    expect(ours(page).locator(f"#status [data-state={status}]")).to_be_visible()


class TestAPersonInAirflow:
    """One story; its steps run in their order."""

    def test_finds_the_pages_in_the_navigation(self, page: Page) -> None:
        page.get_by_role("link", name="HydrateAll").click()

        expect(ours(page).get_by_role("heading", name="Jobs")).to_be_visible()
        expect(ours(page).get_by_text("Nothing has been hydrated yet")).to_be_visible()

    def test_sees_the_estimate_before_the_button_works(self, page: Page) -> None:
        frame = ours(page)
        frame.get_by_role("link", name="Start", exact=True).click()
        button = frame.locator("#go")
        expect(button).to_be_disabled()

        for control, value in {"board": "CBSE", "grade": "10", "subject": "MATH", "language": "hi"}.items():
            expect(frame.locator(f"#{control}")).to_be_enabled()
            frame.locator(f"#{control}").select_option(value)
        expect(button).to_be_enabled()
        frame.locator("#chapters").fill("2")

        expect(button).to_be_disabled(timeout=1000)
        expect(frame.locator("#estimate tbody tr").first).to_have_text(re.compile(r"Chapters\s*0\s*2"))
        expect(button).to_be_enabled()

    def test_starts_the_job_and_watches_it(self, page: Page) -> None:
        ours(page).locator("#go").click()

        expect_status(page, "running")
        expect(ours(page).locator("#cell-1-topics[data-state=completed]")).to_be_visible()
        expect(ours(page).locator("svg.timeline rect").first).to_be_visible()
        expect(ours(page).locator("#log")).to_contain_text("Started by DAG run")

    def test_cancels_it_with_a_reason(self, page: Page) -> None:
        act(page, "cancel", reason="wrong subject")

        expect_status(page, "cancelled")
        expect(ours(page).get_by_text("Cancelled: wrong subject")).to_be_visible()

    def test_resumes_it_and_watches_it_to_its_end(self, page: Page) -> None:
        act(page, "resume")

        expect_status(page, "completed")
        expect(ours(page).locator(".overall")).to_contain_text("100 %")
        expect(ours(page).locator("[data-poll]")).to_have_count(0)
        expect(ours(page).locator("#log")).to_contain_text("Completed:")

    def test_looks_behind_a_cell_by_keyboard_alone(self, page: Page) -> None:
        frame = ours(page)
        frame.locator("#cell-all-chapters").focus()

        page.keyboard.press("ArrowDown")
        page.keyboard.press("Enter")

        expect(frame.locator("dialog[open] .units li").first).to_contain_text("attempt")
        page.keyboard.press("Escape")
        expect(frame.locator("#cell-1-topics")).to_be_focused()

    def test_goes_to_the_run_and_finds_the_job_there_as_a_tab(self, page: Page) -> None:
        ours(page).get_by_role("link", name="Run in Airflow").click()
        page.wait_for_url("**/dags/hydrate_subject/runs/**")

        page.get_by_role("link", name="HydrateAll").last.click()

        expect(ours(page).locator("#status [data-state=completed]")).to_be_visible()
        expect(ours(page).locator("header")).to_have_count(0)

    def test_sees_it_in_the_theme_of_airflow(self, page: Page) -> None:
        page.evaluate("localStorage.setItem('theme', 'dark')")
        page.goto("/plugin/hydrateall")

        expect(ours(page).locator("html[data-theme=dark]")).to_have_count(1)
        expect(ours(page).locator("body")).to_have_css("background-color", "rgb(16, 17, 20)")
