"""The facts of a document: its chunks go to the model, some to a call, and what comes back passes the gate."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import partial
from typing import Any

from pydantic import ValidationError

from hydrateall.curriculum.enums import ContentType
from hydrateall.documents.facts.drafts import FactsDraft
from hydrateall.documents.facts.evidence import PAGE
from hydrateall.documents.facts.gate import LEAST_SUPPORT, Gate, Sifted, merged
from hydrateall.documents.schemas import Chunk, FactSet, SourceDocument
from hydrateall.llm.service import Answer, Gateway, ModelError, Purpose, complete_all, request_for

PROMPT = "documents/extract_facts"
ATTEMPTS = 3  # answers that one call may give until one is readable
ISSUES_SHOWN = 5
HEADING = re.compile(r"^#{1,6} .*$", re.MULTILINE)
LEAST_LETTERS = 20  # below the headings; a chunk with fewer holds no sentence, and costs no call


@dataclass(frozen=True)
class Findings:
    """What the calls for some chunks gave, unreadable answers included in their number and cost."""

    sifted: Sifted
    calls: int
    cost_usd: Decimal


async def generate_facts(
    gateway: Gateway,
    chunks: Sequence[Chunk],
    *,
    source: SourceDocument,
    caps: dict[str, Decimal | None],
    most_in_flight: int,
    batch_tokens: int,
    least_support: float = LEAST_SUPPORT,
) -> FactSet:
    """Ask for the facts of all chunks, and keep those that stand in them.

    A second run after a crash pays nothing that was answered before. A call that fails for good fails the whole, with
    what the gateway raises: ModelError (another run may help), ModelMisconfigured, CallDenied (budget, breaker).
    """
    desk = Desk(gateway, source, caps, Gate(source.title, source.language, least_support))
    calls = [partial(desk.ask, part) for part in batches(chunks, most_tokens=batch_tokens)]
    found = await complete_all(calls, most_in_flight=most_in_flight)
    whole = merged(each.sifted for each in found)
    return FactSet(
        facts=whole.facts,
        dropped=dict(sorted(whole.dropped.items())),
        calls=sum(each.calls for each in found),
        cost_usd=str(sum((each.cost_usd for each in found), Decimal(0))),
    )


def batches(chunks: Sequence[Chunk], *, most_tokens: int) -> Iterator[list[Chunk]]:
    """Chunks that hold sentences, in their order, as many together as have so many tokens; a larger one alone."""
    part: list[Chunk] = []
    for chunk in chunks:
        if not _has_sentences(chunk.text):
            continue
        if part and sum(each.tokens for each in part) + chunk.tokens > most_tokens:
            yield part
            part = []
        part.append(chunk)
    if part:
        yield part


@dataclass(frozen=True)
class Desk:
    """Asks for the facts of one document."""

    gateway: Gateway
    source: SourceDocument
    caps: dict[str, Decimal | None]
    gate: Gate

    async def ask(self, chunks: Sequence[Chunk]) -> Findings:
        """Ask until an answer is readable; raise ModelError when none of the attempts is."""
        cost = Decimal(0)
        issues: list[str] = []
        for attempt in range(1, ATTEMPTS + 1):
            request = request_for(PROMPT, FactsDraft, self._assignment(chunks, attempt, issues))
            purpose = Purpose(ContentType.DOCUMENT, str(self.source.id), self.caps, attempt=attempt)
            answer = await self.gateway.complete(request, purpose)
            cost += answer.cost_usd
            try:
                drafts = FactsDraft.model_validate_json(answer.reply.text).facts
            except ValidationError as error:
                issues = _issues(error)
                await self.gateway.judge(answer, "rejected", details={"issues": issues}, forget=True)
                continue
            sifted = self.gate.sift(drafts, chunks)
            await self._judge(answer, sifted)
            return Findings(sifted, attempt, cost)
        raise ModelError(
            f"The model's answers about {self.source.source_name!r} were not in the form that was asked for, "
            f"{ATTEMPTS} times in a row: {'; '.join(issues)}.",
            "Run the stage again, or take another model for it: HYDRATEALL_MODELS has the purpose facts.",
        )

    async def _judge(self, answer: Answer, sifted: Sifted) -> None:
        """An answer of which nothing stands is rejected; one that finds nothing is not, for there may be nothing."""
        status = "rejected" if sifted.dropped and not sifted.facts else "accepted"
        await self.gateway.judge(
            answer, status, details={"facts": len(sifted.facts), "dropped": dict(sorted(sifted.dropped.items()))}
        )

    def _assignment(self, chunks: Sequence[Chunk], attempt: int, issues: list[str]) -> dict[str, Any]:
        return {
            "purpose": "facts",
            "language": self.source.language,
            "title": self.source.title,
            "passages": [
                {"chunk": chunk.ordinal, "headings": chunk.heading_path, "text": PAGE.sub("", chunk.text).strip()}
                for chunk in chunks
            ],
            "attempt": attempt,
            "issues": issues,
        }


def _has_sentences(text: str) -> bool:
    below = HEADING.sub("", PAGE.sub("", text))
    return sum(map(str.isalpha, below)) >= LEAST_LETTERS


def _issues(error: ValidationError) -> list[str]:
    """What was wrong with the form, for the model and for the log."""
    found = error.errors(include_url=False, include_input=False)
    return [f"{'.'.join(map(str, each['loc'])) or 'answer'}: {each['msg']}" for each in found[:ISSUES_SHOWN]]
