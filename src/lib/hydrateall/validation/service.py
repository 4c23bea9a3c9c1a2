"""What other slices ask of validation: read an answer, judge content by the rules, keep the rules."""

from __future__ import annotations

from hydrateall.validation.agreement import agrees, compared, disagreement, no_solution, opinions_in
from hydrateall.validation.definitions import default_rulebook
from hydrateall.validation.drafts import read_draft, read_questions
from hydrateall.validation.duplicates import (
    Fingerprint,
    duplicate_findings,
    find_near,
    fingerprint_of_draft,
    index_missing,
    remember,
    repeats_within,
)
from hydrateall.validation.gates import GATES
from hydrateall.validation.judging import judge_note, judge_question, judge_questions
from hydrateall.validation.outlines import check_chapters, check_topics
from hydrateall.validation.rule_rows import (
    find_rule,
    list_rules,
    load_rulebook,
    note_words,
    save_rule,
    seed_rules,
)
from hydrateall.validation.rulebook import Rulebook
from hydrateall.validation.schemas import (
    Context,
    Finding,
    Judgement,
    RuleView,
    SetJudgement,
    errors,
    sentences,
)

__all__ = [
    "Context",
    "Finding",
    "Fingerprint",
    "Judgement",
    "RuleView",
    "Rulebook",
    "SetJudgement",
    "agrees",
    "check_chapters",
    "check_topics",
    "compared",
    "default_rulebook",
    "disagreement",
    "duplicate_findings",
    "errors",
    "explain_gate",
    "find_near",
    "find_rule",
    "fingerprint_of_draft",
    "index_missing",
    "judge_note",
    "judge_question",
    "judge_questions",
    "list_rules",
    "load_rulebook",
    "no_solution",
    "note_words",
    "opinions_in",
    "read_draft",
    "read_questions",
    "remember",
    "repeats_within",
    "save_rule",
    "seed_rules",
    "sentences",
]


def explain_gate(name: str) -> str:
    """What a gate looks for, in the words of its docstring; empty where no gate has this name."""
    return GATES[name].explanation if name in GATES else ""
