"""The pages of documents in a real Chromium, over a real database and real files."""

from __future__ import annotations

import re
import uuid
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, TypeVar

import pytest
import sqlalchemy as sa

pytest.importorskip("playwright.sync_api", reason="Playwright is not installed (requirements/dev.in).")

from axe_playwright_python.sync_playwright import Axe
from pages_server import open_page, pages_of, signed_in
from playwright.sync_api import Browser, Page, expect

from database_server import TestServer
from document_factories import uploader
from factories import ScriptedModel, cascade, settings_for_tests, submit
from hydrateall.core.clock import utc_now
from hydrateall.core.runtime import Runtime
from hydrateall.curriculum.enums import ContentType
from hydrateall.documents import service
from hydrateall.documents.runner import Runner
from hydrateall.documents.storage import Storage

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(300)]
SAMPLES = Path(__file__).parents[2] / "include" / "samples" / "documents"
PDF = SAMPLES / "light-reflection-refraction.pdf"
NOTES = SAMPLES / "practical-activities.md"
GRAVE = ("serious", "critical")
PHONE = {"viewport": {"width": 390, "height": 844}, "is_mobile": True, "has_touch": True}
REFUSED = re.compile(r"(status of|Status Error Code) 4")  # a refused file is no mistake of the page
HOSTILE = """# Heat <script>alert(1)</script>

<img src=x onerror=alert(1)> Heat flows from a hot body to a cold body. [Look](javascript:alert(1))
"""
DROP = """() => {
  const all = new DataTransfer();
  for (const name of ["a.md", "<b>.md"]) all.items.add(new File(["x"], name));
  document.dispatchEvent(new DragEvent("drop", { dataTransfer: all }));
}"""
R = TypeVar("R")


@pytest.fixture
def runtime(server: TestServer) -> Iterator[Runtime]:
    """On a database of this test alone, in the time of the browser."""
    with server.fresh_database() as database:
        yield Runtime(settings_for_tests(document_most_bytes=1_000_000), database, utc_now)


@pytest.fixture
def storage(tmp_path: Path) -> Storage:
    return Storage.open(str(tmp_path / "storage"))


@pytest.fixture
def address(runtime: Runtime, storage: Storage) -> Iterator[str]:
    with pages_of(runtime, storage) as found:
        yield f"{found}/documents"


@pytest.fixture
def page(browser: Browser, address: str) -> Iterator[Page]:
    """A page of an admin on the list; the test fails if a script fails or the policy refuses something."""
    with signed_in(browser, address) as window:
        found, errors = open_page(window, address)
        yield found
        assert [each for each in errors if not REFUSED.search(each)] == []


@pytest.fixture
def light(runtime: Runtime, storage: Storage) -> uuid.UUID:
    """A PDF of five pages that went through its stages."""
    document_id = add(runtime, storage, PDF, title="Light")
    process(runtime, storage, document_id)
    return document_id


def elsewhere(do: Callable[[], R]) -> R:
    """Do something in a thread of its own: Playwright's event loop runs in this one."""
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(do).result()


def add(runtime: Runtime, storage: Storage, path: Path, **about: Any) -> uuid.UUID:
    return service.add_document(runtime, storage, path, realm="science", by=uploader(runtime), **about).id


def process(runtime: Runtime, storage: Storage, document_id: uuid.UUID) -> None:
    """Run the stages, as the tasks of a DAG run do."""

    def work() -> None:
        with Runner(runtime, storage, owner="test") as runner:
            runner.process(document_id)

    elsewhere(work)


def shown(runtime: Runtime, document_id: uuid.UUID) -> service.DocumentDetail:
    with runtime.database.transaction() as session:
        return service.document_detail(session, document_id)


def act(page: Page, action: str) -> None:
    """Ask for an action, and confirm it."""
    page.locator(f"#ask-{action}").click()
    page.locator("dialog[open] button.primary").click()
    expect(page.locator("dialog[open]")).to_have_count(0)


class TestTheList:
    def test_that_is_empty_says_what_to_do(self, page: Page, browser: Browser, address: str) -> None:
        expect(page.get_by_text("No documents yet")).to_be_visible()
        expect(page.get_by_text("Add textbooks, notes or worksheets above.")).to_be_visible()

        with signed_in(browser, address, "viewer") as window:
            read_only, _errors = open_page(window, address)
            expect(read_only.get_by_text("Adding them needs the role operator")).to_be_visible()
            expect(read_only.locator("#add")).to_have_count(0)

    @pytest.mark.usefixtures("light")
    def test_chooses_by_realm_and_state_in_the_address(self, page: Page, runtime: Runtime, storage: Storage) -> None:
        add(runtime, storage, NOTES, title="Activities")
        page.reload()
        expect(page.locator("tbody tr")).to_have_count(2)

        page.locator("#filter-state").select_option("completed")

        expect(page.locator("tbody th")).to_have_text([re.compile("^Light")])
        assert "state=completed" in page.url


