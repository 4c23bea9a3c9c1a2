"""What can go wrong between us and a language model, by what a caller can do about it.

ModelError          this call failed; `outcome` names the class, whose rule stands in `rules.py`
    RateLimited     429: the server wants a pause
    Overloaded      5xx: the server is in trouble
    TimedOut        no answer in time
    NotConnected    no connection, or it broke before the answer was whole
    CutOff          the answer reached the output limit
    Refused         the model refuses
    Filtered        a content filter withheld the answer
    NoContent       the answer is no chat completion
    WrongVectors    the answer holds other vectors than were asked for
    ContextTooLong  the prompt does not fit the model: another attempt would not either
ModelMisconfigured  no attempt can succeed until a setting changes (key, model, base URL, price, credit)
    WrongLength     the model's vectors have another length than the settings say
CallDenied          the gateway did not send the call: the job pauses
    BudgetShort     it does not fit a budget
    BreakerOpen     the server failed too often in a row
    ServerBusy      the server wants a longer pause than a call should wait
    JobOnHold       the job is paused already
CallLost            the job of the call is no longer held by who asks
BadPrompt           a prompt file is missing something or is given something it does not use
"""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from hydrateall.core.errors import HydrateAllError, Unavailable, UsageError
from hydrateall.llm.schemas import ModelReply


class ModelError(Unavailable):
    """The model did not answer this call with content. `reply` is what it billed, if it answered at all."""

    outcome = "failed"
    reply: ModelReply | None = None
    retry_after: float | None = None
    sent = True  # false only where it is certain that the request did not leave, and so cannot have been billed


class RateLimited(ModelError):
    """The server asked for a pause, of `retry_after` seconds if it said so."""

    outcome = "rate_limited"

    def __init__(self, retry_after: float | None = None) -> None:
        self.retry_after = retry_after
        super().__init__("The model server answered with status 429: too many requests.")


class Overloaded(ModelError):
    """The server answered with a fault of its own."""

    outcome = "overloaded"

    def __init__(self, status: int, retry_after: float | None = None) -> None:
        self.retry_after = retry_after
        super().__init__(f"The model server answered with status {status}.")


class TimedOut(ModelError):
    """No answer in time; the server may have billed it."""

    outcome = "timeout"


class NotConnected(ModelError):
    """No connection, or it broke before the answer was whole; the server may have billed it."""

    outcome = "connection"


class CutOff(ModelError):
    """The answer was cut off at the output limit."""

    outcome = "cut_off"


class Refused(ModelError):
    """The model refused."""

    outcome = "refused"


class Filtered(ModelError):
    """A content filter withheld the answer."""

    outcome = "filtered"


class NoContent(ModelError):
    """The answer is no chat completion."""

    outcome = "no_content"


class ContextTooLong(ModelError):
    """The prompt does not fit the model."""

    outcome = "context_too_long"
    retryable = False


class ModelMisconfigured(UsageError):
    """No attempt can succeed until a setting changes (key, model name, base URL, price)."""

    outcome = "misconfigured"
    reply: ModelReply | None = None


class WrongLength(ModelMisconfigured):
    """The model's vectors have another length than the settings say; they were billed."""

    def __init__(self, model: str, found: int, expected: int) -> None:
        super().__init__(
            f"The vectors of {model!r} have {found} numbers, not {expected}.",
            f"Set HYDRATEALL_EMBEDDING_DIMENSIONS={found}, or another HYDRATEALL_EMBEDDING_MODEL.",
        )


class WrongVectors(ModelError):
    """The server answered with other vectors than were asked for, and billed them."""

    outcome = "no_content"


RESUME = "`hydrateall jobs resume JOB` or `hydrateall documents resume DOCUMENT`"


class CallDenied(HydrateAllError):
    """The gateway did not send the call. `until` is when it will by itself; None if a person must act."""

    until: datetime | None = None


class BudgetShort(CallDenied):
    """The call does not fit a budget."""

    def __init__(self, scope: str, short: Decimal) -> None:
        kind, _, name = scope.partition(":")
        whose = {
            "job": "this job",
            "document": "this document",
            "tenant": f"the tenant {name}",
            "day": f"the day {name}",
        }.get(kind, scope)
        remedy = {
            "job": "Resume with a larger budget: `hydrateall jobs resume JOB --max-cost-usd …`.",
            "document": "Raise HYDRATEALL_DOCUMENT_MAX_COST_USD for the workers and restart them (`hydrateall up`), "
            "then `hydrateall documents resume DOCUMENT`.",
            "tenant": f"Raise HYDRATEALL_TENANT_MAX_COST_USD, then {RESUME}.",
            "day": f"Raise HYDRATEALL_DAY_MAX_COST_USD, or wait for tomorrow, then {RESUME}.",
        }.get(kind, "Raise the budget.")
        super().__init__(f"The budget of {whose} needs ${_cents_up(short)} more for the next call.", remedy)


class BreakerOpen(CallDenied):
    """The server failed too often in a row, so it is left alone for a while."""

    def __init__(self, reason: str, until: datetime) -> None:
        self.until = until
        super().__init__(
            f"The model server failed again and again; the last time: {reason}",
            f"What waits for it goes on by itself after {until:%H:%M:%S} UTC; to try at once: {RESUME}.",
        )


class ServerBusy(CallDenied):
    """The server wants a longer pause than a call should wait."""

    def __init__(self, until: datetime) -> None:
        self.until = until
        super().__init__(
            "The model server allows no more requests for now.",
            f"What waits goes on by itself after {until:%H:%M:%S} UTC. HYDRATEALL_REQUESTS_PER_MINUTE would pace it.",
        )


class JobOnHold(CallDenied):
    """The job is paused already."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)


class CallLost(HydrateAllError):
    """The job of the call was cancelled or taken over, so the call was not sent."""

    def __init__(self) -> None:
        super().__init__("The job of this call is no longer held, so the call was not sent.")


class BadPrompt(UsageError):
    """A prompt file is missing something or is given something it does not use."""


def _cents_up(amount: Decimal) -> str:
    """Dollars with cents, rounded up, so that the sum named is enough; finer below one cent."""
    step = Decimal("0.01") if amount >= Decimal("0.01") else Decimal("0.0001")
    return f"{(amount / step).to_integral_value(rounding='ROUND_CEILING') * step}"
