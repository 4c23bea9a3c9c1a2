"""What the mock bills: the price table's rates, and their share for a line of a batch."""

from __future__ import annotations

from decimal import Decimal
from functools import cache

import yaml

from hydrateall.core.paths import PRICES
from hydrateall.llm.errors import ModelMisconfigured
from hydrateall.llm.mock.wire import Usage, WireError
from hydrateall.llm.pricing import STEP, price_of


@cache
def priced_models() -> tuple[str, ...]:
    """The names in the price table, each once."""
    entries = yaml.safe_load(PRICES.read_text(encoding="utf-8"))["models"]
    return tuple(dict.fromkeys(entry["model"] for entry in entries))


def require_model(model: str) -> None:
    """Raise OpenAI's error unless the model, or its family, has a price."""
    try:
        price_of(model)
    except ModelMisconfigured:
        raise WireError(
            404,
            f"The model `{model}` does not exist or you do not have access to it.",
            code="model_not_found",
            param="model",
        ) from None


def bill(model: str, usage: Usage, *, batch: bool = False) -> Decimal:
    """USD for one answer, to the millionth."""
    price = price_of(model)
    full = price.of(prompt=usage.prompt, completion=usage.completion, cached=usage.cached)
    return (full * price.batch).quantize(STEP) if batch else full