class TestAdding:
    def test_sends_files_one_by_one_says_why_one_is_refused_and_processes_the_others_together(
        self, page: Page, runtime: Runtime, tmp_path: Path
    ) -> None:
        large = tmp_path / "large.md"
        large.write_text("#" * 1_000_001)
        page.get_by_label("Realm").first.fill("science")
        page.locator("#files").set_input_files([NOTES, large, Path(__file__), PDF])
        page.get_by_label("Title").first.fill("Activities")

        page.get_by_role("button", name="Add 4 documents").click()

        expect(page.locator("#upload-summary")).to_have_text("2 taken in, 2 refused, 0 to go.")
        rows = page.locator("#uploads .upload")
        expect(rows.nth(1)).to_contain_text("The file is larger than 1 MB")
        expect(rows.nth(2)).to_contain_text("is a .py file, which cannot be read.")
        expect(page.locator("tbody th")).to_have_text(
            [re.compile("^light reflection refraction"), re.compile("^Activities")]
        )
        with runtime.database.transaction() as session:
            orders = session.execute(sa.text("SELECT count(*), count(DISTINCT dag_run_id) FROM processing_workflows"))
            assert orders.one() == (2, 1)

    def test_links_to_the_document_that_is_this_file(self, page: Page, light: uuid.UUID) -> None:
        page.get_by_label("Realm").first.fill("science")
        page.locator("#files").set_input_files(PDF)
        page.get_by_role("button", name="Add 1 document").click()

        expect(page.locator(".upload")).to_contain_text("has this very file already")
        page.get_by_role("link", name="Look at it").click()

        expect(page).to_have_url(re.compile(f"/documents/{light}$"))

    def test_takes_files_that_are_dropped_and_leaves_out_one_again(self, page: Page) -> None:
        page.evaluate(DROP)

        expect(page.locator(".upload .name")).to_have_text(["a.md", "<b>.md"])
        page.get_by_role("button", name="Leave out a.md").click()

        expect(page.get_by_role("button", name="Add 1 document")).to_be_visible()

    def test_asks_for_a_realm_that_can_be_one(self, page: Page) -> None:
        page.get_by_label("Realm").first.fill("My Realm!")
        page.locator("#files").set_input_files(NOTES)

        page.get_by_role("button", name="Add 1 document").click()

        expect(page.locator("#realm:invalid")).to_be_focused()
        expect(page.locator(".upload")).to_contain_text("Not sent yet")


