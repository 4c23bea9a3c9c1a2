"""What can go wrong between us and a language model."""

from __future__ import annotations

from hydrateall.core.errors import HydrateAllError, Unavailable, UsageError


class ModelError(Unavailable):
    """The model did not answer this call; another attempt can succeed."""


class ModelRefused(HydrateAllError):
    """The model answered, but not with content (refusal, filter, cut off)."""

    retryable = True


class ModelMisconfigured(UsageError):
    """No attempt can succeed until a setting changes (key, model name, base URL, price)."""


class BadPrompt(UsageError):
    """A prompt file is missing something or is given something it does not use."""
