"""Review, Health and the picture of the last days in a real Chromium, over a real database."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
import sqlalchemy as sa

pytest.importorskip("playwright.sync_api", reason="Playwright is not installed (requirements/dev.in).")

from axe_playwright_python.sync_playwright import Axe
from pages_server import open_page, pages_of, signed_in
from playwright.sync_api import Browser, Page, expect

from database_server import TestServer
from factories import ScriptedModel, cascade, open_root, settings_for_tests, submit
from hydrateall.core.clock import utc_now
from hydrateall.core.models import UserRole
from hydrateall.core.runtime import Runtime
from hydrateall.curriculum.enums import ValidationStatus
from hydrateall.curriculum.schemas import QuestionDraft
from hydrateall.curriculum.service import (
    ItemView,
    chapters_by_number,
    find_subject,
    item_view,
    items_of_chapter,
    set_verdict,
)
from hydrateall.hydration import control, service
from hydrateall.review import service as review
from hydrateall.review.schemas import Doubt, Reviewer

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]
GRAVE = ("serious", "critical")
PAGES = ("start", "jobs", "review", "health")
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
REFUSED = re.compile(r"(status of|Status Error Code) 4")  # a refused form is no mistake of the page
OMAR = Reviewer("shell", "omar", UserRole.REVIEWER)
FINDING = {"code": "KEY_LONGEST", "field": "options", "severity": "review", "message": "the key is the longest option."}


@pytest.fixture
def runtime(server: TestServer) -> Iterator[Runtime]:
    """On a database of this test alone, in the time of the browser."""
    with server.fresh_database() as database:
        yield Runtime(settings_for_tests(), database, utc_now)


@pytest.fixture
def doubted(runtime: Runtime) -> list[ItemView]:
    """Four questions on the queue, in its order: their scores are 0.5, 0.6, 0.92 and 0.95."""
    with ThreadPoolExecutor(1) as pool:  # Playwright's own event loop runs in this thread
        pool.submit(cascade, runtime, ScriptedModel(), submit(runtime)).result()
    with runtime.database.transaction() as session:
        subject = find_subject(session, board="CBSE", grade="8", subject="SCIENCE", language="en")
        chapters = chapters_by_number(session, subject.id).values()
        items = [item for chapter in chapters for item in items_of_chapter(session, chapter.id)]
        review.withdraw(session, [item.id for item in items])
        session.execute(sa.text("DELETE FROM content_reviews"))
        chosen = [item for item in items if isinstance(item.draft, QuestionDraft)][:4]
        for item, score in zip(chosen, (0.5, 0.6, 0.92, 0.95), strict=True):
            report = {"rulebook": "test", "score": score, "findings": [FINDING]}
            set_verdict(session, item, status=ValidationStatus.PENDING, score=score, report=report)
            review.enqueue(session, [Doubt.about(item, ["KEY_LONGEST"], score)])
    return chosen


@pytest.fixture
def address(runtime: Runtime) -> Iterator[str]:
    with pages_of(runtime) as found:
        yield found


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A page of an admin on the queue; the test fails if a script fails or the policy refuses something."""
    with signed_in(browser, address) as window:
        found, errors = open_page(window, f"{address}/review")
        yield found
        assert [each for each in errors if not REFUSED.search(each)] == []


def stored(runtime: Runtime, item: ItemView) -> ItemView:
    with runtime.database.transaction() as session:
        return item_view(session, item.id)


def at(item: ItemView) -> re.Pattern[str]:
    """The address of an item's page."""
    return re.compile(f"/review/{item.id}")


