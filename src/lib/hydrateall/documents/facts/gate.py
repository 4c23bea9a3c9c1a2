"""The gate: which of the facts that a model states may be kept."""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

from hydrateall.documents.facts.claims import read
from hydrateall.documents.facts.contrasts import REFERENCES
from hydrateall.documents.facts.drafts import FactDraft
from hydrateall.documents.facts.evidence import locate, page_at, squeeze
from hydrateall.documents.facts.support import objection
from hydrateall.documents.schemas import Chunk, Fact

LEAST_SUPPORT = 0.85
LEAST_WORDS, MOST_WORDS, MOST_CHARACTERS = 3, 60, 600
MOST_EVIDENCE = 900  # characters; a quotation of a whole passage proves nothing of it
ELSEWHERE = re.compile(
    r"\b(?:fig(?:ure|s)?\.?|table|activity|exercise|example|chapter|section|page|question)\s*\d"
    r"|\b(?:above|following|given|next|previous|this|these)\s+(?:figure|table|diagram|activity|chapter|section|passage)"
    r"|(?:चित्र|सारणी|क्रियाकलाप|अध्याय|पृष्ठ|उदाहरण|प्रश्न)\s*[\d०-९]"
    r"|(?:उपरोक्त|निम्नलिखित|निम्न|इस)\s+(?:चित्र|सारणी|क्रियाकलाप|अध्याय|अनुच्छेद)",
    re.IGNORECASE,
)
DEVANAGARI, LATIN = re.compile(r"[\u0900-\u0963\u0966-\u097f]"), re.compile(r"[A-Za-z]")
FORMULA = re.compile(r"\$[^$]+\$|\\[A-Za-z]+|\b\w*\d\w*\b")
LEAST_OF_SCRIPT = 0.5  # share of letters; symbols and names of substances stay in Latin letters


@dataclass
class Sifted:
    """What the gate let pass, and by reason how many it did not."""

    facts: list[Fact] = field(default_factory=list)
    dropped: Counter[str] = field(default_factory=Counter)


@dataclass(frozen=True)
class Gate:
    """Judges the facts of one document. `least_support`: share of a statement's words that must be found."""

    title: str
    language: str
    least_support: float = LEAST_SUPPORT

    def sift(self, drafts: Iterable[FactDraft], chunks: Iterable[Chunk]) -> Sifted:
        """Keep of the facts that were found in some chunks those that stand there."""
        shown = {chunk.ordinal: chunk for chunk in chunks}
        sifted = Sifted()
        for draft in drafts:
            judged = self.judge(draft, shown[draft.chunk]) if draft.chunk in shown else "unknown chunk"
            if isinstance(judged, Fact):
                sifted.facts.append(judged)
            else:
                sifted.dropped[judged] += 1
        return sifted

    def judge(self, draft: FactDraft, chunk: Chunk) -> Fact | str:
        """The fact with its place in the chunk, or why it may not be kept, as a short name."""
        statement = " ".join(draft.statement.split())
        if fault := fault_of(statement, self.language):
            return fault
        found = locate(draft.evidence, chunk.text) if len(draft.evidence) <= MOST_EVIDENCE else None
        if found is None:
            return "evidence not found"
        fact = Fact(
            statement=statement,
            type=draft.type,
            evidence=chunk.text[found.start : found.end],
            chunk=chunk.ordinal,
            chunk_checksum=chunk.checksum,
            start=found.start,
            page=page_at(chunk.text, found.start) or chunk.page_from,
            checksum=checksum_of(statement),
        )
        headings = [self.title, *chunk.heading_path]
        reason = objection(
            statement, fact.evidence, passage=chunk.text, headings=headings, least_support=self.least_support
        )
        return reason or fact


def merged(parts: Iterable[Sifted]) -> Sifted:
    """All facts in the order of the document, the first of those that say the same."""
    whole = Sifted()
    seen: set[str] = set()
    for part in parts:
        whole.dropped += part.dropped
        for fact in sorted(part.facts, key=lambda fact: (fact.chunk, fact.start or 0)):
            if fact.checksum in seen:
                whole.dropped["duplicate"] += 1
            else:
                whole.facts.append(fact)
            seen.add(fact.checksum)
    return whole


def fault_of(statement: str, language: str) -> str | None:
    """What is wrong with a statement as such, as a short name."""
    words = statement.split()
    if len(words) < LEAST_WORDS:
        return "too short"
    if len(words) > MOST_WORDS or len(statement) > MOST_CHARACTERS:
        return "too long"
    if statement.rstrip("\"'”’)*").endswith("?"):
        return "question"
    if _first_word(statement) in REFERENCES or ELSEWHERE.search(statement):
        return "not self-contained"
    return None if _is_in(language, statement) else "language"


def checksum_of(statement: str) -> str:
    """The SHA-256 of a statement without case, white space, punctuation and markup."""
    return hashlib.sha256(squeeze(statement).signs.encode()).hexdigest()


def _first_word(statement: str) -> str:
    return next((word for word in read(statement).words if word), "")


def _is_in(language: str, statement: str) -> bool:
    plain = FORMULA.sub(" ", statement)
    devanagari, latin = len(DEVANAGARI.findall(plain)), len(LATIN.findall(plain))
    own = devanagari if language == "hi" else latin
    return own >= LEAST_OF_SCRIPT * (devanagari + latin)
