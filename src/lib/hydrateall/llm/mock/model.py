"""The mock model: decides what becomes of each call. It knows neither sockets nor time, but for the clock."""

from __future__ import annotations

import hashlib
import hmac
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any, TypeVar

from hydrateall.llm.mock.answers import answer, raise_error_fault
from hydrateall.llm.mock.asks import Ask, count_tokens, read_ask
from hydrateall.llm.mock.embeddings import TextsAsk, read_texts, vectors_body
from hydrateall.llm.mock.faults import AT_ONCE, BATCH_FAULTS, CALL_FAULTS, CONTENT, SLOW_FACTOR, Draw, choose
from hydrateall.llm.mock.ledger import Entry, Ledger
from hydrateall.llm.mock.limits import Limits
from hydrateall.llm.mock.opinions import Solver
from hydrateall.llm.mock.settings import MockSettings
from hydrateall.llm.mock.wire import Outcome, Usage, WireError, completion, decode_object

Clock = Callable[[], float]
Asked = TypeVar("Asked", Ask, TextsAsk)
CACHED_FROM, CACHED_STEP = 1024, 128  # OpenAI's prompt cache: from so many tokens, in such steps


@dataclass
class MockModel:
    """All that the server remembers of its calls."""

    settings: MockSettings = field(default_factory=MockSettings)
    clock: Clock = time.time
    ledger: Ledger = field(default_factory=Ledger)
    limits: Limits = field(default_factory=Limits)
    _bodies: Counter[str] = field(default_factory=Counter)
    _prefixes: set[tuple[str, str]] = field(default_factory=set)

    def check_key(self, authorization: str | None) -> None:
        """Raise WireError 401 unless a bearer is given, and is the right one if only one is."""
        scheme, _, bearer = (authorization or "").partition(" ")
        if scheme.lower() != "bearer" or not bearer.strip():
            message = "You didn't provide an API key. Provide it in an Authorization header (Bearer YOUR_KEY)."
            raise WireError(401, message, code="invalid_api_key")
        right = self.settings.key
        if right and not hmac.compare_digest(bearer.strip().encode(), right.get_secret_value().encode()):
            raise WireError(401, "Incorrect API key provided.", code="invalid_api_key")

    def call(self, body: bytes, authorization: str | None, entry: Entry) -> Outcome:
        """Decide what becomes of a call for a completion; nothing is billed yet."""
        return self._decided(body, authorization, entry, self._read, self._answer)

    def embed(self, body: bytes, authorization: str | None, entry: Entry) -> Outcome:
        """Decide what becomes of a call for vectors; nothing is billed yet."""
        return self._decided(body, authorization, entry, self._read_texts, self._vectors)

    def _decided(
        self,
        body: bytes,
        authorization: str | None,
        entry: Entry,
        read: Callable[[bytes, Entry], Asked],
        answered: Callable[[Asked, str | None, Draw], Outcome],
    ) -> Outcome:
        fault = None
        delay = 0.0
        try:
            self.check_key(authorization)
            ask = read(body, entry)
            now = self.clock()
            self.limits.admit(self.settings, now=now, tokens=ask.prompt_tokens + (ask.limit or 0))
            draw = self._draw(entry)
            fault = choose(self.settings.faults, CALL_FAULTS, draw.call_fault)
            delay = self._delay(fault, draw)
            raise_error_fault(fault)
            outcome = answered(ask, fault, draw)
        except WireError as error:
            return Outcome(error.status, error.body, delay, error.headers, fault)
        outcome.delay = delay
        outcome.headers = self.limits.headers(self.settings, now)
        return outcome

    def batch_line(self, body: bytes, entry: Entry) -> Outcome | None:
        """Decide what becomes of a line of a batch; None: it expires."""
        fault = None
        try:
            ask = self._read(body, entry)
            draw = self._draw(entry)
            fault = choose(self.settings.faults, BATCH_FAULTS, draw.batch_fault)
            if fault == "batch_expired":
                return None
            raise_error_fault(fault)
            drawn = choose(self.settings.faults, CALL_FAULTS, draw.call_fault)
            return self._answer(ask, drawn if drawn in CONTENT else None, draw)
        except WireError as error:
            return Outcome(error.status, error.body, fault=fault)

    def forget(self) -> None:
        """Empty the ledger, and let bodies and prompts be new again; what the limits admitted stays admitted."""
        self.ledger = Ledger()
        self._bodies.clear()
        self._prefixes.clear()

    def _read(self, body: bytes, entry: Entry) -> Ask:
        ask = read_ask(self._noted(body, entry), self.settings)
        entry.user_sha256 = _sha256(ask.user)
        return ask

    def _read_texts(self, body: bytes, entry: Entry) -> TextsAsk:
        ask = read_texts(self._noted(body, entry), self.settings)
        entry.user_sha256 = _sha256("\n".join(ask.texts))
        return ask

    def _noted(self, body: bytes, entry: Entry) -> dict[str, Any]:
        entry.body_sha256 = hashlib.sha256(body).hexdigest()
        asked = decode_object(body)
        entry.model = asked.get("model") if isinstance(asked.get("model"), str) else None
        return asked

    def _draw(self, entry: Entry) -> Draw:
        body_sha256 = entry.body_sha256 or ""
        seen = self._bodies[body_sha256]
        self._bodies[body_sha256] += 1
        return Draw.of(seed=self.settings.seed, body_sha256=body_sha256, seen=seen)

    def _delay(self, fault: str | None, draw: Draw) -> float:
        if fault in AT_ONCE:
            return 0.0
        latency = draw.latency(median=self.settings.latency, sigma=self.settings.latency_spread)
        return latency * SLOW_FACTOR if fault == "slow" else latency

    def _answer(self, ask: Ask, fault: str | None, draw: Draw) -> Outcome:
        solver = Solver(self.settings.disagreements, self.settings.seed)
        written = answer(ask, fault, draw, solver)
        usage = Usage(ask.prompt_tokens, self._cached_tokens(ask), written.tokens)
        body = completion(ask.model, written, usage, created=int(self.clock()))
        return Outcome(200, body, fault=fault, usage=usage)

    def _vectors(self, ask: TextsAsk, fault: str | None, draw: Draw) -> Outcome:
        del draw
        return Outcome(200, vectors_body(ask, fault), fault=fault, usage=Usage(ask.prompt_tokens, 0, 0))

    def _cached_tokens(self, ask: Ask) -> int:
        tokens = count_tokens(ask.system)
        if tokens < CACHED_FROM:
            return 0
        prefix = (ask.model, _sha256(ask.system))
        known = prefix in self._prefixes
        self._prefixes.add(prefix)
        return tokens // CACHED_STEP * CACHED_STEP if known else 0


@lru_cache(4096)
def _sha256(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()
