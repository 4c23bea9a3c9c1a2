"""The pages Start, Jobs and Job as a browser gets them: protected, complete, and in the words of the reader."""

from __future__ import annotations

import re
import uuid
from collections.abc import Iterator
from typing import Any

import pytest
from fastapi import FastAPI, HTTPException, Request
from fastapi.testclient import TestClient

import factories
from factories import FakeClock, ScriptedModel
from hydrateall.core.models import UserRole
from hydrateall.core.runtime import Runtime
from hydrateall.hydration.enums import JobStatus, Level
from hydrateall.web.access import COOKIE, Access, BusyAirflow
from hydrateall.web.admin import create_admin_app

UI = "/api/admin/ui"
SWAP = {"HX-Request": "true", "Sec-Fetch-Site": "same-origin"}
CHOICE = {
    "board": "CBSE",
    "grade": "8",
    "subject": "SCIENCE",
    "language": "en",
    "notes": "true",
    "questions": "true",
    "easy": "1",
    "medium": "0",
    "hard": "0",
    "chapters": "",
    "mode": "fast",
    "budget": "",
}


async def user(request: Request, _bearer: object) -> str:
    if role := request.cookies.get(COOKIE):
        return role
    raise HTTPException(401, "Nobody is signed in.")


@pytest.fixture
def site(runtime: Runtime) -> Iterator[TestClient]:
    """The pages, read by an operator; other roles are a cookie away."""
    app = FastAPI()
    access = Access(user, UserRole, lambda role: f"{role}-mira")
    unused: Any = None
    pages: Any = create_admin_app(
        lambda: runtime,
        access,
        lambda _caller: BusyAirflow(),
        unused,
        max_body_bytes=100_000,
        max_upload_bytes=100_000,
    )
    app.mount("/api/admin", pages)
    with TestClient(app, base_url="http://testserver", follow_redirects=False) as client:
        client.cookies.set(COOKIE, "operator")
        yield client


def estimate(site: TestClient, **changes: str) -> tuple[str, dict[str, str]]:
    """The panel of the estimate, and the form as it stands with it."""
    text = site.get(f"{UI}/start/estimate", params=CHOICE | changes, headers=SWAP).text
    hidden = dict(re.findall(r'<input type="hidden" name="(\w+)" value="(.*?)">', text))
    return text, CHOICE | changes | hidden


def text_of(html: str) -> str:
    """What a reader sees, in one line."""
    return " ".join(re.sub(r"<[^>]*>", " ", html).split())


class TestEveryPage:
    @pytest.mark.parametrize("place", ["start", "jobs", "run?run=none&dag=other"])
    def test_allows_no_script_of_others_and_no_frame_but_airflows(self, site: TestClient, place: str) -> None:
        answer = site.get(f"{UI}/{place}")

        policy = answer.headers["Content-Security-Policy"]
        assert answer.status_code == 200
        assert "script-src 'self';" in policy
        assert "frame-ancestors 'self'" in policy
        assert "unsafe" not in policy
        assert not re.search(r"<script(?![^>]* src=)|\son\w+=|\sstyle=", answer.text)

    def test_sends_who_is_not_signed_in_to_airflows_sign_in(self, site: TestClient) -> None:
        site.cookies.clear()

        answer = site.get(f"{UI}/jobs?status=failed")

        assert answer.status_code == 303
        assert answer.headers["Location"].startswith("/api/v2/auth/login?next=")
        assert "status%3Dfailed" in answer.headers["Location"]

    def test_finds_the_sign_in_of_an_airflow_below_a_prefix(self, site: TestClient) -> None:
        with TestClient(site.app, root_path="/airflow", follow_redirects=False) as below:
            answer = below.get(f"/airflow{UI}/jobs")

        assert answer.headers["Location"].startswith("/airflow/api/v2/auth/login?next=")

    def test_tells_an_error_as_a_page_and_to_htmx_as_a_message(self, site: TestClient) -> None:
        address = f"{UI}/jobs/{uuid.uuid4()}"

        whole, swapped = site.get(address), site.get(address, headers=SWAP)

        assert (whole.status_code, swapped.status_code) == (404, 404)
        assert "There is no job" in whole.text
        assert "<nav" in whole.text
        assert swapped.headers["HX-Retarget"] == "#notices"
        assert "<nav" not in swapped.text

    def test_is_written_in_the_language_of_the_reader_where_it_is_known(self, site: TestClient) -> None:
        answer = site.get(f"{UI}/jobs", headers={"Accept-Language": "hi-IN,hi;q=0.9,en;q=0.5"})

        assert '<html lang="hi">' in answer.text
        assert "समीक्षा" in answer.text

    def test_lets_its_files_be_kept_by_the_browser(self, site: TestClient) -> None:
        [address] = re.findall(r'href="([^"]*app\.css[^"]*)"', site.get(f"{UI}/jobs").text)

        answer = site.get(address)

        assert answer.status_code == 200
        assert "immutable" in answer.headers["Cache-Control"]


