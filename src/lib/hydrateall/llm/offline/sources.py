"""What the offline writer takes from the passages that an assignment carries: whole sentences, as they stand there."""

from __future__ import annotations

import re

from hydrateall.llm.offline.assignment import Assignment

MOST, SHORTEST, LONGEST = 3, 40, 240  # sentences of a note; characters of a sentence
UNFIT = re.compile(r"[|<>#\n]|!\[|\bhttps?:")  # what is a table, a picture, a heading or an address is no sentence
END = (".", "।")


def sentences_of_sources(assignment: Assignment) -> list[str]:
    """Up to three facts of the passages, the best passage's first; none where the assignment carries none."""
    facts = [fact.strip() for source in assignment.values.get("sources") or [] for fact in source.get("facts") or []]
    fitting = [fact for fact in dict.fromkeys(facts) if _fits(fact)]
    return fitting[:MOST]


def _fits(fact: str) -> bool:
    return SHORTEST <= len(fact) <= LONGEST and fact.endswith(END) and not UNFIT.search(fact)
