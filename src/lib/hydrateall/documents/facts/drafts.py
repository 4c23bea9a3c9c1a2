"""What a model must return for passages. The descriptions are written for the model, which reads them."""

from __future__ import annotations

from typing import Any

from pydantic import BaseModel, ConfigDict, Field, field_validator

from hydrateall.documents.enums import FactType


class FactDraft(BaseModel):
    """One fact as the model states it; whether it stands, the gate decides."""

    model_config = ConfigDict(extra="forbid")

    chunk: int = Field(description="The number `chunk` of the passage that holds the evidence.")
    type: FactType = Field(
        description="What the statement is. quantity: a value with its unit; formula: a relation of symbols; "
        "event: something that happened at a time; other: only if nothing else fits."
    )
    statement: str = Field(description="One atomic statement in a whole sentence, understood without its surroundings.")
    evidence: str = Field(description="The sentence of the passage that says so, copied word for word.")

    @field_validator("type", mode="before")
    @classmethod
    def _known(cls, value: Any) -> Any:
        """A server without strict schemas may name a type of its own; the fact is none the worse."""
        return value if value in set(FactType) else FactType.OTHER


class FactsDraft(BaseModel):
    """The facts of some passages."""

    model_config = ConfigDict(extra="forbid")

    facts: list[FactDraft] = Field(description="All facts of all passages, in their order.")
