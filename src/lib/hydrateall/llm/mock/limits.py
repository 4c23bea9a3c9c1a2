"""Requests and tokens a minute: a window that slides over the last 60 seconds.

A request weighs its prompt and its whole output limit, as at OpenAI: what it will really write is not known when it
must be admitted. Only admitted requests weigh, so that the Retry-After of a refused one is exact.
"""

from __future__ import annotations

import math
from collections import deque
from dataclasses import dataclass, field

from hydrateall.llm.mock.settings import MockSettings
from hydrateall.llm.mock.wire import WireError

WINDOW_SECONDS = 60.0


@dataclass(slots=True)
class Limits:
    """What was admitted in the last 60 seconds, as (when, tokens)."""

    admitted: deque[tuple[float, int]] = field(default_factory=deque)
    tokens: int = 0

    def admit(self, settings: MockSettings, *, now: float, tokens: int) -> None:
        """Let a request in; raise WireError 429 with the moment at which the same request would fit."""
        self._forget(now)
        if settings.requests_per_minute and len(self.admitted) >= settings.requests_per_minute:
            excess = len(self.admitted) - settings.requests_per_minute + 1
            raise self._refusal(settings, now, self.admitted[excess - 1][0], "requests", 1)
        if settings.tokens_per_minute and self.tokens + tokens > settings.tokens_per_minute:
            freed_at = self._freed_at(self.tokens + tokens - settings.tokens_per_minute)
            raise self._refusal(settings, now, freed_at, "tokens", tokens)
        self.admitted.append((now, tokens))
        self.tokens += tokens

    def headers(self, settings: MockSettings, now: float) -> dict[str, str]:
        """OpenAI's x-ratelimit headers, for the limits that are set."""
        if not settings.requests_per_minute and not settings.tokens_per_minute:
            return {}
        self._forget(now)
        reset = f"{WINDOW_SECONDS - (now - self.admitted[0][0]) if self.admitted else 0:.3f}s"
        used = {"requests": len(self.admitted), "tokens": self.tokens}
        shown: dict[str, str] = {}
        for kind, limit in (("requests", settings.requests_per_minute), ("tokens", settings.tokens_per_minute)):
            if limit:
                shown[f"x-ratelimit-limit-{kind}"] = str(limit)
                shown[f"x-ratelimit-remaining-{kind}"] = str(max(0, limit - used[kind]))
                shown[f"x-ratelimit-reset-{kind}"] = reset
        return shown

    def _forget(self, now: float) -> None:
        while self.admitted and self.admitted[0][0] <= now - WINDOW_SECONDS:
            self.tokens -= self.admitted.popleft()[1]

    def _freed_at(self, excess: int) -> float | None:
        """When the request leaves the window with which so many tokens have left it; None: never."""
        for at, tokens in self.admitted:
            excess -= tokens
            if excess <= 0:
                return at
        return None

    def _refusal(
        self, settings: MockSettings, now: float, leaves: float | None, kind: str, requested: int
    ) -> WireError:
        limit = settings.requests_per_minute if kind == "requests" else settings.tokens_per_minute
        used = len(self.admitted) if kind == "requests" else self.tokens
        headers = self.headers(settings, now)
        if leaves is None:
            advice = "The input or output tokens must be reduced in order to run successfully."
        else:
            milliseconds = math.ceil((leaves + WINDOW_SECONDS - now) * 1000 + 0.01)
            headers |= retry_after(milliseconds)
            advice = f"Please try again in {milliseconds / 1000:g}s."
        return WireError(
            429,
            f"Rate limit reached on {kind} per min: Limit {limit}, Used {used}, Requested {requested}. {advice}",
            type=kind,
            code="rate_limit_exceeded",
            headers=headers,
        )


def retry_after(milliseconds: int) -> dict[str, str]:
    """Both headers that say when to come again."""
    return {"retry-after": f"{milliseconds / 1000:g}", "retry-after-ms": str(milliseconds)}
