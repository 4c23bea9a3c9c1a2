"""The mock server's limits and its ledger."""

from __future__ import annotations

import asyncio
import hashlib
import json
from decimal import Decimal

import httpx
import openai
import pytest

from hydrateall.llm.mock.limits import Limits
from hydrateall.llm.mock.settings import MockSettings
from hydrateall.llm.mock.wire import WireError
from mock_server import Mock, Seconds, request, running


class TestRequestsAMinute:
    def test_are_refused_beyond_the_limit_with_the_exact_wait(self) -> None:
        with running(requests_per_minute=2) as mock:
            first = mock.post()
            mock.clock.now += 20
            mock.post()
            refused = mock.post()

            assert refused.status_code == 429
            assert refused.json()["error"]["code"] == "rate_limit_exceeded"
            assert 40 < float(refused.headers["retry-after"]) < 40.01
            assert int(refused.headers["retry-after-ms"]) == 40_001
            assert first.headers["x-ratelimit-limit-requests"] == "2"
            assert first.headers["x-ratelimit-remaining-requests"] == "1"
            assert refused.headers["x-ratelimit-remaining-requests"] == "0"

    def test_are_admitted_when_the_wait_is_over(self) -> None:
        with running(requests_per_minute=1) as mock:
            mock.post()
            wait = float(mock.post().headers["retry-after"])
            mock.clock.now += wait - 0.01
            early = mock.post().status_code
            mock.clock.now += 0.01
            in_time = mock.post().status_code

            assert (early, in_time) == (429, 200)

    def test_reach_the_client_as_its_error_with_no_fault_in_the_ledger(self) -> None:
        with running(requests_per_minute=1) as mock:
            mock.ask()
            with pytest.raises(openai.RateLimitError):
                mock.ask()

            entry = mock.last()
            assert (entry["status"], entry["fault"], entry["billed_usd"]) == (429, None, "0.000000")


class TestTokensAMinute:
    def test_weigh_the_prompt_and_the_whole_output_limit(self) -> None:
        with running(tokens_per_minute=10_000) as mock:
            admitted = mock.post()
            refused = mock.post()

            prompt = admitted.json()["usage"]["prompt_tokens"]
            assert int(admitted.headers["x-ratelimit-remaining-tokens"]) == 10_000 - prompt - 8000
            assert refused.status_code == 429
            assert 60 < float(refused.headers["retry-after"]) < 60.01

    def test_of_one_request_above_the_limit_cannot_be_waited_for(self) -> None:
        with running(tokens_per_minute=5_000) as mock:
            refused = mock.post()

            assert refused.status_code == 429
            assert "retry-after" not in refused.headers

    def test_wait_for_as_many_requests_as_must_leave(self) -> None:
        settings = MockSettings(tokens_per_minute=100)
        limits = Limits()
        for at in (0.0, 10.0, 20.0):
            limits.admit(settings, now=at, tokens=30)

        with pytest.raises(WireError) as refused:
            limits.admit(settings, now=30.0, tokens=60)

        assert float(refused.value.headers["retry-after"]) == pytest.approx(40, abs=0.01)


class TestLedger:
    def test_says_who_asked_what_when_and_for_how_much(self) -> None:
        with running() as mock:
            sent = json.dumps(request()).encode()
            headers = {"x-client-request-id": "call-7", "x-hydrateall-job": "job-3"}
            usage = mock.http.post("/v1/chat/completions", content=sent, headers=headers).json()["usage"]

            entry = mock.last()
            user = request()["messages"][1]["content"]
            cost = (usage["prompt_tokens"] + 4 * Decimal(usage["completion_tokens"])) / 1_000_000
            assert entry == {
                "at": mock.clock.now,
                "finished_at": mock.clock.now,
                "model": "mock-writer",
                "status": 200,
                "fault": None,
                "prompt_tokens": usage["prompt_tokens"],
                "cached_tokens": 0,
                "completion_tokens": usage["completion_tokens"],
                "billed_usd": f"{cost:.6f}",
                "custom_id": None,
                "batch_id": None,
                "body_sha256": hashlib.sha256(sent).hexdigest(),
                "user_sha256": hashlib.sha256(user.encode()).hexdigest(),
                "client_request_id": "call-7",
                "job": "job-3",
            }

    def test_shows_what_arrived_since_a_moment(self) -> None:
        with running() as mock:
            mock.post()
            mock.clock.now += 5
            mock.post()

            assert len(mock.ledger(since=mock.clock.now - 1)["entries"]) == 1
            assert len(mock.ledger()["entries"]) == 2
            assert mock.ledger(entries=0)["entries"] == []
            assert mock.ledger(entries=0)["totals"]["requests"] == 2

    def test_knows_the_busiest_minute(self) -> None:
        with running() as mock:
            for seconds in (0, 30, 29, 2, 60):  # at 0, 30, 59, 61, 121
                mock.clock.now += seconds
                mock.post()

            assert mock.ledger()["totals"]["peak_requests_a_minute"] == 3

    def test_is_empty_after_it_was_emptied(self) -> None:
        with running() as mock:
            mock.post()
            mock.http.delete("/mock/ledger")

            found = mock.ledger()
            assert found["entries"] == []
            assert found["totals"]["billed_usd"] == "0.000000"
            assert set(found["totals"].values()) == {0, "0.000000"}


class TestConcurrency:
    def test_is_real_and_its_peak_is_known(self) -> None:
        with running(latency=0.2) as mock:
            statuses = asyncio.run(ask_together(mock, 8))

            totals = mock.ledger()["totals"]
            assert statuses == [200] * 8
            assert totals["peak_in_flight"] == 8
            assert totals["answered"] == 8

    def test_of_a_client_that_hangs_up_costs_nothing(self) -> None:
        with running(latency=0.5) as mock:
            with pytest.raises(httpx.ReadTimeout):
                mock.http.post("/v1/chat/completions", json=request(), timeout=0.05)
            entry = wait_for_end(mock)

            assert (entry["status"], entry["billed_usd"], entry["completion_tokens"]) == (499, "0.000000", 0)
            assert mock.ledger()["totals"]["answered"] == 0

    def test_shows_a_call_before_it_is_answered(self) -> None:
        with running(latency=0.5, clock=Seconds(7.0)) as mock:
            with pytest.raises(httpx.ReadTimeout):
                mock.http.post("/v1/chat/completions", json=request(), timeout=0.05)

            assert mock.last()["at"] == 7.0
            assert mock.ledger()["totals"]["requests"] == 1


async def ask_together(mock: Mock, calls: int) -> list[int]:
    headers = {"authorization": "Bearer any"}
    async with httpx.AsyncClient(base_url=mock.url, headers=headers, trust_env=False) as client:
        answers = await asyncio.gather(
            *(client.post("/v1/chat/completions", json=request(f"Topic {number}")) for number in range(calls))
        )
    return [answer.status_code for answer in answers]


def wait_for_end(mock: Mock) -> dict[str, object]:
    """The last entry once it has ended; the server sees a hang-up a moment after it."""
    for _ in range(100):
        if (entry := mock.last())["status"] is not None:
            return entry
    return mock.last()
