"""The mock server's faults: what each looks like to the real client, whom they meet, what they cost."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import openai
import pytest
from pydantic import ValidationError

from hydrateall.core.errors import UsageError
from hydrateall.llm.mock import MockSettings
from hydrateall.llm.mock.faults import CALL_FAULTS, CONTENT, Draw, choose
from hydrateall.llm.mock.settings import read_faults
from mock_server import MODEL, Mock, request, running

SHARE = 1 / len(CALL_FAULTS)


@pytest.fixture(scope="module")
def server() -> Iterator[Mock]:
    with running() as mock:
        yield mock


@pytest.fixture
def mock(server: Mock) -> Mock:
    server.http.delete("/mock/ledger")
    server.change(faults={}, latency=0, latency_spread=0, seed=0)
    return server


def only(mock: Mock, fault: str) -> None:
    assert mock.change(faults={fault: 1}).status_code == 200


def exact_bill(usage: Any) -> Decimal:
    return (usage.prompt_tokens + 4 * Decimal(usage.completion_tokens)) / 1_000_000


class TestErrorFaults:
    @pytest.mark.parametrize(
        ("fault", "error", "status", "code"),
        [
            ("rate_limited", openai.RateLimitError, 429, "rate_limit_exceeded"),
            ("insufficient_quota", openai.RateLimitError, 429, "insufficient_quota"),
            ("server_error", openai.InternalServerError, 500, None),
            ("overloaded", openai.InternalServerError, 503, "overloaded"),
        ],
    )
    def test_are_the_client_s_own_errors_and_free(
        self, mock: Mock, fault: str, error: type[openai.APIStatusError], status: int, code: str | None
    ) -> None:
        only(mock, fault)

        with pytest.raises(error) as raised:
            mock.ask()

        entry = mock.last()
        assert (raised.value.status_code, raised.value.code) == (status, code)
        assert (entry["status"], entry["fault"], entry["billed_usd"]) == (status, fault, "0.000000")

    def test_say_when_to_come_again_if_coming_again_can_help(self, mock: Mock) -> None:
        only(mock, "rate_limited")
        limited = mock.post().headers
        only(mock, "insufficient_quota")
        spent = mock.post().headers

        assert (limited["retry-after"], limited["retry-after-ms"]) == ("0.2", "200")
        assert "retry-after" not in spent


class TestTransportFaults:
    def test_dropped_breaks_in_the_middle_of_the_body_and_is_free(self, mock: Mock) -> None:
        only(mock, "dropped")

        with pytest.raises(openai.APIConnectionError):
            mock.ask()

        entry = mock.last()
        assert (entry["fault"], entry["billed_usd"], entry["completion_tokens"]) == ("dropped", "0.000000", 0)
        assert mock.ledger()["totals"]["answered"] == 0

    def test_slow_takes_ten_times_as_long(self, mock: Mock) -> None:
        mock.change(latency=0.03, faults={"slow": 1})

        began = time.monotonic()
        completion = mock.ask()

        assert 0.3 <= time.monotonic() - began < 2
        assert mock.billed() == exact_bill(completion.usage)


class TestContentFaults:
    @pytest.mark.parametrize("fault", CONTENT)
    def test_are_billed_for_what_was_written(self, mock: Mock, fault: str) -> None:
        only(mock, fault)

        completion = mock.ask()

        assert mock.last()["fault"] == fault
        assert completion.usage.completion_tokens > 0
        assert mock.billed() == exact_bill(completion.usage)

    def test_truncated_ends_at_the_limit(self, mock: Mock) -> None:
        only(mock, "truncated")

        completion = mock.ask()

        assert completion.choices[0].finish_reason == "length"
        assert completion.usage.completion_tokens == 8000
        assert not is_json(completion)

    def test_refusal_has_no_content(self, mock: Mock) -> None:
        only(mock, "refusal")

        message = mock.ask().choices[0].message

        assert message.content is None
        assert "can't help" in message.refusal

    def test_content_filter_shows_a_part_or_nothing(self, mock: Mock) -> None:
        only(mock, "content_filter")

        choices = [mock.ask(f"Topic {number}").choices[0] for number in range(12)]

        assert {choice.finish_reason for choice in choices} == {"content_filter"}
        assert {choice.message.content is None for choice in choices} == {True, False}

    def test_invalid_json_looks_finished(self, mock: Mock) -> None:
        only(mock, "invalid_json")

        completion = mock.ask()

        assert completion.choices[0].finish_reason == "stop"
        assert not is_json(completion)

    def test_wrong_schema_is_a_json_object_of_another_shape(self, mock: Mock) -> None:
        only(mock, "wrong_schema")

        shapes = [set(json.loads(mock.ask(f"Topic {n}").choices[0].message.content)) for n in range(12)]

        assert all("content" not in shape for shape in shapes)
        assert len({frozenset(shape) for shape in shapes}) == 2

    def test_text_around_hides_the_right_json_behind_thoughts(self, mock: Mock) -> None:
        right = mock.ask().choices[0].message.content
        only(mock, "text_around")

        content = mock.ask().choices[0].message.content

        assert content.startswith("<think>")
        assert content.split("```json\n")[1].split("\n```")[0] == right


class TestFate:
    def test_of_a_body_is_the_same_in_every_run_and_new_for_each_retry(self, mock: Mock) -> None:
        mock.change(faults={"server_error": 0.5})

        runs = []
        for _ in range(2):
            mock.http.delete("/mock/ledger")
            runs.append([mock.post().status_code for _ in range(12)])

        assert runs[0] == runs[1]
        assert set(runs[0]) == {200, 500}

    def test_changes_with_the_seed(self, mock: Mock) -> None:
        fates = []
        for seed in (1, 2):
            mock.http.delete("/mock/ledger")
            mock.change(faults={"server_error": 0.5}, seed=seed)
            fates.append([mock.post().status_code for _ in range(16)])

        assert fates[0] != fates[1]

    def test_meets_each_fault_at_its_rate(self) -> None:
        rates = dict.fromkeys(CALL_FAULTS, 0.05)

        draws = [Draw.of(seed=3, body_sha256=str(number), seen=0) for number in range(4000)]

        met = [choose(rates, CALL_FAULTS, draw.call_fault) for draw in draws]
        assert all(0.035 < met.count(fault) / len(met) < 0.065 for fault in CALL_FAULTS)

    def test_spreads_latency_around_its_median(self) -> None:
        draws = [Draw.of(seed=3, body_sha256=str(number), seen=0) for number in range(2001)]

        latencies = sorted(draw.latency(median=1.0, sigma=0.5) for draw in draws)

        assert latencies[1000] == pytest.approx(1.0, abs=0.06)
        assert latencies[1682] == pytest.approx(1.65, abs=0.12)  # one sigma: e to the 0.5
        assert draws[0].latency(median=1.0, sigma=0) == 1.0


class TestStorm:
    def test_of_all_faults_is_billed_to_the_millionth(self, mock: Mock) -> None:
        mock.change(faults=dict.fromkeys(CALL_FAULTS, SHARE), latency=0.001)
        billed = Decimal(0)

        for number in range(60):
            try:
                completion = mock.ask(f"Topic {number}")
            except openai.APIError:
                continue
            billed += exact_bill(completion.usage)

        ledger = mock.ledger()
        assert {entry["fault"] for entry in ledger["entries"]} >= {"dropped", "refusal", "rate_limited"}
        assert mock.billed() == billed == sum(Decimal(entry["billed_usd"]) for entry in ledger["entries"])


class TestSettings:
    @pytest.mark.parametrize(
        ("faults", "said"),
        [
            ({"no_such": 0.1}, "there is no fault no_such"),
            ({"slow": 1.5}, "between 0 and 1"),
            ({"slow": 0.6, "dropped": 0.6}, "more than 1"),
        ],
    )
    def test_refuse_faults_that_cannot_be_drawn(self, faults: dict[str, float], said: str) -> None:
        with pytest.raises(ValidationError, match=said):
            MockSettings(faults=faults)

    def test_are_read_from_the_command_line(self) -> None:
        assert read_faults(["slow=0.1", "dropped=0.05"]) == {"slow": 0.1, "dropped": 0.05}
        with pytest.raises(UsageError, match="is not a fault"):
            read_faults(["slow"])

    def test_change_while_it_runs_and_keep_the_others(self, mock: Mock) -> None:
        before = mock.http.get("/mock/settings").json()

        after = mock.change(latency=0.001).json()
        refused = mock.change(latncy=1)

        assert after == before | {"latency": 0.001}
        assert (refused.status_code, "latncy" in refused.text) == (400, True)


def is_json(completion: Any) -> bool:
    try:
        json.loads(completion.choices[0].message.content)
    except ValueError:
        return False
    return True


def test_the_request_of_these_tests_asks_for_the_mock_s_own_model() -> None:
    """`exact_bill` has the rates of one model: 1.00 in, 4.00 out."""
    assert request()["model"] == MODEL == "mock-writer"
