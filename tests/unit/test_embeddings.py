"""Vectors of texts: the hashed ones, and those of a server, asked through the ledger."""

from __future__ import annotations

import asyncio
import math
import subprocess
import sys
import uuid
from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any

import pytest
import sqlalchemy as sa
from pydantic import SecretStr

from factories import all_rows, settings_for_tests
from hydrateall.core.database import Database
from hydrateall.core.runtime import Runtime
from hydrateall.curriculum.enums import ContentType
from hydrateall.llm.errors import (
    BreakerOpen,
    BudgetShort,
    ContextTooLong,
    ModelMisconfigured,
    NotConnected,
    Overloaded,
    WrongLength,
    WrongVectors,
)
from hydrateall.llm.models import AIContentLog, Budget, ContentCache
from hydrateall.llm.offline.hashed_vectors import vectors_of
from hydrateall.llm.service import embedder_name, open_embedder
from mock_server import Mock, running

DOCUMENT = str(uuid.UUID(int=7))
SCOPE = f"document:{DOCUMENT}"


def cosine(one: Sequence[float], other: Sequence[float]) -> float:
    return sum(left * right for left, right in zip(one, other, strict=True))


class TestHashedVectors:
    def test_have_384_numbers_and_the_length_one(self) -> None:
        [vector] = vectors_of(["Light bends when it enters water."])

        assert len(vector) == 384
        assert cosine(vector, vector) == pytest.approx(1)

    @pytest.mark.parametrize(
        ("text", "near", "far"),
        [
            ("the refraction of light", "light is refracted", "the reign of an emperor"),
            ("प्रकाश का अपवर्तन", "प्रकाश अपवर्तित होता है", "राजा की सेना"),
            ("H₂SO₄ is an acid", "the acid H2SO4", "a plane mirror"),
        ],
    )
    def test_are_nearer_to_texts_of_like_spelling(self, text: str, near: str, far: str) -> None:
        mine, close, distant = vectors_of([text, near, far])

        assert cosine(mine, close) > cosine(mine, distant) + 0.1

    def test_do_not_hear_case_space_punctuation_and_joiners(self) -> None:
        plain, loud, joined = vectors_of(["acids and bases", "  ACIDS —\nand (bases)! ", "ac\u00adids and ba\u200dses"])

        assert plain == loud == joined

    def test_tell_the_order_of_words(self) -> None:
        one, other = vectors_of(["dog bites man", "man bites dog"])

        assert 0.5 < cosine(one, other) < 0.999

    def test_of_one_text_do_not_depend_on_its_neighbours(self) -> None:
        texts = ["a", "अम्ल नीले लिटमस को लाल कर देते हैं।", "", "long " * 4000]

        assert vectors_of(texts) == [vector for text in texts for vector in vectors_of([text])]

    @pytest.mark.parametrize("text", ["", " \n", "—…!", "।", "a", "\u200d", "\ud800", "😀", "𝒜𝒷", "क"])
    def test_point_somewhere_whatever_the_text(self, text: str) -> None:
        [vector] = vectors_of([text])

        assert math.sqrt(cosine(vector, vector)) == pytest.approx(1)

    def test_are_the_same_in_every_process(self) -> None:
        """Python's own hash of a text differs from process to process."""
        text = "Acids turn blue litmus red. अम्ल"
        code = f"from hydrateall.llm.offline.hashed_vectors import vectors_of; print(vectors_of([{text!r}])[0])"

        printed = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout

        assert printed.strip() == str(vectors_of([text])[0])

    def test_count_a_word_that_recurs_less_each_time(self) -> None:
        once, twice, often = vectors_of(["water salt", "water water salt", "water " * 50 + "salt"])
        [water] = vectors_of(["water"])

        assert cosine(water, once) < cosine(water, twice) < cosine(water, often) < 1


class TestOffline:
    """The default: no server, no money, no rows."""

    def test_embeds_by_hashing_and_logs_nothing(self, runtime: Runtime) -> None:
        texts = ["Light bends.", "Acids are sour."]

        async def run() -> tuple[str, int, list[list[float]]]:
            async with open_embedder(runtime.settings, runtime.database) as embedder:
                made = await embedder.embed(texts, content_ref=DOCUMENT, caps={SCOPE: Decimal("0.01")})
                return embedder.name, embedder.dimensions, made

        name, dimensions, made = asyncio.run(run())

        assert (name, dimensions, made) == ("hashed-ngrams-384", 384, vectors_of(texts))
        assert all_rows(runtime, sa.select(AIContentLog)) == []