class TestTheQueue:
    def test_begins_with_the_lowest_score_and_is_walked_with_the_keyboard_alone(
        self, page: Page, doubted: list[ItemView]
    ) -> None:
        page.reload()
        expect(page.locator("[data-item] .score")).to_have_text(
            ["Score 0.50", "Score 0.60", "Score 0.92", "Score 0.95"]
        )

        page.keyboard.press("j")
        page.keyboard.press("j")
        page.keyboard.press("Enter")
        expect(page).to_have_url(at(doubted[1]))
        page.keyboard.press("k")
        expect(page).to_have_url(at(doubted[0]))
        page.keyboard.press("q")

        expect(page.get_by_role("heading", name="4 items wait for a decision")).to_be_visible()

    def test_chooses_by_risk_in_the_address(self, page: Page, doubted: list[ItemView]) -> None:
        page.reload()

        page.get_by_label("Risk: score below").select_option("0.7")

        expect(page.locator("[data-item]")).to_have_count(len(doubted) - 2)
        assert "below=0.7" in page.url

    def test_that_is_empty_says_what_that_means(self, page: Page) -> None:
        expect(page.get_by_text("Nobody has to decide anything")).to_be_visible()


class TestDeciding:
    def test_approves_with_a_and_goes_to_the_next_item(
        self, page: Page, doubted: list[ItemView], runtime: Runtime, address: str
    ) -> None:
        page.goto(f"{address}/review/{doubted[0].id}")
        expect(page.locator(".findings")).to_contain_text("the key is the longest option.")

        page.keyboard.press("a")

        expect(page).to_have_url(at(doubted[1]))
        expect(page.get_by_text("The item was approved.")).to_be_visible()
        decided = stored(runtime, doubted[0])
        assert (decided.status, decided.decided_at is not None) == (ValidationStatus.VALIDATED, True)

    def test_rejects_with_a_reason_and_asks_for_the_note_that_other_needs(
        self, page: Page, doubted: list[ItemView], runtime: Runtime, address: str
    ) -> None:
        page.goto(f"{address}/review/{doubted[0].id}")

        page.keyboard.press("r")
        page.get_by_label("Other", exact=True).check()
        page.get_by_role("button", name="Reject", exact=True).click()
        expect(page.locator("#note-error")).to_contain_text("needs a note")
        page.get_by_label("Note", exact=True).fill("It is about a film.")
        page.get_by_role("button", name="Reject", exact=True).click()

        expect(page).to_have_url(at(doubted[1]))
        assert stored(runtime, doubted[0]).status is ValidationStatus.REJECTED

    def test_edits_shows_what_the_gates_refuse_at_its_field_and_stores_what_they_accept(
        self, page: Page, doubted: list[ItemView], runtime: Runtime, address: str
    ) -> None:
        page.goto(f"{address}/review/{doubted[0].id}")
        page.keyboard.press("e")
        answer = page.get_by_label("Final answer")
        good = answer.input_value()

        answer.fill("null")
        expect(page.locator("#preview")).to_contain_text("says null")
        page.get_by_role("button", name="Store and approve").click()
        expect(page.locator(".field.wrong .error")).to_have_count(2)
        answer.fill(good)
        expect(page.locator("#preview")).not_to_contain_text("null")
        page.get_by_label("Keywords").fill("sums, tens")
        page.get_by_role("button", name="Store and approve").click()

        expect(page.get_by_text("Your version was stored and approved.")).to_be_visible()
        with runtime.database.transaction() as session:
            newest = review.entry(session, doubted[0].id).versions[-1]
            edited = item_view(session, newest.id)
        assert (newest.version, edited.status) == (2, ValidationStatus.VALIDATED)
        assert edited.draft == doubted[0].draft.model_copy(update={"tags": ["sums", "tens"]})

    def test_tells_the_second_of_two_people_who_was_faster(
        self, page: Page, doubted: list[ItemView], runtime: Runtime, address: str
    ) -> None:
        page.goto(f"{address}/review/{doubted[0].id}")
        with runtime.database.transaction() as session:
            review.approve(session, doubted[0].id, by=OMAR, now=runtime.now())

        page.keyboard.press("a")

        expect(page.get_by_role("alert")).to_contain_text("was approved by omar")

    def test_approves_many_only_as_many_as_were_counted(
        self, page: Page, doubted: list[ItemView], runtime: Runtime, address: str
    ) -> None:
        page.goto(f"{address}/review")
        page.get_by_role("button", name="Approve many").click()
        expect(page.get_by_role("status")).to_have_text("That is 2 items.")
        with runtime.database.transaction() as session:
            review.approve(session, doubted[3].id, by=OMAR, now=runtime.now())

        page.get_by_role("button", name="Approve 2 items").click()
        expect(page.get_by_text("The queue has changed since you looked.")).to_be_visible()
        page.get_by_role("button", name="Approve 1 item").click()

        expect(page.get_by_text("1 item was approved.")).to_be_visible()
        assert [stored(runtime, item).decided_at is None for item in doubted] == [True, True, False, False]

    def test_is_not_offered_to_a_viewer(self, browser: Browser, doubted: list[ItemView], address: str) -> None:
        with signed_in(browser, address, "viewer") as window:
            page, _errors = open_page(window, f"{address}/review/{doubted[0].id}")

            expect(page.get_by_text("Deciding needs the role operator")).to_be_visible()
            expect(page.get_by_role("button", name="Approve")).to_have_count(0)


