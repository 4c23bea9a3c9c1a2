"""The answer to a request, with the fault that it is to carry."""

from __future__ import annotations

import json

from hydrateall.llm.mock.asks import Ask, count_tokens
from hydrateall.llm.mock.drafts import cut, draft_text
from hydrateall.llm.mock.faults import Draw
from hydrateall.llm.mock.limits import retry_after
from hydrateall.llm.mock.opinions import Solver
from hydrateall.llm.mock.wire import Answer, WireError
from hydrateall.llm.offline.writer import estimate_tokens

REFUSAL = "I'm sorry, but I can't help with that request."
THOUGHT = (
    '<think>\nThe user wants JSON. A first try: {"draft": true, "items": []} — no, the schema asks for more.\n'
    "</think>\n\nHere is the JSON that you asked for:\n\n```json\n"
)
FAREWELL = "\n```\n\nLet me know if I should change anything."


def raise_error_fault(fault: str | None) -> None:
    """Raise the WireError of a fault that is one."""
    match fault:
        case "rate_limited":
            message = "Rate limit reached for requests. Please try again in 200ms."
            raise WireError(429, message, type="requests", code="rate_limit_exceeded", headers=retry_after(200))
        case "insufficient_quota":
            message = "You exceeded your current quota, please check your plan and billing details."
            raise WireError(429, message, type="insufficient_quota", code="insufficient_quota")
        case "server_error" | "batch_line_error":
            message = "The server had an error while processing your request. Sorry about that!"
            raise WireError(500, message, type="server_error")
        case "overloaded":
            message = "The engine is currently overloaded, please try again later."
            raise WireError(503, message, type="server_error", code="overloaded")


def answer(ask: Ask, fault: str | None, draw: Draw, solver: Solver) -> Answer:
    """The answer with its fault, never longer than the request allows."""
    made = _with_fault(ask, fault, draw, solver)
    if made.content is None or ask.limit is None or made.tokens <= ask.limit:
        return made
    return Answer(cut(made.content, ask.limit), "length", ask.limit)


def _with_fault(ask: Ask, fault: str | None, draw: Draw, solver: Solver) -> Answer:
    text = draft_text(ask.user, ask.schema, solver)
    begun = text[: len(text) // 2]
    match fault:
        case "truncated":
            return Answer(begun, "length", ask.limit or estimate_tokens(begun))
        case "refusal":
            return Answer(None, "stop", count_tokens(REFUSAL), refusal=REFUSAL)
        case "content_filter":  # what was written before the filter struck is billed, shown or not
            return Answer(begun if draw.variant < 0.5 else None, "content_filter", estimate_tokens(begun))
        case "invalid_json":
            return Answer(begun, "stop", estimate_tokens(begun))
        case "wrong_schema":
            return _complete(_other_shape(text, draw))
        case "text_around":
            return _complete(THOUGHT + text + FAREWELL)
        case _:
            return Answer(text, "stop", count_tokens(text))


def _complete(text: str) -> Answer:
    return Answer(text, "stop", estimate_tokens(text))


def _other_shape(text: str, draw: Draw) -> str:
    """Valid JSON, of no schema of ours: the draft wrapped in a key, or something else altogether."""
    if draw.variant < 0.5:
        return f'{{"result": {text}, "confidence": 0.9}}'
    return json.dumps({"title": "Untitled", "body": {"text": "sample"}, "tags": ["sample"]})
