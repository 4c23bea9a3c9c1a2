"""How the mock server behaves; all of it can change while it runs."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, SecretStr, field_validator

from hydrateall.core.errors import UsageError
from hydrateall.llm.mock.faults import BATCH_FAULTS, CALL_FAULTS


class MockSettings(BaseModel):
    """Seconds, tokens, and shares between 0 and 1."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    latency: float = Field(0.5, ge=0, description="seconds from a request to its answer (the median)")
    latency_spread: float = Field(0.0, ge=0, le=3, description="sigma of the lognormal latency; 0: constant")
    requests_per_minute: int | None = Field(None, ge=1, description="in any 60 s; empty: no limit")
    tokens_per_minute: int | None = Field(None, ge=1, description="prompt and output limit, in any 60 s")
    faults: dict[str, float] = Field(default_factory=dict, description="share of calls with each fault")
    seed: int = Field(0, description="which calls the faults meet, and which questions a second opinion disputes")
    disagreements: float = Field(0.0, ge=0, le=1, description="share of questions that a second opinion disputes")
    strict_schema: bool = Field(True, description="whether response_format json_schema is understood")
    batch_seconds: float = Field(2.0, ge=0, description="from the submission of a batch to its end")
    key: SecretStr | None = Field(None, description="the one key that is right; empty: every key is")
    context_tokens: int = Field(128_000, ge=1, description="largest prompt and output together")

    @field_validator("faults")
    @classmethod
    def _can_be_drawn(cls, faults: dict[str, float]) -> dict[str, float]:
        known = (*CALL_FAULTS, *BATCH_FAULTS)
        if unknown := sorted(set(faults) - set(known)):
            raise ValueError(f"there is no fault {', '.join(unknown)}; there are {', '.join(known)}")
        if not all(0 <= rate <= 1 for rate in faults.values()):
            raise ValueError("a rate is a share between 0 and 1")
        for group in (CALL_FAULTS, BATCH_FAULTS):
            if sum(faults.get(name, 0.0) for name in group) > 1 + 1e-9:
                raise ValueError(f"the rates of {', '.join(group)} add up to more than 1")
        return faults

    def public(self) -> dict[str, Any]:
        """All but the key, which no answer repeats."""
        return self.model_dump(mode="json", exclude={"key"})

    def changed(self, changes: dict[str, Any]) -> MockSettings:
        """The settings with some values replaced; raise pydantic's ValidationError."""
        return MockSettings.model_validate(self.model_dump() | changes)


def read_faults(texts: list[str]) -> dict[str, float]:
    """Read NAME=RATE as the command line gives it; raise UsageError."""
    faults: dict[str, float] = {}
    for text in texts:
        name, _, rate = text.partition("=")
        try:
            faults[name.strip()] = float(rate)
        except ValueError:
            raise UsageError(f"{text!r} is not a fault.", "Write one like server_error=0.05.", field="fault") from None
    return faults