@pytest.fixture
def mock() -> Iterator[Mock]:
    with running() as served:
        yield served


class Office:
    """A database and a server of vectors, and an embedder between them."""

    def __init__(self, database: Database, mock: Mock) -> None:
        self.runtime = Runtime(settings_for_tests(), database)
        self.mock = mock

    def embed(self, texts: list[str], cap: Decimal | None = None, **changes: Any) -> list[list[float]]:
        defaults = {"embedding_provider": "mock", "mock_url": f"{self.mock.url}/v1"}
        settings = settings_for_tests(**{**defaults, **changes})

        async def run() -> list[list[float]]:
            async with open_embedder(settings, self.runtime.database) as embedder:
                return await embedder.embed(texts, content_ref=DOCUMENT, caps={SCOPE: cap})

        return asyncio.run(run())

    def calls(self) -> list[AIContentLog]:
        return all_rows(self.runtime, sa.select(AIContentLog).order_by(AIContentLog.id))

    def budget(self) -> tuple[Decimal, Decimal]:
        [row] = all_rows(self.runtime, sa.select(Budget).where(Budget.scope == SCOPE))
        return row.spent_usd, row.reserved_usd


@pytest.fixture
def office(database: Database, mock: Mock, monkeypatch: pytest.MonkeyPatch) -> Office:
    monkeypatch.setattr("hydrateall.llm.gateway.Gateway._pause", lambda *_: 0.0)
    return Office(database, mock)


class TestServed:
    def test_returns_one_vector_a_text_in_their_order(self, office: Office) -> None:
        texts = [f"Text number {number}, अम्ल" for number in range(300)]

        made = office.embed(texts)

        assert all(
            cosine(mine, right) == pytest.approx(1, abs=1e-5)
            for mine, right in zip(made, vectors_of(texts), strict=True)
        )
        assert len(office.calls()) == 3  # 128 texts a request

    def test_costs_what_the_server_bills(self, office: Office) -> None:
        office.embed(["Light bends when it enters water."] * 50)

        [call] = office.calls()
        assert call.cost_usd == office.mock.billed() > 0
        assert office.budget() == (office.mock.billed(), 0)
        assert (call.status, call.content_type, call.content_ref) == ("accepted", ContentType.DOCUMENT, DOCUMENT)
        assert (call.purpose, call.job_id, call.completion_tokens) == ("embeddings", None, 0)

    def test_divides_long_texts_by_their_size(self, office: Office) -> None:
        office.embed(["word " * 5000] * 10)

        assert len(office.calls()) == 2

    def test_sends_a_blank_text_as_something_that_servers_take(self, office: Office) -> None:
        made = office.embed(["", "  \n", "acid"])

        assert len(made) == 3

    def test_fills_no_cache_of_answers(self, office: Office) -> None:
        """Vectors are kept where they are searched; a batch of them would take a megabyte here."""
        once, again = office.embed(["acid"]), office.embed(["acid"])

        assert once == again
        assert all_rows(office.runtime, sa.select(ContentCache)) == []

    def test_asks_nothing_for_no_texts(self, office: Office) -> None:
        assert office.embed([]) == []
        assert office.mock.ledger()["totals"]["requests"] == 0

    def test_shortens_vectors_where_the_model_can(self, office: Office) -> None:
        [vector] = office.embed(["acid"], embedding_dimensions=128)

        assert len(vector) == 128

    def test_sends_nothing_beyond_the_budget(self, office: Office) -> None:
        with pytest.raises(BudgetShort, match=r"budget of this document needs \$0\.\d+ more") as refused:
            office.embed(["acid " * 1000], cap=Decimal("0.0001"))

        assert "HYDRATEALL_DOCUMENT_MAX_COST_USD" in refused.value.remedy
        assert office.mock.ledger()["totals"]["requests"] == 0

    @pytest.mark.parametrize(
        ("fault", "error", "outcomes"),
        [
            ("overloaded", Overloaded, ["overloaded"] * 5),
            ("dropped", NotConnected, ["connection"] * 4),
            ("insufficient_quota", ModelMisconfigured, ["misconfigured"]),
        ],
    )
    def test_follows_the_rules_of_chat_calls(
        self, office: Office, fault: str, error: type[Exception], outcomes: list[str]
    ) -> None:
        office.mock.change(faults={fault: 1.0})

        with pytest.raises(error):
            office.embed(["acid"])

        assert [call.outcome for call in office.calls()] == outcomes

    def test_does_not_see_a_failure_that_passes(self, office: Office) -> None:
        office.mock.change(faults={"rate_limited": 0.4, "overloaded": 0.3}, seed=1)

        made = office.embed([f"text {number}" for number in range(600)])

        assert len(made) == 600
        assert len(office.calls()) > 5

    def test_leaves_a_broken_server_alone(self, office: Office) -> None:
        office.mock.change(faults={"overloaded": 1.0})

        with pytest.raises(BreakerOpen):
            office.embed(["acid"], breaker_failures=3)

        assert office.mock.ledger()["totals"]["requests"] == 3

    def test_says_that_a_text_is_too_long_for_the_model(self, office: Office) -> None:
        with pytest.raises(ContextTooLong):
            office.embed(["word " * 8000])


