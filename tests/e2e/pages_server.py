"""The pages without Airflow: our admin app on a port of this process, and Chromium signed in as anybody.

Airflow's part (who signs in, with what role) is played by a cookie that holds the role's name.
"""

from __future__ import annotations

import shutil
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from urllib.parse import urlsplit

import pytest
import uvicorn
from fastapi import FastAPI, HTTPException, Request
from playwright.sync_api import Browser, BrowserContext, Error, Page, Playwright

from hydrateall.core.models import UserRole
from hydrateall.core.runtime import Runtime
from hydrateall.documents.storage import Storage
from hydrateall.web.access import COOKIE, Access, BusyAirflow, Caller
from hydrateall.web.admin import PREFIX, create_admin_app

FLAGS = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"]


async def _user(request: Request, _bearer: object) -> str:
    if role := request.cookies.get(COOKIE):
        return role
    raise HTTPException(401, "Nobody is signed in.")


def _no_airflow(_caller: Caller) -> Any:
    return BusyAirflow()


@contextmanager
def pages_of(runtime: Runtime, storage: Storage | None = None) -> Iterator[str]:
    """Serve the pages of this runtime; give the address that they stand below. Without a storage, files go nowhere."""
    app = FastAPI()
    access = Access(_user, UserRole, lambda role: f"{role}-mira")
    kept = storage or Storage.open(f"{tempfile.gettempdir()}/hydrateall-no-storage")
    limits = {"max_body_bytes": 1_000_000, "max_upload_bytes": runtime.settings.document_most_bytes}
    app.mount(PREFIX, create_admin_app(lambda: runtime, access, _no_airflow, lambda: kept, **limits))
    server = uvicorn.Server(uvicorn.Config(app, port=0, log_level="warning", lifespan="off"))
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive(), "the server did not start"
            time.sleep(0.02)
        port = server.servers[0].sockets[0].getsockname()[1]
        yield f"http://127.0.0.1:{port}{PREFIX}/ui"
    finally:
        server.should_exit = True
        thread.join(20)


@contextmanager
def chromium(driver: Playwright) -> Iterator[Browser]:
    """A real Chromium: Playwright's own, or the system's; the test is skipped where neither starts."""
    for path in (None, shutil.which("chromium"), shutil.which("google-chrome")):
        try:
            browser = driver.chromium.launch(executable_path=path, args=FLAGS)
        except Error:
            continue
        try:
            yield browser
        finally:
            browser.close()
        return
    pytest.skip("No Chromium can be started here: `playwright install chromium`, or apt-get install chromium.")


def signed_in(browser: Browser, address: str, role: str = "admin", **options: Any) -> BrowserContext:
    """A browser window of somebody with this role; it collects what goes wrong in `errors_of`."""
    window = browser.new_context(**{"viewport": {"width": 1280, "height": 900}, **options})
    window.add_cookies([{"name": COOKIE, "value": role, "domain": urlsplit(address).hostname, "path": "/"}])
    window.set_default_timeout(15_000)
    return window


def open_page(window: BrowserContext, address: str) -> tuple[Page, list[str]]:
    """A page, and the list to which every error of its scripts and every refusal of its policy is added."""
    page, errors = window.new_page(), []
    page.on("pageerror", lambda error: errors.append(str(error)))
    page.on("console", lambda line: errors.append(line.text) if line.type == "error" else None)
    page.goto(address)
    return page, errors
