"""Whether a statement is supported by its evidence, as far as words can tell.

No language understanding stands behind this: it compares words, numbers, negations, quantifiers and opposites. What
it lets pass may still be wrong where the same words say another thing; the tests count how often.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import pairwise

from hydrateall.documents.facts.claims import Claim, Part, Quantity, is_formula, lexeme, read
from hydrateall.documents.facts.contrasts import (
    ABSOLUTES,
    COMPARED,
    COORDINATING,
    HEDGES,
    OPPOSITES,
    PASSIVE,
    PREFIXES,
    REFERENCES,
)
from hydrateall.documents.facts.evidence import squeeze

LEAST_IN_EVIDENCE = 0.3  # share of the statement's words that the evidence itself must have, whatever surrounds it
AT_THE_START = 3  # words in which evidence points back ("It has", "In this way") at what its passage speaks of


def objection(
    statement: str, evidence: str, *, passage: str, headings: Sequence[str], least_support: float
) -> str | None:
    """Why a statement is not supported by its evidence, as a short name; None if nothing speaks against it.

    `passage` is the text around the evidence and `headings` what stands above it: a statement may name with their
    words what its evidence calls "it". `least_support`: share of its content words that must be found.
    """
    said, proof = read(statement), read(evidence)
    around = frozenset(read(passage).content)
    titles = frozenset(word for heading in headings for word in read(heading).content)
    if not _has_quantities(said.quantities, proof.quantities):
        return "number"
    if not _has_formulas(said, evidence, passage):
        return "formula"
    if _negation_differs(said, proof):
        return "negation"
    if _is_opposite(said, proof):
        return "opposite"
    if _is_overstated(said, proof):
        return "overstated"
    if _is_exchanged(said, proof) or _compares_the_other_way(said, proof) or _is_mixed(said, proof):
        return "exchanged"
    if not _is_covered(said, proof, around, titles, least_support):
        return "unsupported"
    return None


def _has_quantities(said: Sequence[Quantity], proof: Sequence[Quantity]) -> bool:
    """Each number is in the evidence, with the same unit if it has one: those elsewhere belong to other things."""
    return all(any(each.number == other.number and each.unit in (None, other.unit) for other in proof) for each in said)


def _has_formulas(said: Claim, evidence: str, passage: str) -> bool:
    """Formulas and equations stand in the evidence or the passage, sign for sign."""
    known = squeeze(evidence).signs + "\n" + squeeze(passage).signs
    words = [word for word in said.content if is_formula(word)]
    return all(squeeze(each).signs in known for each in (*said.equations, *words))


def _negation_differs(said: Claim, proof: Claim) -> bool:
    """A negation was added, or one was lost that denies what is said."""
    known = frozenset().union(*proof.negated)
    if any(reached and not reached & (known | _denied(proof, said)) for reached in said.negated):
        return True
    if said.negated:
        return False
    return any(_is_lost(said, proof, part) for part in proof.parts) or bool(_denied(said, proof) | _denied(proof, said))


def _is_lost(said: Claim, proof: Claim, part: Part) -> bool:
    """Whether a statement without negation says what a part of the evidence denies, and not what another part says."""
    content = frozenset(said.content)
    denied = any(2 * len(reached & content) > len(reached) for reached in part.negated if reached)
    shared = [len(content.intersection(each.content)) for each in proof.parts if each is not part]
    nearest = len(content.intersection(part.content)) >= max(shared, default=0)
    return denied and (nearest or content.issuperset(proof.own_words(part)))


def _denied(one: Claim, other: Claim) -> frozenset[str]:
    """The words of `other` that `one` has with a prefix that denies them, and not without: insoluble, soluble."""
    mine = frozenset(one.content)
    return frozenset(
        word for word in other.content if word not in mine and any(f"{prefix}{word}" in mine for prefix in PREFIXES)
    )


def _is_opposite(said: Claim, proof: Claim) -> bool:
    """The statement has a word whose opposite the evidence has, and not the word itself."""
    mine, theirs = _forms(said), _forms(proof)
    for pair in OPPOSITES:
        sides = [frozenset(map(lexeme, side)) for side in pair]
        for one, other in (sides, sides[::-1]):
            if mine & one and not theirs & one and theirs & other and not mine & other:
                return True
    return False


def _forms(claim: Claim) -> frozenset[str]:
    return frozenset(lexeme(word) for word in claim.spoken)


def _is_overstated(said: Claim, proof: Claim) -> bool:
    """An "all" or "only" was added, or a "some" was lost before a word that is kept."""
    if any(said.spoken & group and not proof.spoken & group for group in ABSOLUTES):
        return True
    return not said.spoken & HEDGES and bool(proof.hedged & frozenset(said.content))


def _is_exchanged(said: Claim, proof: Claim) -> bool:
    """Two words have changed places while the rest stayed: "acids turn red litmus blue" of "… blue litmus red"."""
    shared = frozenset(said.content) & frozenset(proof.content)
    mine, theirs = _order(said.content, shared), _order(proof.content, shared)
    if len(mine) != len(theirs) or len(mine) != len(shared):
        return False
    moved = [place for place, (one, other) in enumerate(zip(mine, theirs, strict=True)) if one != other]
    if len(moved) != 2 or moved[1] - moved[0] < 2 or bool(said.spoken & PASSIVE) != bool(proof.spoken & PASSIVE):
        return False
    return not _are_coordinated(proof, theirs[moved[0]], theirs[moved[1]])


def _order(content: Iterable[str], shared: frozenset[str]) -> list[str]:
    return [word for word in content if word in shared]


def _compares_the_other_way(said: Claim, proof: Claim) -> bool:
    """The greater and the smaller have changed places: both begin with what the other ends with."""
    if not (_compares(said) and _compares(proof) and said.content and proof.content):
        return False
    mine, theirs = said.content[0], proof.content[0]
    return mine != theirs and mine in proof.content and theirs in said.content


def _compares(claim: Claim) -> bool:
    return "than" in claim.spoken or any(one == "से" and other in COMPARED for one, other in pairwise(claim.words))


def _is_mixed(said: Claim, proof: Claim) -> bool:
    """The statement says of one thing what the evidence says of another: "copper … , and silver … ".

    It has words of one part of the evidence without what that part begins with, or a quantity of one without its
    words, and instead words of another part, which it does not say in full.
    """
    content = frozenset(said.content)
    for part in proof.parts:
        others = [proof.own_words(other) for other in proof.parts if other is not part]
        if not part.content or not any(content & words for words in others):
            continue
        own = proof.own_words(part)
        if own - content and any(quantity in part.quantities for quantity in _only_in(part, said, proof)):
            return True
        headless = part.content[0] in own - content and bool(content & own)
        if headless and not any(words and content >= words for words in others):
            return True
    return False


def _only_in(part: Part, said: Claim, proof: Claim) -> list[Quantity]:
    """The statement's quantities that the evidence has in one part alone."""
    others = {each.number for other in proof.parts if other is not part for each in other.quantities}
    numbers = {each.number for each in said.quantities} - others
    return [each for each in part.quantities if each.number in numbers]


