"""Fact generation: atomic statements, each with the sentence that it stands on and the place of that sentence."""

from hydrateall.documents.facts.drafts import FactDraft, FactsDraft
from hydrateall.documents.facts.gate import Gate
from hydrateall.documents.facts.generation import generate_facts

__all__ = ["FactDraft", "FactsDraft", "Gate", "generate_facts"]
