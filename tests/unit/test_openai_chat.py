"""The openai provider against a real local HTTP server that speaks its wire."""

from __future__ import annotations

import asyncio
import json
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import pytest

from factories import settings_for_tests
from hydrateall.core.settings import Settings
from hydrateall.curriculum.schemas import NoteDraft
from hydrateall.llm.errors import ModelError, ModelMisconfigured
from hydrateall.llm.schemas import ModelReply
from hydrateall.llm.service import cost_of, open_model, request_for

KEY = "sk-test-never-to-be-shown"
NOTE = '{"content": "## Light"}'


class ModelServer:
    """A server that keeps what it was sent, and answers what it is told to."""

    def __init__(self) -> None:
        self.status = 200
        self.body: Any = completion()
        self.pause = 0.0
        self.content_type = "application/json"
        self.received: list[dict[str, Any]] = []
        self.keys: list[str] = []
        self._http = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        threading.Thread(target=self._http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._http.server_address[1]}/v1"

    def stop(self) -> None:
        self._http.shutdown()
        self._http.server_close()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                length = int(self.headers["content-length"])
                server.received.append({"path": self.path, **json.loads(self.rfile.read(length))})
                server.keys.append(self.headers["authorization"])
                time.sleep(server.pause)
                body = server.body if isinstance(server.body, str) else json.dumps(server.body)
                self.send_response(server.status)
                self.send_header("content-type", server.content_type)
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return Handler


def completion(content: str | None = NOTE, *, finish: str = "stop", refusal: str | None = None) -> dict[str, Any]:
    """An answer as chat completions gives it."""
    return {
        "id": "chatcmpl-1",
        "object": "chat.completion",
        "created": 1,
        "model": "gpt-4o-mini-2024-07-18",
        "choices": [
            {
                "index": 0,
                "finish_reason": finish,
                "message": {"role": "assistant", "content": content, "refusal": refusal},
            }
        ],
        "usage": {
            "prompt_tokens": 1000,
            "completion_tokens": 500,
            "total_tokens": 1500,
            "prompt_tokens_details": {"cached_tokens": 400},
        },
    }


def error(message: str = f"Incorrect API key provided: {KEY}") -> dict[str, Any]:
    return {"error": {"message": message, "type": "invalid_request_error", "code": None}}


@pytest.fixture
def server() -> Iterator[ModelServer]:
    server = ModelServer()
    yield server
    server.stop()


def configured(server: ModelServer, **changes: Any) -> Settings:
    given = {"model_provider": "openai", "openai_model": "gpt-4o-mini", "openai_timeout_seconds": 5, **changes}
    return settings_for_tests(openai_api_key=KEY, openai_base_url=server.url, **given)


def ask(server: ModelServer, **changes: Any) -> ModelReply:
    """Make one call, as the worker does."""

    async def call() -> ModelReply:
        model = open_model(configured(server, **changes), "notes")
        try:
            return await model.complete(request_for("curriculum/draft_note", NoteDraft, {"purpose": "notes"}))
        finally:
            await model.aclose()

    return asyncio.run(call())


class TestAnswer:
    def test_becomes_a_reply_with_its_use_and_cost(self, server: ModelServer) -> None:
        reply = ask(server)

        assert reply == ModelReply(NOTE, "gpt-4o-mini-2024-07-18", 1000, 500, 400)
        assert float(cost_of(reply, reply.model)) == pytest.approx((600 * 0.15 + 400 * 0.075 + 500 * 0.60) / 1e6)

    def test_may_come_without_usage(self, server: ModelServer) -> None:
        del server.body["usage"]

        reply = ask(server)

        assert (reply.prompt_tokens, reply.completion_tokens) == (0, 0)