def _are_coordinated(claim: Claim, one: str, other: str) -> bool:
    """Whether two words are joined by an "and": then their order says nothing."""
    joined = {
        (lexeme(left), lexeme(right))
        for left, (middle, right) in zip(claim.words, pairwise(claim.words[1:]), strict=False)
        if middle in COORDINATING
    }
    return (one, other) in joined


def _is_covered(
    said: Claim, proof: Claim, around: frozenset[str], titles: frozenset[str], least_support: float
) -> bool:
    """Enough of the content words are in the evidence; the rest may name what it is about."""
    wanted = frozenset(word for word in said.content if not is_formula(word))
    if not wanted:
        return bool(said.content)
    own = frozenset(word for word in wanted if _is_among(word, proof.content))
    outside = wanted - own
    named = outside & titles
    if _names_its_subject(said, proof):
        named |= outside & around
    found = len(own) + len(named)
    return found >= least_support * len(wanted) and len(own) >= LEAST_IN_EVIDENCE * len(wanted)


def _names_its_subject(said: Claim, proof: Claim) -> bool:
    """Whether words from around the evidence name what it is about, rather than replace some of its own.

    They do if the evidence begins by pointing to something ("it", "these"), or if the statement keeps all of a part.
    """
    if REFERENCES.intersection(proof.words[:AT_THE_START]):
        return True
    content = frozenset(said.content)
    return any(part.content and content.issuperset(part.content) for part in proof.parts)


def _is_among(word: str, content: Iterable[str]) -> bool:
    """Whether a word is there, or one of the same stem that the stemmer left apart (distil, distillation)."""
    return any(word == other or _are_kin(word, other) for other in content)


def _are_kin(one: str, other: str) -> bool:
    shorter, longer = sorted((one, other), key=len)
    return len(shorter) >= 5 and longer.startswith(shorter) and len(longer) - len(shorter) <= 5
