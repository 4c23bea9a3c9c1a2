"""What can go wrong on purpose, and which call it meets.

A call's fate is a hash of the seed, its body, and how often that body was seen before: two runs with the same seed
meet the same faults whatever their order, and the retry of a call draws anew.
"""

from __future__ import annotations

import hashlib
import math
from dataclasses import dataclass
from statistics import NormalDist

AT_ONCE = ("rate_limited", "overloaded", "insufficient_quota")  # refused before any work
BROKEN = ("server_error", "slow", "dropped")  # of the transport; a line of a batch cannot meet them
CONTENT = ("truncated", "refusal", "content_filter", "invalid_json", "wrong_schema", "text_around")
CALL_FAULTS = (*AT_ONCE, *BROKEN, *CONTENT)
BATCH_FAULTS = ("batch_expired", "batch_line_error")
SLOW_FACTOR = 10
NORMAL = NormalDist()


@dataclass(frozen=True, slots=True)
class Draw:
    """The numbers of one call, each in [0, 1) and independent of the others."""

    digest: bytes

    @classmethod
    def of(cls, *, seed: int, body_sha256: str, seen: int) -> Draw:
        """Draw for a body that was seen so many times before."""
        return cls(hashlib.sha256(f"{seed} {seen} {body_sha256}".encode()).digest())

    @property
    def call_fault(self) -> float:
        return self._share(0)

    @property
    def variant(self) -> float:
        return self._share(2)

    @property
    def batch_fault(self) -> float:
        return self._share(3)

    def latency(self, *, median: float, sigma: float) -> float:
        """Seconds until the answer; lognormal, because a few answers take far longer than most."""
        if not sigma:
            return median
        share = min(max(self._share(1), 1e-9), 1 - 1e-9)
        return median * math.exp(sigma * NORMAL.inv_cdf(share))

    def _share(self, number: int) -> float:
        return int.from_bytes(self.digest[8 * number : 8 * number + 8], "big") / 2**64


def choose(faults: dict[str, float], group: tuple[str, ...], share: float) -> str | None:
    """The fault of the group on which a share falls, or None: at most one a call."""
    reached = 0.0
    for name in group:
        reached += faults.get(name, 0.0)
        if share < reached:
            return name
    return None
