"""The mock server's files and batches, through the real client, on a clock that the test moves."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import openai
import pytest
from openai import AsyncOpenAI
from openai.types import Batch

from mock_server import Mock, batch_file, running

TOPICS = [f"Topic {number}" for number in range(10)]
SECONDS = 10  # how long a batch takes on the fixture's server


@pytest.fixture
def mock() -> Iterator[Mock]:
    with running() as mock:
        yield mock


def submit(mock: Mock, content: bytes | None = None, **metadata: str) -> Batch:
    async def work(client: AsyncOpenAI) -> Batch:
        given = batch_file(TOPICS) if content is None else content
        file = await client.files.create(file=("input.jsonl", given), purpose="batch")
        return await client.batches.create(
            input_file_id=file.id, endpoint="/v1/chat/completions", completion_window="24h", metadata=metadata
        )

    return mock.using(work)


def look(mock: Mock, batch: Batch, *, after: float = 0) -> Batch:
    mock.clock.now += after
    return mock.using(lambda client: client.batches.retrieve(batch.id))


def lines(mock: Mock, file_id: str | None) -> list[dict[str, Any]]:
    assert file_id
    text = mock.using(lambda client: client.files.content(file_id)).text
    return [json.loads(line) for line in text.splitlines()]


def counts(batch: Batch) -> tuple[int, int, int]:
    assert batch.request_counts
    return batch.request_counts.total, batch.request_counts.completed, batch.request_counts.failed


class TestBatch:
    def test_goes_through_its_states_by_the_clock(self, mock: Mock) -> None:
        batch = submit(mock)

        seen = [batch.status, *(look(mock, batch, after=step).status for step in (0.5, 4.5, 4.9, 0.1))]

        assert seen == ["validating", "validating", "in_progress", "in_progress", "completed"]

    def test_gives_every_line_back_under_its_id(self, mock: Mock) -> None:
        done = look(mock, submit(mock, job="j1"), after=SECONDS)

        output = lines(mock, done.output_file_id)
        assert [line["custom_id"] for line in output] == TOPICS
        assert all(line["error"] is None and line["response"]["status_code"] == 200 for line in output)
        assert json.loads(output[0]["response"]["body"]["choices"][0]["message"]["content"])["content"]
        assert counts(done) == (10, 10, 0)
        assert (done.error_file_id, done.metadata) == (None, {"job": "j1"})

    def test_costs_half(self, mock: Mock) -> None:
        batch = submit(mock)
        done = look(mock, batch, after=SECONDS)

        usages = [line["response"]["body"]["usage"] for line in lines(mock, done.output_file_id)]
        full = [usage["prompt_tokens"] + 4 * Decimal(usage["completion_tokens"]) for usage in usages]
        halves = [(each / 2_000_000).quantize(Decimal("0.000001")) for each in full]
        entries = mock.ledger()["entries"]
        assert mock.billed() == sum(halves)
        assert [Decimal(entry["billed_usd"]) for entry in entries] == halves
        assert {entry["batch_id"] for entry in entries} == {batch.id}
        assert [entry["custom_id"] for entry in entries] == TOPICS

    def test_is_in_the_ledger_although_nobody_asked_for_it(self, mock: Mock) -> None:
        submit(mock)
        mock.clock.now += SECONDS

        assert mock.ledger()["totals"]["answered"] == 10
        assert mock.ledger()["totals"]["peak_requests_a_minute"] == 0

    def test_writes_each_line_once_however_often_it_is_looked_at(self, mock: Mock) -> None:
        batch = submit(mock)

        for _ in range(3):
            look(mock, batch, after=SECONDS)

        assert mock.ledger()["totals"]["requests"] == 10


class TestExpiredBatch:
    def test_keeps_what_it_got_and_names_the_rest(self, mock: Mock) -> None:
        mock.change(faults={"batch_expired": 0.4}, seed=5)

        done = look(mock, submit(mock), after=SECONDS)

        kept = [line["custom_id"] for line in lines(mock, done.output_file_id)]
        rest = lines(mock, done.error_file_id)
        assert done.status == "expired"
        assert sorted(kept + [line["custom_id"] for line in rest]) == TOPICS
        assert {(line["error"]["code"], line["response"]) for line in rest} == {("batch_expired", None)}
        assert counts(done) == (10, len(kept), len(rest))
        assert mock.ledger()["totals"]["answered"] == len(kept)

    def test_can_be_completed_by_asking_for_the_rest(self, mock: Mock) -> None:
        mock.change(faults={"batch_expired": 0.4}, seed=5)
        missing = TOPICS

        for _ in range(12):
            if missing:
                done = look(mock, submit(mock, batch_file(missing)), after=SECONDS)
                missing = [line["custom_id"] for line in lines(mock, done.error_file_id)] if done.error_file_id else []

        assert not missing
        assert mock.ledger()["totals"]["answered"] == 10


class TestFailedLines:
    def test_are_in_the_error_file_and_free(self, mock: Mock) -> None:
        mock.change(faults={"batch_line_error": 1})

        done = look(mock, submit(mock), after=SECONDS)

        statuses = {line["response"]["status_code"] for line in lines(mock, done.error_file_id)}
        assert (done.status, done.output_file_id, statuses) == ("completed", None, {500})
        assert mock.billed() == 0

    def test_carry_the_content_faults_but_not_those_of_a_connection(self, mock: Mock) -> None:
        mock.change(faults={"refusal": 0.5, "dropped": 0.5})

        done = look(mock, submit(mock), after=SECONDS)

        refused = [
            line["response"]["body"]["choices"][0]["message"]["refusal"] for line in lines(mock, done.output_file_id)
        ]
        assert counts(done) == (10, 10, 0)
        assert {bool(each) for each in refused} == {True, False}


class TestInputFile:
    @pytest.mark.parametrize(
        ("content", "code"),
        [
            (b"", "empty_file"),
            (b"not json", "invalid_json_line"),
            (b'{"method": "POST"}', "missing_required_parameter"),
            (batch_file(["A", "A"]), "duplicate_custom_id"),
            (b'{"custom_id": "a", "method": "POST", "url": "/v1/embeddings", "body": {}}', "invalid_url"),
        ],
    )
    def test_that_is_wrong_fails_the_batch(self, mock: Mock, content: bytes, code: str) -> None:
        done = look(mock, submit(mock, content), after=SECONDS)

        assert done.status == "failed"
        assert done.errors
        assert done.errors.data
        assert done.errors.data[0].code == code
        assert mock.ledger()["totals"]["requests"] == 0

    def test_that_is_not_there_is_refused(self, mock: Mock) -> None:
        asked = {"input_file_id": "file-x", "endpoint": "/v1/chat/completions", "completion_window": "24h"}

        response = mock.http.post("/v1/batches", json=asked)

        assert (response.status_code, response.json()["error"]["param"]) == (400, "input_file_id")

    def test_must_be_for_a_batch(self, mock: Mock) -> None:
        response = mock.http.post("/v1/files", files={"file": b"{}"}, data={"purpose": "fine-tune"})

        assert response.json()["error"]["param"] == "purpose"


class TestCancel:
    def test_keeps_and_bills_what_was_done(self, mock: Mock) -> None:
        batch = submit(mock)
        mock.clock.now += 5.5  # half of the time after the validation

        told = mock.using(lambda client: client.batches.cancel(batch.id))
        done = look(mock, batch, after=0.1)

        assert (told.status, done.status) == ("cancelling", "cancelled")
        assert [line["custom_id"] for line in lines(mock, done.output_file_id)] == TOPICS[:5]
        assert mock.ledger()["totals"]["answered"] == 5

    def test_comes_too_late_for_an_ended_batch(self, mock: Mock) -> None:
        batch = submit(mock)
        mock.clock.now += SECONDS

        with pytest.raises(openai.ConflictError):
            mock.using(lambda client: client.batches.cancel(batch.id))


class TestList:
    def test_has_the_newest_first_and_pages(self, mock: Mock) -> None:
        ids = [submit(mock, batch_file(["A"])).id for _ in range(3)]

        async def walk(client: AsyncOpenAI) -> list[str]:
            return [batch.id async for batch in client.batches.list(limit=2)]

        assert mock.using(walk) == ids[::-1]
        assert mock.http.get("/v1/batches", params={"limit": 2}).json()["has_more"] is True

    def test_knows_no_batch_that_was_not_submitted(self, mock: Mock) -> None:
        with pytest.raises(openai.NotFoundError):
            mock.using(lambda client: client.batches.retrieve("batch_x"))


class TestFiles:
    def test_are_described_read_and_deleted(self, mock: Mock) -> None:
        async def work(client: AsyncOpenAI) -> tuple[Any, str, Any]:
            file = await client.files.create(file=("a.jsonl", b"{}\n"), purpose="batch")
            found = await client.files.retrieve(file.id)
            content = (await client.files.content(file.id)).text
            return found, content, await client.files.delete(file.id)

        found, content, gone = mock.using(work)

        assert (found.bytes, found.filename, found.purpose, found.status) == (3, "a.jsonl", "batch", "processed")
        assert (content, gone.deleted) == ("{}\n", True)
        with pytest.raises(openai.NotFoundError):
            mock.using(lambda client: client.files.retrieve(found.id))
