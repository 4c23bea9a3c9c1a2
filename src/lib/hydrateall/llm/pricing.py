"""What a call costs: the price table `include/pricing/models.yaml`."""

from __future__ import annotations

import functools
from datetime import UTC, date, datetime
from decimal import Decimal

import yaml
from pydantic import BaseModel, ConfigDict, Field

from hydrateall.core.paths import PRICES
from hydrateall.llm.errors import ModelMisconfigured
from hydrateall.llm.schemas import ModelReply

MILLION = Decimal(1_000_000)
STEP = Decimal("0.000001")


class Price(BaseModel):
    """USD per million tokens."""

    model_config = ConfigDict(extra="forbid")

    input: Decimal = Field(ge=0)
    cached_input: Decimal = Field(ge=0)
    output: Decimal = Field(ge=0)
    batch: Decimal = Field(Decimal("0.5"), ge=0, le=1, description="share of the price that a batch costs")
    valid_from: date = Field(description="first day of this price")

    def of(self, *, prompt: float, completion: float, cached: float = 0) -> Decimal:
        """The cost in USD of so many tokens; `cached` is the part of `prompt` that the provider had cached."""
        fresh = Decimal(str(prompt)) - Decimal(str(cached))
        total = fresh * self.input + Decimal(str(cached)) * self.cached_input + Decimal(str(completion)) * self.output
        return (total / MILLION).quantize(STEP)


@functools.cache
def _table(day: date) -> dict[str, Price]:
    """The newest price of each model that is valid on a day."""
    try:
        entries = yaml.safe_load(PRICES.read_text(encoding="utf-8"))["models"]
        prices = [(entry.pop("model"), Price.model_validate(entry)) for entry in entries]
    except (OSError, ValueError, KeyError, TypeError, yaml.YAMLError) as error:
        raise ModelMisconfigured(f"The price table include/pricing/models.yaml cannot be used: {error}.") from None
    valid = sorted((each for each in prices if each[1].valid_from <= day), key=lambda each: each[1].valid_from)
    return dict(valid)


def price_list(day: date | None = None) -> dict[str, Price]:
    """Return the price of every model on a day, today's if none is given."""
    return dict(_table(day or datetime.now(UTC).date()))


def price_of(model: str, day: date | None = None) -> Price:
    """Return the model's price on a day; a dated name (gpt-x-2026-01-31) has the price of its family."""
    table = _table(day or datetime.now(UTC).date())
    family = max((name for name in table if model == name or model.startswith(f"{name}-20")), key=len, default=None)
    if family is None:
        known = ", ".join(sorted(table))
        raise ModelMisconfigured(
            f"The model {model!r} has no price, so no budget can hold.",
            f"Add it to include/pricing/models.yaml. Priced: {known}.",
        )
    return table[family]


def cost_of(reply: ModelReply, model: str, *, batch: bool = False) -> Decimal:
    """The cost in USD of one reply of the model that was asked."""
    price = price_of(model)
    full = price.of(prompt=reply.prompt_tokens, completion=reply.completion_tokens, cached=reply.cached_tokens)
    return (full * price.batch).quantize(STEP) if batch else full