class TestADocument:
    def test_shows_its_stages_and_what_each_made(self, page: Page, address: str, light: uuid.UUID) -> None:
        page.goto(f"{address}/{light}")
        expect(page.locator(".stage .badge")).to_have_text(["Completed"] * 5)

        page.locator("#view-markdown-optimizer").click()
        expect(page.locator("#viewer h3").first).to_have_text("Light – Reflection and Refraction")
        page.get_by_role("button", name="As it is written").click()
        expect(page.get_by_label("Text of the file")).to_contain_text("<!-- page 2 -->")
        with page.expect_download() as download:
            page.locator("#stage-chunker").get_by_role("link", name="Download").click()

        assert download.value.suggested_filename == "light-reflection-refraction.chunks.json"
        page.get_by_role("button", name="Close").click()
        expect(page.locator("#viewer")).to_be_empty()

    def test_shows_chunks_on_their_page_with_the_evidence_of_each_fact(
        self, page: Page, address: str, light: uuid.UUID
    ) -> None:
        page.goto(f"{address}/{light}")

        expect(page.locator(".page-heading").first).to_have_text("Page 1")
        chunk = page.locator("article.chunk", has=page.locator("ul.drawn")).first
        fact = (chunk.locator("ul.drawn li span").nth(1).text_content() or "").strip()
        assert fact in [each.strip() for each in chunk.locator("mark").all_text_contents()]

    def test_shows_what_it_says_and_runs_nothing_of_it(
        self, page: Page, address: str, runtime: Runtime, storage: Storage, tmp_path: Path
    ) -> None:
        file = tmp_path / "heat.md"
        file.write_text(HOSTILE)
        document_id = add(runtime, storage, file, title="Heat <b>x</b>")
        process(runtime, storage, document_id)

        page.goto(f"{address}/{document_id}")

        expect(page.get_by_role("heading", level=1)).to_have_text("Heat <b>x</b>")
        expect(page.locator("#chunks")).to_contain_text("Heat flows from a hot body")
        expect(page.locator("#chunks script, #chunks img, #chunks a[href^=javascript]")).to_have_count(0)

    def test_follows_its_processing_to_the_end(
        self, page: Page, address: str, runtime: Runtime, storage: Storage
    ) -> None:
        document_id = add(runtime, storage, NOTES, title="Activities")
        page.goto(f"{address}/{document_id}")
        expect(page.locator("#state")).to_have_text("Waiting")
        expect(page.locator("#chunks")).to_contain_text("when the ingestor is done")

        process(runtime, storage, document_id)

        expect(page.locator("#state")).to_have_text("Completed")
        expect(page.locator("article.chunk").first).to_be_visible()
        expect(page.locator("[data-poll]")).to_have_count(0)

    def test_tells_an_error_and_its_remedy(
        self, page: Page, address: str, runtime: Runtime, storage: Storage, tmp_path: Path
    ) -> None:
        file = tmp_path / "blank.md"
        file.write_text("<!-- -->\n")
        document_id = add(runtime, storage, file)
        process(runtime, storage, document_id)

        page.goto(f"{address}/{document_id}")

        expect(page.locator("#stage-markdown-conversion .badge")).to_have_text("Failed")
        expect(page.locator("#live .notice")).to_contain_text("blank.md has no text. Send a document with text")

    def test_is_paused_resumed_and_processed_again(
        self, page: Page, address: str, runtime: Runtime, storage: Storage
    ) -> None:
        document_id = add(runtime, storage, NOTES, title="Activities")
        page.goto(f"{address}/{document_id}")

        page.locator("#ask-pause").click()
        page.get_by_label("Reason").fill("The licence is unclear.")
        page.locator("dialog[open] button.primary").click()
        expect(page.get_by_text("Paused: The licence is unclear.")).to_be_visible()
        act(page, "resume")
        expect(page.locator("#state")).to_have_text("Waiting")
        first = shown(runtime, document_id).dag_run_id
        process(runtime, storage, document_id)
        expect(page.locator("#state")).to_have_text("Completed")
        page.locator("#ask-run").click()
        for stage in ("Markdown conversion", "Markdown optimizer", "Chunker", "Ingestor"):
            page.get_by_role("checkbox", name=stage).uncheck()
        page.get_by_role("checkbox", name="Force").check()
        page.locator("dialog[open] button.primary").click()
        expect(page.locator("#stage-fact-generator .badge")).to_have_text("Waiting")

        found = shown(runtime, document_id)
        assert first is not None
        assert found.dag_run_id not in (None, first)
        assert [stage.name for stage in found.stages if stage.status == "pending"] == ["fact-generator"]

    def test_gets_another_file(self, page: Page, address: str, runtime: Runtime, light: uuid.UUID) -> None:
        page.goto(f"{address}/{light}")
        page.locator("#ask-replace").click()
        page.get_by_label("New file").set_input_files(PDF)
        page.get_by_role("button", name="Replace the file").click()
        expect(page.locator("dialog[open] .upload")).to_contain_text("has this very file already")
        page.get_by_label("New file").set_input_files(NOTES)

        page.get_by_role("button", name="Replace the file").click()

        expect(page.locator("dialog[open]")).to_have_count(0)
        expect(page.get_by_text("practical-activities.md").first).to_be_visible()
        assert shown(runtime, light).version == 2

    def test_offers_a_viewer_nothing_to_change(self, browser: Browser, address: str, light: uuid.UUID) -> None:
        with signed_in(browser, address, "viewer") as window:
            page, _errors = open_page(window, f"{address}/{light}")

            expect(page.locator(".stage")).to_have_count(5)
            expect(page.locator("[id^=ask-]")).to_have_count(0)

    def test_is_shown_with_others_in_the_tab_of_its_run(
        self, page: Page, address: str, runtime: Runtime, light: uuid.UUID
    ) -> None:
        with runtime.database.transaction() as session:
            made = service.order(session, [light], by=uploader_in(session), now=runtime.now(), most=9)

        page.goto(address.replace("/documents", f"/run?dag=process_documents&run={made.dag_run_id}"))

        expect(page.locator("tbody th")).to_have_text([re.compile("^Light")])
        expect(page.locator("header.top")).to_have_count(0)


def uploader_in(session: Any) -> uuid.UUID:
    return uuid.UUID(str(session.scalar(sa.text("SELECT id FROM users WHERE external_id = 'uploader'"))))