class TestHealth:
    def test_says_what_a_paused_job_waits_for_and_what_to_do(self, page: Page, runtime: Runtime, address: str) -> None:
        root_id = open_root(runtime)
        with runtime.database.transaction() as session:
            service.pause(session, root_id, reason="The budget is used up.", until=None, now=runtime.now())

        page.goto(f"{address}/health")

        waiting = page.get_by_role("region", name="What waits")
        expect(waiting).to_contain_text("Waits for somebody who resumes it")
        expect(waiting).to_contain_text(f"hydrateall jobs resume {root_id}")

    def test_pauses_all_with_a_reason_and_lifts_that(self, page: Page, runtime: Runtime, address: str) -> None:
        page.goto(f"{address}/health")

        page.get_by_role("button", name="Pause all …").click()
        page.get_by_label("Reason").fill("The provider has an incident.")
        page.get_by_role("button", name="Pause all", exact=True).click()
        expect(page.get_by_text("All hydrations are paused by admin-mira: The provider")).to_be_visible()
        page.get_by_role("button", name="Lift the pause").click()

        expect(page.get_by_text("All hydrations are paused.")).to_have_count(0)
        with runtime.database.transaction() as session:
            assert not control.control_state(session).paused

    @pytest.mark.usefixtures("doubted")
    def test_holds_the_five_targets_against_their_figures(self, page: Page, address: str) -> None:
        page.goto(f"{address}/health")

        verdicts = page.locator(".targets tbody tr")
        expect(verdicts).to_have_count(5)
        expect(verdicts.nth(1)).to_contain_text("100 %")
        expect(verdicts.nth(1)).to_contain_text("1 jobs that completed or failed (too few to judge)")
        expect(verdicts.nth(3)).to_contain_text("No figure yet")


class TestThePictureOfTheLastDays:
    @pytest.mark.usefixtures("doubted")
    def test_is_drawn_and_told_as_a_table(self, page: Page, address: str) -> None:
        page.goto(f"{address}/jobs")

        expect(page.locator("#picture svg")).to_have_count(2)
        expect(page.locator("#picture rect.completed")).to_have_count(1)
        page.get_by_text("As a table").click()
        expect(page.locator("#picture tbody tr")).to_have_count(1)


class TestEveryPage:
    @pytest.mark.parametrize("options", [{}, {"color_scheme": "dark"}, PHONE], ids=["light", "dark", "phone"])
    def test_has_nothing_that_axe_calls_serious_and_fits_its_window(
        self, browser: Browser, doubted: list[ItemView], runtime: Runtime, address: str, options: dict[str, Any]
    ) -> None:
        root_id = open_root(runtime, subject_code="MATH")
        item = f"review/{doubted[0].id}"
        with signed_in(browser, address, **options) as window:
            for name in (*PAGES, f"jobs/{root_id}", item, f"{item}/edit", f"review/{uuid.uuid4()}"):
                page, _errors = open_page(window, f"{address}/{name}")
                page.wait_for_load_state("networkidle")
                found = [
                    (name, each["id"], each["nodes"][0]["html"])
                    for each in Axe().run(page).response["violations"]
                    if each["impact"] in GRAVE
                ]
                wider = "document.documentElement.scrollWidth - document.documentElement.clientWidth"
                assert found == []
                assert page.evaluate(wider) <= 0, name
                page.close()
