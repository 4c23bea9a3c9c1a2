"""The text of an answer: the offline writer's draft, a second opinion, or a filler for a prompt that is not ours."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Any

from hydrateall.core.errors import HydrateAllError
from hydrateall.llm.mock.opinions import OPINION, Solver
from hydrateall.llm.mock.wire import WireError
from hydrateall.llm.offline.assignment import read_assignment
from hydrateall.llm.offline.writer import estimate_tokens, write

SENTENCE = "The mock server answers prompts that carry an assignment; this one carries none."


def draft_text(user: str, schema: dict[str, Any] | None, solver: Solver) -> str:
    """The JSON text for a prompt; raise WireError 400 when its assignment cannot be understood.

    Without an assignment, as from `doctor`'s probe or another program, it is the smallest JSON that fits the schema.
    """
    if "<assignment>" in user:
        return _written(user, solver)
    if not schema:
        return json.dumps({"answer": SENTENCE})
    try:
        return json.dumps(_filler(schema, schema))
    except (LookupError, TypeError, AttributeError, RecursionError) as error:
        reason = f"The mock server cannot fill this schema ({type(error).__name__}: {error})."
        raise WireError(400, reason, code="mock_cannot_write", param="response_format") from None


@lru_cache(4096)
def _written(user: str, solver: Solver) -> str:
    """Writing takes milliseconds, and a retry or a measurement asks for the same again."""
    try:
        assignment = read_assignment(user)
        draft = solver.solve(assignment) if assignment.purpose == OPINION else write(user)
        return json.dumps(draft, ensure_ascii=False)
    except HydrateAllError as error:
        reason = error.message
    except (LookupError, TypeError, ValueError, AttributeError) as error:
        reason = f"The assignment is not complete ({type(error).__name__}: {error})."
    raise WireError(400, reason, code="mock_cannot_write", param="messages")


def cut(text: str, tokens: int) -> str:
    """The longest beginning of a text that has at most so many tokens."""
    shortest, longest = 0, len(text)
    while shortest < longest:
        middle = (shortest + longest + 1) // 2
        if estimate_tokens(text[:middle]) <= tokens:
            shortest = middle
        else:
            longest = middle - 1
    return text[:shortest]


def _filler(schema: dict[str, Any], root: dict[str, Any]) -> Any:
    """The smallest value that fits a strict schema."""
    if "$ref" in schema:
        return _filler(root["$defs"][schema["$ref"].rsplit("/", 1)[-1]], root)
    if "const" in schema:
        return schema["const"]
    if "enum" in schema:
        return schema["enum"][0]
    if "anyOf" in schema:
        return _filler(schema["anyOf"][0], root)
    match schema.get("type"):
        case "object":
            return {name: _filler(each, root) for name, each in schema.get("properties", {}).items()}
        case "array":
            return [_filler(schema["items"], root) for _ in range(schema.get("minItems", 0))]
        case "integer" | "number":
            return schema.get("minimum", 1)
        case "boolean":
            return True
        case "null":
            return None
        case _:
            return "sample"
