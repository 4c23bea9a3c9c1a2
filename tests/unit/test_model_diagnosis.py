"""What the doctor finds of the configured models: each complaint names the setting to correct, and no key."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest

from factories import settings_for_tests
from hydrateall.core.errors import UsageError
from hydrateall.core.settings import Settings, load_settings
from hydrateall.llm.diagnosis import PROBE, Diagnosis, diagnose
from hydrateall.llm.errors import NotConnected
from hydrateall.llm.service import open_model
from hydrateall.stack.trial import free_port
from mock_server import Mock, running

KEY = "sk-right-never-to-be-shown"
WRONG = "sk-wrong-never-to-be-shown"


@pytest.fixture
def mock() -> Iterator[Mock]:
    with running(key=KEY) as found:
        yield found


def configured(mock: Mock, **changes: Any) -> Settings:
    given = {
        "model_provider": "openai",
        "openai_base_url": f"{mock.url}/v1",
        "openai_api_key": KEY,
        "openai_model": "gpt-4o-mini",
    }
    return settings_for_tests(**{**given, **changes})


def only(found: list[Diagnosis]) -> Diagnosis:
    (one,) = found
    return one


class TestListing:
    def test_finds_a_model_that_is_there_without_asking_it(self, mock: Mock) -> None:
        found = only(diagnose(configured(mock)))

        assert found.ok
        assert "has the model gpt-4o-mini" in found.message
        assert mock.ledger()["entries"] == []

    def test_needs_nothing_offline(self) -> None:
        assert only(diagnose(settings_for_tests())).ok

    def test_wants_a_key(self, mock: Mock) -> None:
        found = only(diagnose(configured(mock, openai_api_key="")))

        assert "HYDRATEALL_OPENAI_API_KEY" in found.remedy

    def test_names_the_setting_of_a_wrong_key_and_shows_no_key(self, mock: Mock) -> None:
        found = only(diagnose(configured(mock, openai_api_key=WRONG), probe=True))

        assert (found.ok, found.remedy) == (False, "Correct HYDRATEALL_OPENAI_API_KEY.")
        assert WRONG not in repr(found)

    def test_proposes_the_name_of_a_model_that_is_there(self, mock: Mock) -> None:
        found = only(diagnose(configured(mock, openai_model="gpt-4o-mini-2026-01-01")))

        assert "it has gpt-4o-mini" in found.message
        assert found.remedy == "Correct HYDRATEALL_OPENAI_MODEL."

    def test_names_the_price_table_and_the_setting_for_a_model_without_a_price(self, mock: Mock) -> None:
        found = only(diagnose(configured(mock, openai_model="gpt-99")))

        assert found.message == "The model 'gpt-99' has no price, so no budget can hold."
        assert found.remedy.startswith("Correct HYDRATEALL_OPENAI_MODEL, or add it to include/pricing/models.yaml.")

    def test_names_the_setting_of_an_address_where_nobody_is(self) -> None:
        url = f"http://127.0.0.1:{free_port()}/v1"
        settings = settings_for_tests(model_provider="openai", openai_base_url=url, openai_api_key=KEY)

        found = only(diagnose(settings))

        assert url.removeprefix("http://").removesuffix("/v1") in found.message
        assert "Cannot connect to host" in found.message
        assert "HYDRATEALL_OPENAI_BASE_URL" in found.remedy
        assert KEY not in repr(found)

    def test_names_the_mocks_own_setting(self) -> None:
        settings = settings_for_tests(model_provider="mock", mock_url=f"http://127.0.0.1:{free_port()}/v1")

        found = only(diagnose(settings))

        assert "HYDRATEALL_MOCK_URL" in found.remedy

    def test_names_the_setting_of_an_address_that_is_none(self, mock: Mock) -> None:
        found = only(diagnose(configured(mock, openai_base_url="ftp://elsewhere")))

        assert found.remedy.startswith("Correct HYDRATEALL_OPENAI_BASE_URL")

    def test_finds_an_address_without_its_last_part(self, mock: Mock) -> None:
        found = only(diagnose(configured(mock, openai_base_url=mock.url)))

        assert "has no list of models" in found.message
        assert "mostly ends in /v1" in found.remedy


class TestRoutes:
    def test_are_looked_at_each_by_its_own_setting(self, mock: Mock) -> None:
        found = diagnose(configured(mock, models={"notes": {"model": "gpt-99"}}))

        assert [each.ok for each in found] == [True, False]
        assert found[1].remedy.startswith("Correct HYDRATEALL_MODELS (model of notes)")

    def test_of_a_purpose_that_no_prompt_has_are_found(self, mock: Mock) -> None:
        found = diagnose(configured(mock, models={"note": {"model": "gpt-4o-mini"}}))

        assert not found[0].ok
        assert found[0].message == "HYDRATEALL_MODELS names the purpose 'note', which no prompt has."
        assert "notes" in found[0].remedy


class TestProbe:
    def test_asks_once_for_a_few_tokens_and_says_what_it_cost(self, mock: Mock) -> None:
        found = diagnose(configured(mock), probe=True)[-1]

        assert found.ok
        assert "keeps a strict JSON schema" in found.message
        assert f"${mock.billed():f}" in found.message
        assert [entry["completion_tokens"] <= 16 for entry in mock.ledger()["entries"]] == [True]

    def test_tells_a_server_without_strict_schemas(self, mock: Mock) -> None:
        mock.change(strict_schema=False)

        found = diagnose(configured(mock), probe=True)[-1]

        assert (found.ok, found.remedy) == (False, "Set HYDRATEALL_STRICT_SCHEMA=false.")

    def test_is_content_when_the_setting_says_so_already(self, mock: Mock) -> None:
        mock.change(strict_schema=False)

        found = diagnose(configured(mock, strict_schema=False), probe=True)[-1]

        assert found.ok

    def test_passes_on_why_the_server_does_not_answer(self, mock: Mock) -> None:
        mock.change(faults={"insufficient_quota": 1})

        found = diagnose(configured(mock), probe=True)[-1]

        assert not found.ok
        assert "no credit left" in found.message


class TestRefusedConnection:
    def test_is_no_timeout_and_cannot_have_been_billed(self) -> None:
        url = f"http://127.0.0.1:{free_port()}/v1"

        async def ask() -> None:
            model = open_model(settings_for_tests(model_provider="mock", mock_url=url))
            try:
                await model.complete(PROBE)
            finally:
                await model.aclose()

        with pytest.raises(NotConnected) as raised:
            asyncio.run(ask())

        assert not raised.value.sent


class TestCaps:
    @pytest.mark.parametrize("name", ["MAX_COST_USD", "TENANT_MAX_COST_USD", "DAY_MAX_COST_USD"])
    @pytest.mark.parametrize("value", ["0", "-1"])
    def test_of_nothing_are_refused_by_name(self, monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
        monkeypatch.setenv(f"HYDRATEALL_{name}", value)

        with pytest.raises(UsageError, match=f"The setting HYDRATEALL_{name} is not usable"):
            load_settings()
