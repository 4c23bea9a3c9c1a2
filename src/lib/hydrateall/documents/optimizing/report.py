"""What the optimizer changed, told to people: how often, and with examples."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

MOST_EXAMPLES = 5
SHORT = 80
KINDS = {
    "joined lines": "Broken lines joined",
    "joined paragraphs": "Paragraphs joined that were broken in mid-sentence",
    "sentences over pages": "Sentences put together that a page break had parted",
    "rejoined words": "Words put together that were hyphenated at the end of a line",
    "kept hyphens": "Hyphens at the end of a line kept, because they may belong to their word",
    "heading levels": "Headings put on their level",
    "underlined headings": "Underlined headings written with number signs",
    "bullets": "Bullets written as list entries",
    "ligatures": "Ligatures resolved",
    "invisible characters": "Invisible characters removed",
    "composed characters": "Lines whose characters were composed (Unicode NFC)",
    "spaces": "Lines whose spaces were tidied",
}


@dataclass(frozen=True)
class RunningLine:
    """A header or footer. `text` says {page} where the page number stood."""

    text: str
    place: str  # "top" or "bottom"


@dataclass
class Report:
    """Collects the changes of one document."""

    counts: Counter[str] = field(default_factory=Counter)
    examples: dict[str, list[str]] = field(default_factory=dict)
    running: dict[RunningLine, list[int]] = field(default_factory=dict)

    def note(self, kind: str, example: str = "", count: int = 1) -> None:
        """Count a change; the first few examples of each kind are kept."""
        self.counts[kind] += count
        shown = self.examples.setdefault(kind, [])
        if example and len(shown) < MOST_EXAMPLES and example not in shown:
            shown.append(example)

    def note_running(self, line: RunningLine, page: int) -> None:
        self.running.setdefault(line, []).append(page)

    def as_dict(self) -> dict[str, Any]:
        """For a metadata column and for people: sentences first, then the figures."""
        lines = sorted(self.running.items(), key=lambda item: (-len(item[1]), item[0].text))
        removed = [
            {"text": line.text, "place": line.place, "count": len(pages), "pages": [min(pages), max(pages)]}
            for line, pages in lines
        ]
        kinds = [kind for kind in KINDS if self.counts[kind]]
        changes = [{"kind": kind, "count": self.counts[kind], "examples": self.examples[kind]} for kind in kinds]
        told = [f"Removed {len(pages)} × '{line.text}' at the {line.place} of pages." for line, pages in lines]
        told += [f"{KINDS[kind]}: {self.counts[kind]:,}." for kind in kinds]
        return {"summary": told, "removed_lines": removed, "changes": changes}


def shortened(text: str) -> str:
    """An example that fits on a line."""
    return text if len(text) <= SHORT else f"{text[: SHORT - 1]}…"
