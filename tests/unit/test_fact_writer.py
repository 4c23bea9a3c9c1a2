"""The offline writer of facts: where sentences end, which of them state something, and what they are."""

from __future__ import annotations

import hashlib
import json
from typing import Any

import pytest
import yaml

from hydrateall.core.paths import SAMPLES
from hydrateall.documents.chunking import split
from hydrateall.documents.facts import FactDraft, FactsDraft, Gate
from hydrateall.llm.offline.facts import is_statement, type_of
from hydrateall.llm.offline.sentences import Sentence, plain, sentences_of
from hydrateall.llm.offline.writer import write

PASSAGE = """## Acids

Acids turn blue litmus red. They are sour.
What is a base?

1. Lemon juice contains citric acid, e.g. about 5 g in 100 mL.
2. Add a drop of **indicator** to the acid.

| acid | source |
|---|---|
| citric | lemon. It is sour. |

```python
print("Code is no fact.")
```

> Prof. C. V. Raman was born in 1888. The image lies between P and F. A lens of 2.5 D is strong.
"""


def prompt(passages: list[dict[str, Any]], language: str = "en") -> str:
    values = {"purpose": "facts", "language": language, "title": "Science", "passages": passages}
    return f"<assignment>{json.dumps(values)}</assignment>"


class TestSentences:
    def test_end_where_a_reader_ends_them(self) -> None:
        assert [sentence.plain for sentence in sentences_of(PASSAGE)] == [
            "Acids turn blue litmus red.",
            "They are sour.",
            "What is a base?",
            "Lemon juice contains citric acid, e.g. about 5 g in 100 mL.",
            "Add a drop of indicator to the acid.",
            "Prof. C. V. Raman was born in 1888.",
            "The image lies between P and F.",
            "A lens of 2.5 D is strong.",
        ]

    def test_end_at_the_danda_too(self) -> None:
        text = "अम्ल खट्टे होते हैं। डॉ. भाभा का जन्म 1909 में हुआ। 9.8 m/s² गुरुत्वीय त्वरण है॥"

        assert len(list(sentences_of(text))) == 3

    def test_stand_in_the_passage_as_they_are(self) -> None:
        assert all(sentence.raw in PASSAGE.replace("> ", "") for sentence in sentences_of(PASSAGE))

    def test_go_on_over_the_end_of_a_line(self) -> None:
        [sentence] = sentences_of("Acids turn\nblue *litmus* red.")

        assert (sentence.raw, sentence.plain) == ("Acids turn\nblue *litmus* red.", "Acids turn blue litmus red.")

    def test_need_a_full_stop(self) -> None:
        assert list(sentences_of("A caption without an end\n\n- an item")) == []

    def test_keep_formulas_whole(self) -> None:
        assert plain("The *force* is $F_1 * a_2$ by [Newton](http://x.org).") == "The force is $F_1 * a_2$ by Newton."


