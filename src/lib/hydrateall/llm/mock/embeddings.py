"""POST /v1/embeddings: hashed n-grams in OpenAI's shape, checked as OpenAI checks a request.

Three faults of content spoil the answer in the ways that a client must notice: `truncated` leaves out the last vector,
`wrong_schema` makes each a number longer, `invalid_json` puts a NaN into the first.
"""

from __future__ import annotations

import base64
import math
from array import array
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from hydrateall.llm.embeddings import OWN_LENGTHS
from hydrateall.llm.mock.asks import count_tokens
from hydrateall.llm.mock.prices import require_model
from hydrateall.llm.mock.settings import MockSettings
from hydrateall.llm.mock.wire import WireError
from hydrateall.llm.offline.hashed_vectors import vectors_of

MOST_TEXTS = 2048
MOST_TOKENS = 8192  # of one text


@dataclass(frozen=True, slots=True)
class TextsAsk:
    """One request for vectors. It has no output limit, so `limit` is always None."""

    model: str
    texts: tuple[str, ...]
    dimensions: int
    is_base64: bool
    prompt_tokens: int
    limit: int | None = None


def read_texts(body: dict[str, Any], settings: MockSettings) -> TextsAsk:
    """Read a request; raise WireError 400 or 404."""
    model = body.get("model")
    if not isinstance(model, str) or not model:
        raise WireError(400, "You must provide a model parameter.", param="model")
    require_model(model)
    texts = _texts(body.get("input"))
    tokens = [count_tokens(text) for text in texts]
    if max(tokens) > min(MOST_TOKENS, settings.context_tokens):
        message = (
            f"This model's maximum context length is {MOST_TOKENS} tokens, however you requested {max(tokens)} tokens. "
            "Please reduce your prompt."
        )
        raise WireError(400, message)
    return TextsAsk(model, texts, _dimensions(body, model), body.get("encoding_format") == "base64", sum(tokens))


def vectors_body(ask: TextsAsk, fault: str | None) -> dict[str, Any]:
    """The body of the answer, with its fault."""
    dimensions = ask.dimensions + (1 if fault == "wrong_schema" else 0)
    vectors = [list(_vector(text, dimensions)) for text in ask.texts]
    if fault == "invalid_json":
        vectors[0][0] = math.nan
    if fault == "truncated":
        vectors.pop()
    return {
        "object": "list",
        "data": [
            {"object": "embedding", "index": index, "embedding": _encoded(vector, ask.is_base64)}
            for index, vector in enumerate(vectors)
        ],
        "model": ask.model,
        "usage": {"prompt_tokens": ask.prompt_tokens, "total_tokens": ask.prompt_tokens},
    }


@lru_cache(4096)
def _vector(text: str, dimensions: int) -> tuple[float, ...]:
    [vector] = vectors_of([text], dimensions)
    return tuple(vector)


def _encoded(vector: list[float], is_base64: bool) -> list[float] | str:
    return base64.b64encode(array("f", vector).tobytes()).decode() if is_base64 else vector


def _texts(given: object) -> tuple[str, ...]:
    texts = [given] if isinstance(given, str) else given
    if not isinstance(texts, list) or not texts or not all(isinstance(text, str) for text in texts):
        raise WireError(400, "'input' must be a string or an array of strings that is not empty.", param="input")
    if len(texts) > MOST_TEXTS:
        raise WireError(400, f"'input' may hold {MOST_TEXTS} texts, not {len(texts)}.", param="input")
    if not all(texts):
        raise WireError(400, "'input' cannot be an empty string.", param="input")
    return tuple(texts)


def _dimensions(body: dict[str, Any], model: str) -> int:
    asked = body.get("dimensions")
    if asked is None:
        return OWN_LENGTHS.get(model, OWN_LENGTHS["mock-embedder"])
    if not isinstance(asked, int) or isinstance(asked, bool) or asked < 1:
        raise WireError(400, "Invalid 'dimensions': expected an integer of at least 1.", param="dimensions")
    return asked
