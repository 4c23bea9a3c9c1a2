"""What can go wrong with subscriptions and messages.

UsageError   NotFound   UnknownSubscription   there is no subscription of this id
             TargetRefused                    messages are not sent to this address
"""

from __future__ import annotations

import uuid

from hydrateall.core.errors import NotFound, UsageError


class UnknownSubscription(NotFound):
    """There is no subscription of this id."""

    def __init__(self, subscription_id: uuid.UUID) -> None:
        super().__init__(
            f"There is no subscription {subscription_id}.", "`hydrateall notify list` shows those that there are."
        )


class TargetRefused(UsageError):
    """Messages are not sent to this address."""

    def __init__(self, target: str, reason: str, remedy: str) -> None:
        super().__init__(f"Messages are not sent to {target}: {reason}.", remedy, field="target")
