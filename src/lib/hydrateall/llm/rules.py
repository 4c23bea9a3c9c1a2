"""What the gateway does after each class of failure, and why."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Rule:
    """`tries`: requests in all, within one attempt of the job. `pause`: seconds before the second, then doubled."""

    tries: int
    pause: float
    reason: str


RULES = {
    "rate_limited": Rule(
        1_000, 0.0, "The server says when to come back; the deployment waits for it, then goes slower"
    ),
    "overloaded": Rule(5, 0.5, "Most troubles of a server pass within seconds; a longer one opens the breaker"),
    "timeout": Rule(2, 0.0, "One slow answer is chance, two are a reason; the lost one may have been billed"),
    "connection": Rule(4, 0.3, "A broken connection says nothing about the request"),
    "cut_off": Rule(
        2, 0.0, "Once more with twice the output limit; a longer answer than that is not what was asked for"
    ),
    "refused": Rule(1, 0.0, "The same words are refused again; the job's next attempt says what was wrong"),
    "filtered": Rule(1, 0.0, "The same words are withheld again; the job's next attempt says what was wrong"),
    "no_content": Rule(1, 0.0, "A proxy or a wrong address answers; the job's next attempt shows whether it lasts"),
    "context_too_long": Rule(1, 0.0, "It would be too long again: the job fails and names its prompt"),
    "failed": Rule(1, 0.0, "The writer gave no reason; the job's attempts decide"),
}
LARGER = 2  # the output limit of the second request after an answer was cut off
SYSTEMIC = frozenset({"overloaded", "timeout", "connection"})  # failures of the server that count for its breaker
UNCERTAIN = frozenset({"timeout", "connection", "aborted"})  # the server may have billed what never arrived