class TestAWrite:
    def test_is_refused_from_another_site(self, site: TestClient, runtime: Runtime) -> None:
        root = factories.open_root(runtime)

        answer = site.post(f"{UI}/jobs/{root}/cancel", headers={**SWAP, "Sec-Fetch-Site": "cross-site"})

        assert answer.status_code == 403
        assert factories.job(runtime, root).status is JobStatus.RUNNING

    def test_is_refused_without_the_header_that_only_our_scripts_send(self, site: TestClient, runtime: Runtime) -> None:
        root = factories.open_root(runtime)

        answer = site.post(f"{UI}/jobs/{root}/cancel", headers={"Sec-Fetch-Site": "same-origin"})

        assert answer.status_code == 403
        assert factories.job(runtime, root).status is JobStatus.RUNNING

    def test_needs_an_operator(self, site: TestClient, runtime: Runtime) -> None:
        root = factories.open_root(runtime)
        site.cookies.set(COOKIE, "viewer")

        answer = site.post(f"{UI}/jobs/{root}/cancel", headers=SWAP)

        assert answer.status_code == 403
        assert "ask-cancel" not in site.get(f"{UI}/jobs/{root}").text
        assert factories.job(runtime, root).status is JobStatus.RUNNING


class TestStart:
    def test_offers_what_depends_on_the_choice_before(self, site: TestClient) -> None:
        first = site.get(f"{UI}/start/choice", params={"board": "CBSE"}, headers=SWAP).text
        second = site.get(f"{UI}/start/choice", params={"board": "CBSE", "grade": "10"}, headers=SWAP).text

        assert re.search(r'id="subject"[^>]* disabled', first)
        assert '<option value="SCIENCE"' in second
        assert not re.search(r'id="subject"[^>]* disabled', second)

    def test_says_what_would_be_added_before_the_button_works(self, site: TestClient) -> None:
        empty = site.get(f"{UI}/start").text

        panel, _form = estimate(site)

        assert re.search(r'id="go"[^>]* disabled', empty)
        assert "Topics 0 4" in text_of(panel)
        assert "Questions 0 4" in text_of(panel)
        assert not re.search(r'id="go"[^>]* disabled', panel)

    def test_starts_exactly_what_was_estimated(self, site: TestClient, runtime: Runtime) -> None:
        _panel, form = estimate(site)

        answer = site.post(f"{UI}/start", data=form, headers=SWAP)

        root = uuid.UUID(answer.headers["HX-Redirect"].rsplit("/", 1)[1])
        assert answer.status_code == 204
        assert factories.job(runtime, root).input_params["options"]["questionCounts"] == {
            "easy": 1,
            "medium": 0,
            "hard": 0,
        }

    def test_refuses_options_that_were_not_estimated(self, site: TestClient) -> None:
        _panel, form = estimate(site)

        answer = site.post(f"{UI}/start", data={**form, "easy": "50"}, headers=SWAP)

        assert answer.status_code == 409
        assert "The options have changed since the estimate." in answer.text

    def test_makes_one_job_of_a_button_that_is_pressed_twice(self, site: TestClient) -> None:
        _panel, form = estimate(site)

        first, second = (site.post(f"{UI}/start", data=form, headers=SWAP) for _ in range(2))

        assert first.headers["HX-Redirect"] == second.headers["HX-Redirect"]

    def test_shows_the_active_job_in_place_of_the_button(self, site: TestClient, runtime: Runtime) -> None:
        root = factories.open_root(runtime)

        panel, _form = estimate(site)

        assert f"{UI}/jobs/{root}" in panel
        assert 'id="go"' not in panel

    def test_leaves_a_budget_above_the_default_to_an_admin(self, site: TestClient) -> None:
        operator, _ = estimate(site, budget="51")
        site.cookies.set(COOKIE, "admin")
        admin, _ = estimate(site, budget="51")

        assert "needs the role admin" in operator
        assert re.search(r'id="go"[^>]* disabled', operator)
        assert not re.search(r'id="go"[^>]* disabled', admin)

    def test_says_which_control_cannot_be_used(self, site: TestClient) -> None:
        panel, _form = estimate(site, easy="70")

        assert "Easy questions a topic cannot be used" in panel
        assert re.search(r'id="go"[^>]* disabled', panel)

    def test_has_nothing_to_do_where_everything_exists(self, site: TestClient, runtime: Runtime) -> None:
        root = factories.open_root(runtime, question_counts={"easy": 1, "medium": 0, "hard": 0})
        factories.cascade(runtime, ScriptedModel(), root)
        factories.close(runtime, root)

        panel, _form = estimate(site)

        assert "Everything that these options ask for exists already." in panel
        assert "Notes 4 0" in text_of(panel)
        assert re.search(r'id="go"[^>]* disabled', panel)


