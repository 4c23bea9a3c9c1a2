"""A small library for the offline writer: one outline and one chapter with two topics, in both languages."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import yaml

from hydrateall.llm.offline.bank import Library

CHAPTER = {"en": "Electricity", "hi": "विद्युत"}
TITLES = [
    {"en": "Ohm's law and resistance", "hi": "ओम का नियम और प्रतिरोध"},
    {"en": "Magnets", "hi": "चुंबक"},
]
TERMS = (
    ("Current", "the flow of charge per unit time", "विद्युत धारा", "एकांक समय में आवेश का प्रवाह"),
    ("Resistance", "the opposition of a conductor to flow", "प्रतिरोध", "प्रवाह के लिए चालक का विरोध"),
    ("Ammeter", "an instrument that measures the flow of charge", "ऐमीटर", "आवेश के प्रवाह को मापने वाला यंत्र"),
    ("Battery", "a group of cells joined together", "बैटरी", "आपस में जोड़े गए सेलों का समूह"),
    ("Circuit", "a closed path for charge to flow in", "परिपथ", "आवेश के प्रवाह का बंद पथ"),
)
FACTS = (
    ("The unit of resistance is the [[ohm]].", "volt", "प्रतिरोध का मात्रक [[ओम]] है।", "वोल्ट"),
    ("An ammeter is joined in [[series]].", "parallel", "ऐमीटर को [[श्रेणीक्रम]] में जोड़ते हैं।", "पार्श्वक्रम"),
    ("A longer wire has [[more]] resistance.", "less", "लंबे तार का प्रतिरोध [[अधिक]] होता है।", "कम"),
    ("A thicker wire has [[less]] resistance.", "more", "मोटे तार का प्रतिरोध [[कम]] होता है।", "अधिक"),
    ("Copper is a good [[conductor]].", "insulator", "ताँबा एक अच्छा [[चालक]] है।", "विद्युतरोधी"),
    ("Current needs a [[closed]] path.", "broken", "विद्युत धारा को [[बंद]] पथ चाहिए।", "खुला"),
)
REASONS = (
    (
        "Wires are covered with plastic.",
        "Plastic does not conduct current.",
        "तारों पर प्लास्टिक चढ़ाया जाता है।",
        "प्लास्टिक में विद्युत धारा प्रवाहित नहीं होती।",
    ),
    (
        "A bulb goes out when the switch is opened.",
        "The path of the current is broken.",
        "स्विच खोलने पर बल्ब बुझ जाता है।",
        "विद्युत धारा का पथ टूट जाता है।",
    ),
    (
        "Fuses protect a house.",
        "A thin wire melts when the current is too large.",
        "फ़्यूज़ घर की रक्षा करता है।",
        "धारा बहुत अधिक होने पर पतला तार पिघल जाता है।",
    ),
)


def small_library(folder: Path) -> Library:
    """Write the files under a folder and return the library that reads them."""
    library = Library(curricula=folder / "curricula", samples=folder / "samples")
    topics = [{"title": title} for title in TITLES]
    outline = {"chapters": [{"number": 11, "title": CHAPTER, "weeks": 3, "topics": topics}]}
    _write(library.curricula / "cbse" / "science-10.yaml", outline)
    bank = {"chapter": 11, "topics": [_topic(1, ["ohms_law"]), _topic(2, [])]}
    _write(library.samples / "cbse" / "science-10" / "11.yaml", bank)
    return library


def _write(path: Path, content: dict[str, Any]) -> None:
    path.parent.mkdir(parents=True)
    path.write_text(yaml.safe_dump(content, allow_unicode=True), encoding="utf-8")


def _both(english: str, hindi: str) -> dict[str, str]:
    return {"en": english, "hi": hindi}


def _topic(number: int, numericals: list[str]) -> dict[str, Any]:
    question = {
        "question": _both("Why does the lamp glow?", "लैंप क्यों चमकता है?"),
        "answer": _both("A current flows through it.", "उसमें विद्युत धारा प्रवाहित होती है।"),
    }
    other = {
        "question": _both("What happens when a cell is removed?", "एक सेल हटाने पर क्या होता है?"),
        "answer": _both("The current becomes smaller.", "विद्युत धारा कम हो जाती है।"),
    }
    return {
        "number": number,
        "summary": _both("Current flows in a closed path.", "विद्युत धारा बंद पथ में प्रवाहित होती है।"),
        "objectives": [_both("State Ohm's law", "ओम का नियम बताना"), _both("Use a meter", "मापक यंत्र का उपयोग करना")],
        "terms": [{"term": _both(t, ht), "meaning": _both(m, hm)} for t, m, ht, hm in TERMS],
        "facts": [{"text": _both(t, ht), "wrong": _both(w, hw)} for t, w, ht, hw in FACTS],
        "reasons": [{"effect": _both(e, he), "cause": _both(c, hc)} for e, c, he, hc in REASONS],
        "application": {
            "text": _both("Ravi joins a lamp to two cells.", "रवि एक लैंप को दो सेलों से जोड़ता है।"),
            "questions": [question, other],
        },
        "numericals": numericals,
    }
