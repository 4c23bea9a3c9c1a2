"""The gateway's own rules: strict schemas, prices, which provider is opened."""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict, Field

from factories import settings_for_tests
from hydrateall.core.errors import UsageError
from hydrateall.curriculum.schemas import ChaptersDraft, Draft, NoteDraft, QuestionSetDraft, TopicsDraft
from hydrateall.llm.errors import ModelMisconfigured
from hydrateall.llm.schemas import ModelReply
from hydrateall.llm.service import cost_of, model_name, open_model, price_of, request_for, strict_schema

DRAFTS = (ChaptersDraft, TopicsDraft, NoteDraft, QuestionSetDraft)
SUPPORTED = {
    *("type", "enum", "const", "anyOf", "$ref", "$defs", "description", "properties", "required"),
    *("additionalProperties", "items", "minItems", "maxItems", "pattern", "format", "multipleOf"),
    *("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"),
}


def nodes(schema: Any) -> Iterator[dict[str, Any]]:
    """Every schema within a schema; maps from names to schemas are looked into, not returned."""
    yield schema
    for key, value in schema.items():
        if key in ("properties", "$defs"):
            for each in value.values():
                yield from nodes(each)
        elif key in ("anyOf", "items"):
            for each in value if isinstance(value, list) else [value]:
                yield from nodes(each)


@pytest.mark.parametrize("draft", DRAFTS)
class TestStrictSchema:
    def test_closes_every_object(self, draft: type[BaseModel]) -> None:
        objects = [node for node in nodes(strict_schema(draft)) if node.get("type") == "object"]

        assert objects
        assert all(node["additionalProperties"] is False for node in objects)

    def test_requires_every_property(self, draft: type[BaseModel]) -> None:
        objects = [node for node in nodes(strict_schema(draft)) if node.get("type") == "object"]

        assert all(sorted(node["required"]) == sorted(node["properties"]) for node in objects)

    def test_has_no_keyword_that_strict_mode_refuses(self, draft: type[BaseModel]) -> None:
        used = {key for node in nodes(strict_schema(draft)) for key in node}

        assert used <= SUPPORTED

    def test_names_fields_as_the_wire_does(self, draft: type[BaseModel]) -> None:
        names = {name for node in nodes(strict_schema(draft)) for name in node.get("properties", {})}

        assert not any("_" in name for name in names)


class TestStrictSchemaOfOddNames:
    def test_keeps_a_property_called_title(self) -> None:
        [chapter] = (
            node for node in nodes(strict_schema(ChaptersDraft)) if "chapterNumber" in node.get("properties", {})
        )

        assert chapter["properties"]["title"]["type"] == "string"
        assert "title" in chapter["required"]

    def test_keeps_properties_called_like_any_keyword(self) -> None:
        class Odd(Draft):
            model_config = ConfigDict(extra="forbid")
            default: str = Field(description="a word")
            properties: str
            min_length: int

        schema = strict_schema(Odd)

        assert set(schema["properties"]) == {"default", "properties", "minLength"}
        assert schema["properties"]["properties"] == {"type": "string"}


class TestPrice:
    def test_counts_tokens_by_the_million(self) -> None:
        reply = ModelReply("{}", "gpt-4.1", prompt_tokens=1_000_000, completion_tokens=500_000)

        assert cost_of(reply, reply.model) == Decimal("6.000000")

    def test_takes_less_for_what_the_provider_had_cached(self) -> None:
        reply = ModelReply("{}", "gpt-4.1", prompt_tokens=1_000_000, completion_tokens=0, cached_tokens=400_000)

        assert cost_of(reply, reply.model) == Decimal("1.400000")

    def test_of_a_dated_model_is_that_of_its_family(self) -> None:
        assert price_of("gpt-5-mini-2025-08-07") == price_of("gpt-5-mini") != price_of("gpt-5")

    @pytest.mark.parametrize("name", ["gpt-9", "gpt-5-pro", "gpt-5-", ""])
    def test_of_an_unknown_model_is_asked_for_in_a_sentence(self, name: str) -> None:
        with pytest.raises(ModelMisconfigured, match="has no price, so no budget can hold") as refused:
            price_of(name)

        assert "include/pricing/models.yaml" in refused.value.remedy
        assert "gpt-5-mini" in refused.value.remedy

    def test_of_the_offline_writer_is_nothing(self) -> None:
        assert price_of(model_name(settings_for_tests())).of(prompt=1e9, completion=1e9) == 0


class TestOpenModel:
    def test_writes_samples_by_default(self) -> None:
        model = open_model(settings_for_tests())

        assert model.sample is True

    def test_refuses_a_model_without_a_price_before_any_call(self) -> None:
        chosen = settings_for_tests(model_provider="openai", openai_model="gpt-9", openai_api_key="sk-test")

        with pytest.raises(UsageError, match="'gpt-9' has no price"):
            open_model(chosen)

    def test_asks_for_a_key(self) -> None:
        with pytest.raises(ModelMisconfigured, match="there is no key") as refused:
            open_model(settings_for_tests(model_provider="openai"))

        assert "HYDRATEALL_OPENAI_API_KEY" in refused.value.remedy


class TestRequest:
    def test_carries_prompt_schema_and_limit(self) -> None:
        asked = request_for("curriculum/draft_note", NoteDraft, {"purpose": "notes"})

        assert asked.schema_name == "NoteDraft"
        assert asked.json_schema["required"] == ["content"]
        assert asked.max_output_tokens == 8000
        assert '"purpose": "notes"' in asked.prompt.user
