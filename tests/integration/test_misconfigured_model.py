"""A job whose model server refuses the key: the gateway, the worker and the job together."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from factories import FakeClock, chapter_ids, job, jobs, open_root, settings_for_tests
from hydrateall.core.database import Database
from hydrateall.core.runtime import Runtime
from hydrateall.hydration import tasks
from hydrateall.hydration.enums import JobStatus
from hydrateall.hydration.errors import RootEnded

KEY = "sk-test-never-to-be-shown"


class RefuseKey(BaseHTTPRequestHandler):
    def do_POST(self) -> None:
        self.rfile.read(int(self.headers["content-length"]))
        self.send_response(401)
        self.send_header("content-type", "application/json")
        self.end_headers()
        self.wfile.write(b'{"error": {"message": "Incorrect API key provided: %s"}}' % KEY.encode())

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture
def url() -> Iterator[str]:
    server = ThreadingHTTPServer(("127.0.0.1", 0), RefuseKey)
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_address[1]}/v1"
    server.shutdown()
    server.server_close()


class TestRefusedKey:
    def test_pauses_the_job_with_the_sentence_that_names_the_setting(
        self, database: Database, clock: FakeClock, url: str
    ) -> None:
        settings = settings_for_tests(model_provider="openai", openai_api_key=KEY, openai_base_url=url)
        runtime = Runtime(settings, database, clock)
        root_id = open_root(runtime)

        with pytest.raises(RootEnded):
            tasks.write_chapters(runtime, root_id=str(root_id), owner="run/chapters")

        root = job(runtime, root_id)
        assert root.status is JobStatus.PAUSED
        assert root.error_message.startswith("The model server refused the key.")
        assert KEY not in " ".join(str(each.error_message) for each in jobs(runtime, root_id))
        assert chapter_ids(runtime, root_id) == []
