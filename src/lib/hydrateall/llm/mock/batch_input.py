"""The lines of a batch's input file, checked as OpenAI checks them before it begins."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from hydrateall.llm.mock.wire import WireError, decode_object, encode

ENDPOINT = "/v1/chat/completions"


@dataclass(frozen=True, slots=True)
class Line:
    """One request of a batch; `body` is its JSON."""

    custom_id: str
    body: bytes


def read_lines(content: bytes) -> tuple[list[Line], list[dict[str, Any]]]:
    """The requests, and what is wrong with the file; a file with any error is not begun."""
    lines: list[Line] = []
    errors: list[dict[str, Any]] = []
    seen: set[str] = set()
    for number, text in enumerate(content.splitlines(), start=1):
        if text.strip():
            try:
                lines.append(_line(text, seen))
            except WireError as error:
                found = error.body["error"]
                errors.append({key: found[key] for key in ("code", "message", "param")} | {"line": number})
    if not lines and not errors:
        errors.append({"code": "empty_file", "message": "The input file is empty.", "param": None, "line": None})
    return lines, errors


def _line(text: bytes, seen: set[str]) -> Line:
    try:
        given = decode_object(text)
    except WireError:
        raise WireError(400, "This line is not parseable as valid JSON.", code="invalid_json_line") from None
    custom_id, body = given.get("custom_id"), given.get("body")
    if not isinstance(custom_id, str) or not custom_id:
        message = "Missing required parameter: 'custom_id'."
        raise WireError(400, message, code="missing_required_parameter", param="custom_id")
    if custom_id in seen:
        message = f"The custom_id '{custom_id}' is used by another line."
        raise WireError(400, message, code="duplicate_custom_id", param="custom_id")
    if given.get("method") != "POST" or given.get("url") != ENDPOINT:
        raise WireError(400, f"Each line must POST to {ENDPOINT}.", code="invalid_url", param="url")
    if not isinstance(body, dict):
        raise WireError(400, "Missing required parameter: 'body'.", code="missing_required_parameter", param="body")
    seen.add(custom_id)
    return Line(custom_id, encode(body))
