"""What a call costs: the price table `include/pricing/models.yaml`."""

from __future__ import annotations

import functools
from decimal import Decimal

import yaml
from pydantic import BaseModel, ConfigDict, Field

from hydrateall.core.paths import PRICES
from hydrateall.llm.errors import ModelMisconfigured
from hydrateall.llm.schemas import ModelReply

MILLION = Decimal(1_000_000)


class Price(BaseModel):
    """USD per million tokens."""

    model_config = ConfigDict(extra="forbid")

    input: Decimal = Field(ge=0)
    cached_input: Decimal = Field(ge=0)
    output: Decimal = Field(ge=0)

    def of(self, *, prompt: float, completion: float, cached: float = 0) -> Decimal:
        """The cost in USD of so many tokens; `cached` is the part of `prompt` that the provider had cached."""
        fresh = Decimal(str(prompt)) - Decimal(str(cached))
        total = fresh * self.input + Decimal(str(cached)) * self.cached_input + Decimal(str(completion)) * self.output
        return (total / MILLION).quantize(Decimal("0.000001"))


@functools.cache
def _table() -> dict[str, Price]:
    entries = yaml.safe_load(PRICES.read_text(encoding="utf-8"))["models"]
    return {entry.pop("model"): Price.model_validate(entry) for entry in entries}


def price_of(model: str) -> Price:
    """Return the model's price; a dated name (gpt-x-2026-01-31) has the price of its family."""
    table = _table()
    family = max((name for name in table if model == name or model.startswith(f"{name}-20")), key=len, default=None)
    if family is None:
        known = ", ".join(sorted(table))
        raise ModelMisconfigured(
            f"The model {model!r} has no price, so no budget can hold.",
            f"Add it to include/pricing/models.yaml. Priced: {known}.",
        )
    return table[family]


def cost_of(reply: ModelReply) -> Decimal:
    """The cost in USD of one reply."""
    price = price_of(reply.model)
    return price.of(prompt=reply.prompt_tokens, completion=reply.completion_tokens, cached=reply.cached_tokens)
