"""The mock server's chat completions, through the real client over a real socket."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import openai
import pytest

from hydrateall.llm.offline.writer import estimate_tokens, write
from mock_server import SYSTEM, Mock, request, running

LONG_SYSTEM = "Write with care. " * 300  # 5100 characters, so 1275 tokens


@pytest.fixture(scope="module")
def server() -> Iterator[Mock]:
    with running() as mock:
        yield mock


@pytest.fixture
def mock(server: Mock) -> Mock:
    """The module's server, as if it had just been started."""
    server.http.delete("/mock/ledger")
    server.change(faults={}, strict_schema=True, context_tokens=128_000, latency=0)
    return server


class TestAnswer:
    def test_is_what_the_offline_writer_writes(self, mock: Mock) -> None:
        completion = mock.ask("Volcanoes")

        user = request("Volcanoes")["messages"][1]["content"]
        assert json.loads(completion.choices[0].message.content) == write(user)
        assert completion.choices[0].finish_reason == "stop"
        assert (completion.model, completion.object) == ("mock-writer", "chat.completion")
        assert completion.id.startswith("chatcmpl-")

    def test_counts_messages_and_schema_as_its_prompt(self, mock: Mock) -> None:
        completion = mock.ask()

        body = request()
        schema = json.dumps(body["response_format"]["json_schema"]["schema"], separators=(",", ":"))
        texts = [SYSTEM, body["messages"][1]["content"], schema]
        assert completion.usage.prompt_tokens == sum(map(estimate_tokens, texts))
        assert completion.usage.completion_tokens == estimate_tokens(completion.choices[0].message.content)
        assert completion.usage.total_tokens == completion.usage.prompt_tokens + completion.usage.completion_tokens

    def test_carries_a_request_id_and_echoes_a_dated_model(self, mock: Mock) -> None:
        response = mock.post(model="gpt-4o-mini-2024-07-18")

        assert response.headers["x-request-id"].startswith("req_")
        assert response.json()["model"] == "gpt-4o-mini-2024-07-18"

    def test_is_cut_where_the_request_says(self, mock: Mock) -> None:
        completion = mock.ask(max_completion_tokens=50)

        assert completion.choices[0].finish_reason == "length"
        assert completion.usage.completion_tokens == 50
        assert estimate_tokens(completion.choices[0].message.content) == 50

    def test_to_a_prompt_without_assignment_fits_the_schema(self, mock: Mock) -> None:
        completion = mock.ask(messages=[{"role": "user", "content": "Hello?"}])

        assert json.loads(completion.choices[0].message.content) == {"content": "sample"}

    def test_understands_text_in_parts(self, mock: Mock) -> None:
        [system, user] = request()["messages"]
        parts = [{"type": "text", "text": user["content"]}]

        completion = mock.ask(messages=[system, {"role": "user", "content": parts}])

        assert completion.choices[0].message.content == mock.ask().choices[0].message.content


class TestPromptCache:
    def test_knows_a_long_system_message_the_second_time(self, mock: Mock) -> None:
        messages = request(system=LONG_SYSTEM)["messages"]

        seen = [mock.ask(messages=messages).usage.prompt_tokens_details.cached_tokens for _ in range(2)]

        assert seen == [0, 1152]  # 1275 rounded down to 128

    def test_is_billed_at_the_cached_rate(self, mock: Mock) -> None:
        messages = request(system=LONG_SYSTEM)["messages"]

        usages = [mock.ask(messages=messages).usage for _ in range(2)]

        fresh = [usage.prompt_tokens - usage.prompt_tokens_details.cached_tokens for usage in usages]
        exact = sum(fresh) + Decimal("0.25") * 1152 + 4 * sum(usage.completion_tokens for usage in usages)
        assert mock.billed() == exact / 1_000_000

    def test_does_not_keep_a_short_one(self, mock: Mock) -> None:
        seen = [mock.ask().usage.prompt_tokens_details.cached_tokens for _ in range(2)]

        assert seen == [0, 0]


class TestRefusedRequest:
    @pytest.mark.parametrize(
        ("changes", "status", "code", "param"),
        [
            ({"model": "no-such-model"}, 404, "model_not_found", "model"),
            ({"model": None}, 400, None, "model"),
            ({"messages": []}, 400, None, "messages"),
            ({"max_completion_tokens": 128_000}, 400, "context_length_exceeded", "messages"),
            ({"max_completion_tokens": 0}, 400, "integer_below_min_value", "max_completion_tokens"),
            ({"response_format": {"type": "xml"}}, 400, None, "response_format"),
            ({"stream": True}, 400, "unsupported_value", "stream"),
            ({"n": 2}, 400, "unsupported_value", "n"),
            (
                {"messages": [{"role": "user", "content": '<assignment>{"purpose": "poems"}</assignment>'}]},
                400,
                "mock_cannot_write",
                "messages",
            ),
        ],
    )
    def test_is_told_why_and_not_billed(
        self, mock: Mock, changes: dict[str, Any], status: int, code: str | None, param: str
    ) -> None:
        response = mock.post(**changes)

        error = response.json()["error"]
        assert (response.status_code, error["code"], error["param"]) == (status, code, param)
        assert set(error) == {"message", "type", "param", "code"}
        assert (mock.last()["status"], mock.billed()) == (status, 0)

    def test_must_be_json(self, mock: Mock) -> None:
        response = mock.http.post("/v1/chat/completions", content=b"{")

        assert response.status_code == 400

    def test_needs_a_bearer(self, mock: Mock) -> None:
        response = mock.http.post("/v1/chat/completions", json=request(), headers={"authorization": ""})

        assert (response.status_code, response.json()["error"]["code"]) == (401, "invalid_api_key")

    def test_must_have_the_right_key_if_there_is_one(self) -> None:
        with running(key="right") as mock:
            mock.ask(key="right")
            with pytest.raises(openai.AuthenticationError) as refused:
                mock.ask(key="wrong-key")
            with pytest.raises(openai.AuthenticationError):
                mock.using(lambda client: client.models.retrieve("mock-writer"), key="wrong-key")

            assert "wrong-key" not in str(refused.value)
            assert "right" not in mock.http.get("/mock/settings").text

    def test_cannot_have_a_schema_where_none_is_understood(self, mock: Mock) -> None:
        mock.change(strict_schema=False)

        with pytest.raises(openai.BadRequestError, match="json_schema"):
            mock.ask()
        completion = mock.ask(response_format={"type": "json_object"})

        assert json.loads(completion.choices[0].message.content)["content"]


class TestModels:
    def test_are_those_with_a_price(self, mock: Mock) -> None:
        page = mock.using(lambda client: client.models.list())  # type: ignore[arg-type, return-value]

        assert {"mock-writer", "gpt-5-mini"} <= {model.id for model in page.data}

    def test_can_be_looked_up(self, mock: Mock) -> None:
        assert mock.using(lambda client: client.models.retrieve("mock-writer")).id == "mock-writer"

        with pytest.raises(openai.NotFoundError):
            mock.using(lambda client: client.models.retrieve("no-such-model"))


class TestUnknownRoute:
    def test_is_refused_in_openai_s_shape(self, mock: Mock) -> None:
        assert mock.http.get("/v1/nothing").json()["error"]["type"] == "invalid_request_error"
        assert mock.http.get("/v1/chat/completions").status_code == 405

    def test_does_not_hide_the_health_check(self, mock: Mock) -> None:
        assert mock.http.get("/healthz").json() == {"status": "ok"}