class TestJobs:
    def test_say_what_to_do_first_where_there_are_none(self, site: TestClient) -> None:
        text = site.get(f"{UI}/jobs").text

        assert "Nothing has been hydrated yet" in text
        assert f'href="{UI}/start"' in text

    def test_are_chosen_by_the_filters_in_the_address(self, site: TestClient, runtime: Runtime) -> None:
        science, math = factories.open_root(runtime), factories.submit(runtime, subject_code="MATH")

        text = site.get(f"{UI}/jobs?status=pending&subject=MATH&since=&creator=").text

        assert str(math) in text
        assert str(science) not in text
        assert '<option value="pending" selected>' in text

    def test_can_be_asked_for_until_the_end_of_all_days(self, site: TestClient) -> None:
        assert site.get(f"{UI}/jobs", params={"until": "9999-12-31"}).status_code == 200

    def test_say_that_the_filters_fit_nothing(self, site: TestClient, runtime: Runtime) -> None:
        factories.open_root(runtime)

        assert "No job fits these filters" in site.get(f"{UI}/jobs?status=failed").text

    def test_come_in_pages_of_the_server(
        self, site: TestClient, runtime: Runtime, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("hydrateall.web.pages.jobs.MOST", 1)
        older = factories.open_root(runtime)
        clock.advance(60)
        newer = factories.open_root(runtime, subject_code="MATH")

        first = site.get(f"{UI}/jobs").text
        [next_page] = re.findall(r'rel="next" href="([^"]*)"', first)
        second = site.get(next_page.replace("&amp;", "&")).text

        assert (str(newer) in first, str(older) in first) == (True, False)
        assert (str(newer) in second, str(older) in second) == (False, True)


class TestJob:
    def test_shows_each_level_of_each_chapter_by_sign_and_word(self, site: TestClient, runtime: Runtime) -> None:
        root = factories.open_root(runtime)
        factories.work(runtime, ScriptedModel(), root, Level.CHAPTERS)

        text = site.get(f"{UI}/jobs/{root}").text

        assert re.search(r'data-state="completed"[^>]*id="cell-all-chapters"', text)
        assert re.search(r'data-state="pending"[^>]*id="cell-1-topics"', text)
        assert "Waits for the level before" in text

    def test_polls_while_it_is_active_and_stops_at_the_end(self, site: TestClient, runtime: Runtime) -> None:
        root = factories.open_root(runtime)
        active = site.get(f"{UI}/jobs/{root}/live", headers=SWAP).text
        factories.cancel(runtime, root)
        ended = site.get(f"{UI}/jobs/{root}/live", headers=SWAP).text

        assert "data-poll" in active
        assert "data-poll" not in ended

    def test_tells_the_work_behind_a_cell_its_error_and_what_to_do(self, site: TestClient, runtime: Runtime) -> None:
        root = factories.open_root(runtime)
        for _ in range(3):
            [held] = factories.claim(runtime, root)
            factories.fail(runtime, factories.draft(runtime, held), "The answer was cut off.")
            runtime.now.advance(600)  # type: ignore[attr-defined]

        text = text_of(site.get(f"{UI}/jobs/{root}/cell?level=chapters", headers=SWAP).text)

        assert "attempt 3 of 3" in text
        assert "The answer was cut off." in text
        assert "resume the job" in text

    def test_says_before_it_cancels_what_that_means(self, site: TestClient, runtime: Runtime) -> None:
        root = factories.open_root(runtime)
        factories.claim(runtime, root)

        text = text_of(site.get(f"{UI}/jobs/{root}/confirm/cancel", headers=SWAP).text)

        assert "1 call is in flight; its answer is discarded" in text
        assert "Everything that is finished stays" in text

    def test_is_cancelled_with_its_reason_and_resumed(self, site: TestClient, runtime: Runtime) -> None:
        root = factories.open_root(runtime)

        cancelled = site.post(f"{UI}/jobs/{root}/cancel", data={"reason": "wrong subject"}, headers=SWAP)
        resumed = site.post(f"{UI}/jobs/{root}/resume", data={"budget": ""}, headers=SWAP)

        assert "Cancelled: wrong subject" in cancelled.text
        assert cancelled.headers["HX-Trigger"] == "job-changed"
        assert resumed.status_code == 200
        assert factories.job(runtime, root).status is JobStatus.PENDING

    def test_says_that_an_action_came_too_late(self, site: TestClient, runtime: Runtime) -> None:
        root = factories.open_root(runtime)
        factories.cancel(runtime, root)

        asked = site.get(f"{UI}/jobs/{root}/confirm/pause", headers=SWAP)
        done = site.post(f"{UI}/jobs/{root}/pause", headers=SWAP)

        assert "cannot be done any more" in asked.text
        assert done.status_code == 409
        assert done.headers["HX-Retarget"] == "#notices"

    def test_streams_its_log_without_repeating_a_line(self, site: TestClient, runtime: Runtime) -> None:
        root = factories.open_root(runtime)
        page = site.get(f"{UI}/jobs/{root}").text
        [newer] = re.findall(r'hx-get="([^"]*/log/newer[^"]*)"', page)
        with runtime.database.transaction() as session:
            factories.repository.log(session, root, factories.ExecutionPhase.STEP, "One more line.")

        since = site.get(newer.replace("&amp;", "&"), headers=SWAP).text

        assert "Submitted:" in page
        assert "One more line." in since
        assert "Submitted:" not in since

    def test_chooses_the_lines_of_its_log_by_severity(self, site: TestClient, runtime: Runtime) -> None:
        root = factories.open_root(runtime)

        assert "Submitted:" not in site.get(f"{UI}/jobs/{root}/log?severity=ERROR", headers=SWAP).text


class TestTheTabOfARun:
    def test_shows_the_job_that_the_run_works_on(self, site: TestClient, runtime: Runtime) -> None:
        root = factories.open_root(runtime)

        now = site.get(f"{UI}/run", params={"run": f"hydrate__{root}__1"})
        before = site.get(f"{UI}/run", params={"run": f"hydrate__{root}__7"})

        assert now.headers["Location"] == before.headers["Location"] == f"{UI}/jobs/{root}?tab=run"
        assert "<nav aria-label" not in site.get(now.headers["Location"]).text

    @pytest.mark.parametrize(
        ("run", "status"), [("x\x00", 422), ("hydrate__------------------------------------__1", 200)]
    )
    def test_takes_no_harm_from_any_text(self, site: TestClient, run: str, status: int) -> None:
        assert site.get(f"{UI}/run", params={"run": run}).status_code == status

    def test_says_so_where_a_run_is_none_of_ours(self, site: TestClient) -> None:
        assert "This run does not hydrate a subject" in site.get(f"{UI}/run?run=x&dag=other").text
