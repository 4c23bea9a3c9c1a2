"""Stems are the same whoever asks beside: the stemmer keeps the word that it is at in itself."""

from __future__ import annotations

import sys
from concurrent.futures import ThreadPoolExecutor
from itertools import repeat

from hydrateall.documents import stems

WORDS = [f"{stem}{ending}" for stem in ("reflect", "conduct", "magnif", "neutralis") for ending in ("ion", "ing", "ed")]
WORDS += [f"word{letter}ational" for letter in "abcdefghijklmnop"] + ["लेंसों", "किरणें", "अम्लों", "दर्पणों"]


class TestStems:
    def test_of_many_threads_are_those_of_one(self) -> None:
        stem = stems.lexeme_of.__wrapped__  # past the cache, which would answer all but the first
        expected = [stem(word) for word in WORDS]
        interval = sys.getswitchinterval()
        sys.setswitchinterval(1e-6)
        try:
            with ThreadPoolExecutor(4) as pool:
                found = list(pool.map(lambda _: [stem(word) for word in WORDS], repeat(None, 200)))
        finally:
            sys.setswitchinterval(interval)

        assert all(each == expected for each in found)