class TestSearch:
    def test_marks_the_words_of_the_question_and_leads_to_the_passage(
        self, page: Page, address: str, light: uuid.UUID
    ) -> None:
        page.goto(f"{address}/search")
        page.get_by_label("Question or words").fill("concave mirrors gathering light")

        page.keyboard.press("Enter")

        best = page.locator(".found > li").first
        expect(best.locator("mark", has_text="mirror").first).to_be_visible()
        best.get_by_role("link").click()
        expect(page).to_have_url(re.compile(rf"/documents/{light}\?chunk=\d+#chunk-\d+$"))
        expect(page.locator("article.chunk:target")).to_be_visible()

    @pytest.mark.usefixtures("light")
    def test_says_what_to_do_where_nothing_is_found(self, page: Page, address: str) -> None:
        page.goto(f"{address}/search?q=light&realm=science&language=hi")

        expect(page.locator("#results .notice")).to_contain_text("nothing searchable in the language hi yet")

    def test_of_no_realm_leads_to_the_documents(self, page: Page, address: str) -> None:
        page.goto(f"{address}/search")

        expect(page.get_by_text("There is nothing to search yet")).to_be_visible()


@pytest.fixture
def grounded(runtime: Runtime, light: uuid.UUID) -> uuid.UUID:
    """A note that stands on the document."""
    elsewhere(lambda: cascade(runtime, ScriptedModel(), submit(runtime)))
    with runtime.database.transaction() as session:
        note_id = uuid.UUID(str(session.scalar(sa.text("SELECT id FROM topic_notes ORDER BY id LIMIT 1"))))
        passages = service.search(
            session,
            "concave mirror",
            realm="science",
            language="en",
            vector=None,
            embedding_model="",
            most=1,
            mode="text",
        )
        service.anchor(session, ContentType.NOTE, [(note_id, passages[0].text)], passages)
    assert passages[0].document_id == light
    return note_id


class TestGrounding:
    def test_is_offered_where_a_realm_can_be_searched(self, page: Page, address: str, light: uuid.UUID) -> None:
        page.goto(f"{address}/{light}")
        page.get_by_role("link", name="Start a hydration").click()
        expect(page.get_by_label("Ground in")).to_have_value("science")

        for control, value in {"board": "CBSE", "grade": "8", "subject": "SCIENCE", "language": "hi"}.items():
            expect(page.locator(f"#{control}")).to_be_enabled()
            page.locator(f"#{control}").select_option(value)

        expect(page.locator("#estimate .notice")).to_contain_text("none in 'hi' is searchable yet")
        page.locator("#language").select_option("en")
        expect(page.locator("#go")).to_be_enabled()

    def test_is_shown_at_the_item_and_at_the_document_and_marked_where_the_source_changed(
        self, page: Page, address: str, runtime: Runtime, storage: Storage, light: uuid.UUID, grounded: uuid.UUID
    ) -> None:
        item = address.replace("/documents", f"/review/{grounded}")
        page.goto(item)
        sources = page.get_by_role("region", name="Stands on")
        expect(sources).to_contain_text("Light, p")
        sources.get_by_role("link").click()
        expect(page.locator("article.chunk:target")).to_contain_text("concave")
        expect(page.locator("#standing li")).to_have_count(1)

        elsewhere(
            lambda: service.replace_document(
                runtime, storage, light, NOTES, by=uploader(runtime), source_name="light.md"
            )
        )
        process(runtime, storage, light)
        page.goto(item)

        expect(sources).to_contain_text("The document no longer says the same there.")
        page.goto(f"{address}/{light}")
        expect(page.locator("#standing li .badge")).to_have_text("Stale")


class TestEveryPage:
    @pytest.mark.parametrize("options", [{}, {"color_scheme": "dark"}, PHONE], ids=["light", "dark", "phone"])
    def test_has_nothing_that_axe_calls_serious_and_fits_its_window(
        self,
        browser: Browser,
        address: str,
        light: uuid.UUID,
        grounded: uuid.UUID,
        options: dict[str, Any],
    ) -> None:
        names = (
            "",
            f"/{light}",
            "/search",
            "/search?q=mirror+formula&realm=science",
            f"/../review/{grounded}",
            "/../start",
        )
        with signed_in(browser, address, **options) as window:
            for name in names:
                page, _errors = open_page(window, f"{address}{name}")
                if name == f"/{light}":
                    page.locator("#view-markdown-conversion").click()
                    expect(page.locator("#viewer section")).to_be_visible()
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
