"""Webhooks: a signed POST, and what its answer means.

The receiver computes HMAC-SHA256 over `timestamp + "." + body` with the subscription's secret and compares it with
the header X-HydrateAll-Signature; a timestamp that is minutes old is a replay.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import httpx

from hydrateall.core.settings import Settings
from hydrateall.monitoring.addresses import resolve
from hydrateall.monitoring.errors import TargetRefused

TRY_AGAIN = (httpx.codes.REQUEST_TIMEOUT, httpx.codes.TOO_MANY_REQUESTS)


@dataclass(frozen=True)
class Sent:
    """How an attempt ended: `error` is empty if the receiver has it; `final` says that trying again cannot help."""

    error: str = ""
    final: bool = False


def sign(secret: str, timestamp: str, body: bytes) -> str:
    """The signature of a message, as the header carries it."""
    return "sha256=" + hmac.new(secret.encode(), timestamp.encode() + b"." + body, hashlib.sha256).hexdigest()


def post(
    settings: Settings,
    *,
    target: str,
    secret: str,
    message_id: uuid.UUID,
    event: str,
    body: dict[str, Any],
    now: datetime,
) -> Sent:
    """Send one message. Redirects are not followed: the checked address is the one that was subscribed."""
    content = json.dumps(body, ensure_ascii=False, sort_keys=True).encode()
    timestamp = str(int(now.timestamp()))
    headers = {
        "Content-Type": "application/json",
        "User-Agent": "HydrateAll",
        "X-HydrateAll-Event": event,
        "X-HydrateAll-Delivery": str(message_id),
        "X-HydrateAll-Timestamp": timestamp,
        "X-HydrateAll-Signature": sign(secret, timestamp, content),
    }
    try:
        return _meaning(_status(settings, target, headers, content))
    except TargetRefused as refused:
        return Sent(refused.message)
    except httpx.HTTPError as error:
        return Sent(f"No answer: {type(error).__name__} {error}".strip())


def _status(settings: Settings, target: str, headers: dict[str, str], content: bytes) -> int:
    endpoint = resolve(target, private_networks=settings.webhook_private_networks)
    headers["Host"] = endpoint.host_header
    with httpx.Client(timeout=settings.notification_timeout_seconds, trust_env=False) as client:
        request = client.build_request(
            "POST", endpoint.url, headers=headers, content=content, extensions={"sni_hostname": endpoint.host}
        )
        answer = client.send(request, stream=True)  # the body is of no interest, however long it is
        answer.close()
        return answer.status_code


def _meaning(status: int) -> Sent:
    if 200 <= status < 300:
        return Sent()
    final = status < 500 and status not in TRY_AGAIN
    return Sent(f"The receiver answered {status}.", final)
