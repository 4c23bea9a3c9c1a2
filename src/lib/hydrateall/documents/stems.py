"""A word's lexeme, in English and Hindi: one form for all its endings and spellings, none for words that say nothing.

Snowball's stemmers do the endings; beside them stand what schoolbooks need (the plurals that Snowball leaves apart, as
lens and lenses) and the spellings of Hindi that differ from book to book (हिन्दी and हिंदी, पढ़ाई with and without dot).
"""

from __future__ import annotations

import re
import threading
from functools import cache, lru_cache
from typing import Any

STOP_WORDS = """
a about above after again all also although am an and any are aren as at be because been before being below between
both but by can cannot could d did didn do does doesn doing don done during each either else etc ever every few for
from further get give given gives go had has have having he her here him his how however i if in into is isn it its
just let ll many may me might more most much must my name no nor not now of off often on once one only onto or other
our out over own per re s said same say shall she should so some such t tell than that the their them then there
therefore these they this those through thus to too under until up upon us ve very was we were what when where
whether which while who whom whose why will with within without would write you your describe define explain discuss
mention list state
"""
HINDI_STOP_WORDS = """
अगर अत अतः अथवा अपना अपनी अपने अब अभी आदि आप इतना इतनी इतने इन इनका इनकी इनके इनमें
इनसे इन्हें इस इसका इसकी इसके इसको इसमें इससे इसलिए इसी इसे उन उनका उनकी उनके उनमें
उनसे उन्हें उन्होंने उस उसका उसकी उसके उसको उसमें उससे उसी उसे एक एवं ऐसा ऐसी ऐसे और
कई कब कभी कर करके करता करती करते करना करने करें करो कहते कहलाता कहलाती कहलाते कहा
कहाँ का काफी कि कितना कितनी कितने किन किया किस किसका किसकी किसके किसी किसे की कुछ के
केवल कैसा कैसी कैसे को कोई कौन कौनसा क्या क्यों गई गए गयी गये गया चाहिए जब जहाँ जा
जाए जाएगा जाता जाती जाते जाना जाने जितना जितनी जितने जिन जिनका जिनकी जिनके जिनमें
जिनसे जिन्हें जिस जिसका जिसकी जिसके जिसमें जिससे जिसे जैसा जैसी जैसे जो तक तथा तब
तरह तो था थी थे दिया दी दीजिए दे देता देती देते दो दोनों द्वारा न नहीं ने पर परंतु
पे फिर बताइए बताइये बताओ बहुत भी मगर मात्र में मैं यदि यह यहाँ या यानी ये रहता रहती
रहते रहा रही रहे लिए लिखिए लिखो लिये लेकिन व वह वहाँ वाला वाली वाले वे सकता सकती
सकते सब सभी समझाइए साथ से ही हुआ हुई हुए हुये हूँ हेतु है हैं हो होगा होगी होंगे
होता होती होते होना होने हों
"""

PLURALS = {
    "lens": "lens",
    "lenses": "lens",
    "gases": "gas",
    "gaseous": "gas",
    "bases": "base",
    "axes": "axis",
    "axis": "axis",
    "foci": "focus",
    "radii": "radius",
    "nuclei": "nucleus",
    "analyses": "analysis",
    "analysis": "analysis",
    "hypotheses": "hypothesis",
    "hypothesis": "hypothesis",
    "indices": "index",
    "vertices": "vertex",
    "matrices": "matrix",
    "leaves": "leaf",
    "spectra": "spectrum",
    "bacteria": "bacterium",
    "phenomena": "phenomenon",
    "apparatuses": "apparatus",
}
SPELLINGS = {
    "aluminum": "aluminium",
    "center": "centre",
    "color": "colour",
    "fiber": "fibre",
    "gray": "grey",
    "liter": "litre",
    "meter": "metre",
    "sulfate": "sulphate",
    "sulfide": "sulphide",
    "sulfur": "sulphur",
    "sulfuric": "sulphuric",
    "vapor": "vapour",
}
AMERICAN = re.compile(r"(?<=\w{3})([iy])z(?=(?:e|ed|es|er|ers|ing|ation|ations|able)$)")
NASALS = re.compile(r"ङ्(?=[क-घ])|ञ्(?=[च-झ])|ण्(?=[ट-ढ])|न्(?=[त-ध])|म्(?=[प-भ])|ँ")
GLIDES = re.compile(r"(?<=.)(यी|ये)$")
UNSEEN = str.maketrans("", "", "\u00ad\u200c\u200d")  # soft hyphen and joiners
DIGITS = str.maketrans("०१२३४५६७८९", "0123456789")
DOT_BELOW = "\u093c"
LONGEST = 60  # of a lexeme; PostgreSQL takes 2,046 bytes, and nothing longer than this is a word


@lru_cache(200_000)
def lexeme_of(word: str) -> str:
    """The lexeme of one word in lower case, or nothing for a stop word."""
    word = word.translate(UNSEEN)
    if not word or word in _stop_words():
        return ""
    if word[0].isdigit():
        return word.replace(",", "").translate(DIGITS)[:LONGEST]
    if "\u0900" <= word[0] <= "\u097f":
        return _hindi(word)[:LONGEST]
    return _english(word)[:LONGEST] if word.isascii() and word.isalpha() else word[:LONGEST]


def _english(word: str) -> str:
    word = AMERICAN.sub(r"\1s", word)
    word = SPELLINGS.get(word, SPELLINGS.get(word.removesuffix("s"), word))
    return PLURALS.get(word) or str(_stemmers()[0].stemWord(word))


def _hindi(word: str) -> str:
    word = spelt_alike(word)
    if word in _stop_words():
        return ""
    stem = str(_stemmers()[1].stemWord(word))
    return stem if len(stem) > 1 else word


def spelt_alike(word: str) -> str:
    """The one spelling of a Hindi word: anusvara for nasal consonants and chandrabindu, no dots below, ई for यी."""
    word = NASALS.sub("ं", word.replace(DOT_BELOW, ""))
    return GLIDES.sub(lambda found: "ई" if found[0] == "यी" else "ए", word)


@cache
def _stop_words() -> frozenset[str]:
    return frozenset(STOP_WORDS.split()) | {spelt_alike(word) for word in HINDI_STOP_WORDS.split()}


_mine = threading.local()


def _stemmers() -> tuple[Any, Any]:
    """Snowball's stemmers of this thread: one keeps the word it is at in itself, so two threads would mix theirs.

    They are loaded at first use: the package reads 36 languages, which takes a quarter of a second.
    """
    if not hasattr(_mine, "stemmers"):
        import snowballstemmer

        _mine.stemmers = (snowballstemmer.stemmer("english"), snowballstemmer.stemmer("hindi"))
    found: tuple[Any, Any] = _mine.stemmers
    return found