class TestRequest:
    def test_asks_for_the_strict_schema(self, server: ModelServer) -> None:
        ask(server)

        [sent] = server.received
        asked = sent["response_format"]["json_schema"]
        assert sent["path"] == "/v1/chat/completions"
        assert (asked["name"], asked["strict"]) == ("NoteDraft", True)
        assert asked["schema"]["additionalProperties"] is False

    def test_keeps_the_stable_part_apart_from_the_assignment(self, server: ModelServer) -> None:
        ask(server)

        [sent] = server.received
        assert [message["role"] for message in sent["messages"]] == ["system", "user"]
        assert sent["messages"][1]["content"] == '<assignment>{"purpose": "notes"}</assignment>'
        assert sent["max_completion_tokens"] == 8000

    def test_carries_the_key(self, server: ModelServer) -> None:
        ask(server)

        assert server.keys == [f"Bearer {KEY}"]

    @pytest.mark.parametrize("model", ["gpt-4o-mini", "gpt-4.1"])
    def test_sends_the_temperature_where_the_model_takes_one(self, server: ModelServer, model: str) -> None:
        ask(server, openai_model=model)

        assert server.received[0]["temperature"] == 0.2

    @pytest.mark.parametrize("model", ["gpt-5", "gpt-5-mini", "gpt-5-nano-2025-08-07"])
    def test_sends_no_temperature_where_the_model_refuses_it(self, server: ModelServer, model: str) -> None:
        ask(server, openai_model=model)

        assert "temperature" not in server.received[0]

    def test_is_made_once_for_an_attempt(self, server: ModelServer) -> None:
        server.status, server.body = 500, error()

        with pytest.raises(ModelError):
            ask(server)

        assert len(server.received) == 1


class TestMisconfiguration:
    @pytest.mark.parametrize("status", [401, 403])
    def test_of_the_key_names_the_setting(self, server: ModelServer, status: int) -> None:
        server.status, server.body = status, error()

        with pytest.raises(ModelMisconfigured, match="refused the key") as refused:
            ask(server)

        assert "HYDRATEALL_OPENAI_API_KEY" in refused.value.remedy

    def test_of_the_model_s_name_says_it(self, server: ModelServer) -> None:
        server.status, server.body = 404, error("The model does not exist")

        with pytest.raises(ModelMisconfigured, match="knows no model 'gpt-4o-mini'") as refused:
            ask(server)

        assert "HYDRATEALL_OPENAI_MODEL" in refused.value.remedy


class TestTrouble:
    @pytest.mark.parametrize("status", [400, 408, 409, 422, 429, 500, 503])
    def test_that_may_pass_is_a_model_error_with_the_status(self, server: ModelServer, status: int) -> None:
        server.status, server.body = status, error()

        with pytest.raises(ModelError, match=f"status {status}"):
            ask(server)

    def test_of_a_slow_server_is_a_model_error(self, server: ModelServer) -> None:
        server.pause = 0.2

        with pytest.raises(ModelError, match="did not answer"):
            ask(server, openai_timeout_seconds=0.05)

    def test_of_a_server_that_is_away_is_a_model_error(self, server: ModelServer) -> None:
        server.stop()

        with pytest.raises(ModelError, match="did not answer"):
            ask(server)

    @pytest.mark.parametrize(
        ("content_type", "body"),
        [
            ("text/html", "<html>Sign in</html>"),
            ("application/json", '{"id": "chatcmpl-1", "choices": []}'),
            ("application/json", "{}"),
            ("application/json", "[]"),
            ("application/json", "not JSON"),
        ],
    )
    def test_of_an_answer_that_is_no_completion_is_a_model_error(
        self, server: ModelServer, content_type: str, body: str
    ) -> None:
        server.content_type, server.body = content_type, body

        with pytest.raises(ModelError, match="HYDRATEALL_OPENAI_BASE_URL"):
            ask(server)


class TestRefusal:
    @pytest.mark.parametrize(
        ("body", "said"),
        [
            (completion(None, refusal="I cannot help with that."), "refused: I cannot help with that."),
            (completion('{"content": "## Li', finish="length"), "cut off at the output limit"),
            (completion(None, finish="content_filter"), "withheld by a content filter"),
            (completion("", finish="content_filter"), "withheld by a content filter"),
            (completion(None), "content filter"),
        ],
        ids=["refusal", "length", "filter", "filtered text", "nothing"],
    )
    def test_is_told_apart_from_an_answer(self, server: ModelServer, body: dict[str, Any], said: str) -> None:
        server.body = body

        with pytest.raises(ModelError, match=said) as failed:
            ask(server)

        assert failed.value.reply.prompt_tokens == 1000  # it was billed


class TestKey:
    @pytest.mark.parametrize("status", [400, 401, 403, 404, 429, 500])
    def test_never_appears_in_a_message(self, server: ModelServer, status: int) -> None:
        server.status, server.body = status, error()

        with pytest.raises((ModelError, ModelMisconfigured)) as refused:
            ask(server)

        assert KEY not in f"{refused.value!s}{refused.value!r}{refused.value.remedy}"
        assert refused.value.__suppress_context__

    def test_never_appears_in_the_settings_own_words(self, server: ModelServer) -> None:
        assert KEY not in repr(configured(server))