class TestStatement:
    @pytest.mark.parametrize(
        ("text", "language"),
        [
            ("Acids turn blue litmus red.", "en"),
            ("A neutral solution has a pH of 7.", "en"),
            ("Light travels in straight lines.", "en"),
            ("Heat flows from a hot body to a cold one.", "en"),
            ("When a ray enters a denser medium, it bends towards the normal.", "en"),
            ("अम्ल नीले लिटमस को लाल कर देते हैं।", "hi"),
            ("जिस दर्पण का परावर्तक पृष्ठ बाहर की ओर उभरा हो, वह उत्तल दर्पण कहलाता है।", "hi"),
            ("जल का सूत्र H₂O है।", "hi"),
        ],
    )
    def test_is_what_says_something_of_a_named_thing(self, text: str, language: str) -> None:
        assert is_statement(Sentence(text, text), language)

    @pytest.mark.parametrize(
        ("text", "language"),
        [
            ("It turns blue litmus red.", "en"),
            ("When they are heated, the water leaves.", "en"),
            ("What is an acid called?", "en"),
            ("Heat the crystals until the water is gone.", "en"),
            ("Light a candle that is placed before the lens.", "en"),
            ("Write the formula of water, which is an oxide.", "en"),
            ("We have seen that acids are sour.", "en"),
            ("The rays are shown in the figure.", "en"),
            ("Table 3 has the values of the index.", "en"),
            ("Acids and bases.", "en"),
            ("A beautiful day in spring without any verb.", "en"),
            ("अम्ल नीले लिटमस को लाल कर देते हैं।", "en"),
            ("Acids turn blue litmus red.", "hi"),
            ("यह नीले लिटमस को लाल कर देता है।", "hi"),
            ("पीने के जल को शुद्ध करने के लिए इसका उपयोग होता है।", "hi"),
            ("अम्ल में धीरे-धीरे जल नहीं मिलाएँ।", "hi"),
            ("चित्र 2 में दर्पण दिखाया गया है।", "hi"),
            ("हम जानते हैं कि अम्ल खट्टे होते हैं।", "hi"),
        ],
    )
    def test_is_not_what_asks_orders_or_points_elsewhere(self, text: str, language: str) -> None:
        assert not is_statement(Sentence(text, text), language)

    @pytest.mark.parametrize(
        ("text", "kind"),
        [
            ("The bending of light is called refraction.", "definition"),
            ("An indicator is a substance that shows whether a solution is acidic.", "definition"),
            ("प्रकाश के मुड़ने को अपवर्तन कहते हैं।", "definition"),
            ("Ohm's law states that the current grows with the voltage.", "law"),
            ("धारा विभवांतर के समानुपाती होती है।", "law"),
            ("The force on a body is F = ma.", "formula"),
            ("Water boils at 100 °C at sea level.", "quantity"),
            ("ध्वनि एक सेकंड में 340 मीटर चलती है।", "quantity"),
            ("Penicillin was found in 1928 by Fleming.", "event"),
            ("Metals such as sodium are soft.", "example"),
            ("Zinc reacts with dilute acids.", "process"),
            ("Silver is a good conductor.", "property"),
            ("चाँदी अच्छी चालक है।", "property"),
        ],
    )
    def test_has_the_type_that_its_words_tell(self, text: str, kind: str) -> None:
        assert type_of(text) == kind


class TestDraft:
    def test_is_of_the_form_that_is_asked_for(self) -> None:
        made = FactsDraft.model_validate(write(prompt([{"chunk": 7, "headings": [], "text": PASSAGE}])))

        assert [fact.statement for fact in made.facts] == [
            "Acids turn blue litmus red.",
            "Lemon juice contains citric acid, e.g. about 5 g in 100 mL.",
            "Prof. C. V. Raman was born in 1888.",
            "The image lies between P and F.",
            "A lens of 2.5 D is strong.",
        ]
        assert {fact.chunk for fact in made.facts} == {7}

    def test_is_the_same_every_time(self) -> None:
        asked = prompt([{"chunk": 7, "headings": [], "text": PASSAGE}])

        assert write(asked) == write(asked)

    def test_says_nothing_twice(self) -> None:
        made = write(prompt([{"chunk": 1, "headings": [], "text": "Acids are sour things. " * 3}]))

        assert len(made["facts"]) == 1

    def test_of_passages_without_facts_is_empty(self) -> None:
        assert write(prompt([{"chunk": 1, "headings": [], "text": "## Heading\n\nWhy? Look!"}])) == {"facts": []}


def documents() -> list[tuple[str, str]]:
    """The known texts of the sample documents, with their languages."""
    folder = SAMPLES / "documents"
    manifest = yaml.safe_load((folder / "manifest.yaml").read_text(encoding="utf-8"))
    return [((folder / each["text"]).read_text(encoding="utf-8"), each["language"]) for each in manifest]


class TestSampleDocuments:
    """What the writer takes from them, the gate lets pass."""

    @pytest.mark.parametrize(("text", "language"), documents(), ids=lambda value: value[:12].strip())
    def test_give_facts_that_stand_in_them(self, text: str, language: str) -> None:
        chunks = split(text, most_tokens=400, overlap_tokens=40).chunks
        passages = [{"chunk": each.ordinal, "headings": each.heading_path, "text": each.text} for each in chunks]
        drafts = [FactDraft.model_validate(fact) for fact in write(prompt(passages, language))["facts"]]

        sifted = Gate("Science", language).sift(drafts, chunks)

        assert len(sifted.facts) >= 10
        assert sifted.dropped.total() <= 0.03 * len(drafts), sifted.dropped
        for fact in sifted.facts:
            own = chunks[fact.chunk]
            assert fact.start is not None
            assert own.text[fact.start : fact.start + len(fact.evidence)] == fact.evidence
            assert fact.chunk_checksum == hashlib.sha256(own.text.encode()).hexdigest()