class TestWrongAnswer:
    """What a server may get wrong is found before it is stored, and was billed all the same."""

    @pytest.mark.parametrize(
        ("fault", "error", "said"),
        [
            ("truncated", WrongVectors, "answered 2 texts with 1 vectors"),
            ("wrong_schema", WrongLength, "have 385 numbers, not 384"),
            ("invalid_json", WrongVectors, "not made of numbers"),
        ],
    )
    def test_is_refused_in_a_sentence(self, office: Office, fault: str, error: type[Exception], said: str) -> None:
        office.mock.change(faults={fault: 1.0})

        with pytest.raises(error, match=said):
            office.embed(["acid " * 100, "base " * 100])

        [call] = office.calls()
        assert call.cost_usd == office.mock.billed() > 0

    def test_of_the_wrong_length_names_the_setting(self, office: Office) -> None:
        office.mock.change(faults={"wrong_schema": 1.0})

        with pytest.raises(WrongLength) as refused:
            office.embed(["acid"])

        assert "HYDRATEALL_EMBEDDING_DIMENSIONS=385" in refused.value.remedy

    def test_of_another_kind_names_the_address(self, office: Office) -> None:
        """A wrong base URL answers with whatever stands there."""
        settings = {"embedding_base_url": f"{office.mock.url}/healthz", "embedding_api_key": SecretStr("any")}

        with pytest.raises(ModelMisconfigured) as refused:
            office.embed(["acid"], embedding_provider="openai", **settings)

        assert "HYDRATEALL_EMBEDDING_BASE_URL" in refused.value.remedy
        assert "OPENAI" not in refused.value.remedy


class TestConfiguration:
    def test_asks_for_a_key(self, database: Database) -> None:
        with pytest.raises(ModelMisconfigured, match="there is no key") as refused:
            open_embedder(settings_for_tests(embedding_provider="openai"), database)

        assert "HYDRATEALL_EMBEDDING_API_KEY" in refused.value.remedy
        assert "HYDRATEALL_EMBEDDING_PROVIDER=offline" in refused.value.remedy

    def test_asks_for_a_price(self, database: Database) -> None:
        settings = settings_for_tests(embedding_provider="openai", embedding_model="bge-m3", embedding_dimensions=1024)

        with pytest.raises(ModelMisconfigured, match="'bge-m3' has no price"):
            open_embedder(settings, database)

    def test_asks_for_the_length_of_an_unknown_model(self, database: Database) -> None:
        settings = settings_for_tests(embedding_provider="openai", embedding_model="bge-m3")

        with pytest.raises(ModelMisconfigured) as refused:
            open_embedder(settings, database)

        assert "HYDRATEALL_EMBEDDING_DIMENSIONS" in refused.value.remedy

    def test_refuses_a_key_that_no_header_can_carry(self, database: Database) -> None:
        settings = settings_for_tests(embedding_provider="openai", embedding_api_key="sk-two words")

        with pytest.raises(ModelMisconfigured, match="signs that no key has") as refused:
            open_embedder(settings, database)

        assert "HYDRATEALL_EMBEDDING_API_KEY" in refused.value.remedy

    @pytest.mark.parametrize(
        ("changes", "name"),
        [
            ({}, "hashed-ngrams-384"),
            ({"embedding_dimensions": 99}, "hashed-ngrams-384"),
            ({"embedding_provider": "mock"}, "mock-embedder"),
            ({"embedding_provider": "openai"}, "text-embedding-3-small"),
            ({"embedding_provider": "openai", "embedding_dimensions": 1536}, "text-embedding-3-small"),
            ({"embedding_provider": "openai", "embedding_dimensions": 512}, "text-embedding-3-small:512"),
        ],
    )
    def test_names_vectors_so_that_only_comparable_ones_are_alike(self, changes: dict[str, Any], name: str) -> None:
        assert embedder_name(settings_for_tests(**changes)) == name
