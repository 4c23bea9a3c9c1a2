"""Judgements: every rule that applies to an item, run over it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import Any

from hydrateall.curriculum.enums import DifficultyLevel
from hydrateall.curriculum.schemas import NoteDraft, QuestionDraft, QuestionSetDraft
from hydrateall.validation.choices import normalised
from hydrateall.validation.completeness import filled
from hydrateall.validation.rulebook import Check, Rulebook
from hydrateall.validation.schemas import (
    WEIGHT_WITHOUT_RULE,
    Context,
    Finding,
    Judgement,
    NoteItem,
    QuestionItem,
    QuestionSet,
    SetJudgement,
)


def judge_note(draft: NoteDraft, *, rules: Rulebook, context: Context, near: Iterable[Finding] = ()) -> Judgement:
    """Judge a note. `near` are findings made elsewhere, such as repeats of another note."""
    checks = rules.checks("note", grade=context.grade)
    return _judgement([*_run(checks, NoteItem(draft.content, context), "content"), *near], rules)


def judge_question(
    draft: QuestionDraft, *, rules: Rulebook, context: Context, difficulty: DifficultyLevel | None = None
) -> Judgement:
    """Judge one question alone: one that was edited, or one of a bank that is judged again."""
    return _judgement(_question_findings(draft, rules, context, difficulty), rules)


def judge_questions(
    draft: QuestionSetDraft,
    *,
    rules: Rulebook,
    context: Context,
    count: int,
    difficulty: DifficultyLevel,
    avoid: Sequence[str],
    objectives: Sequence[str] = (),
) -> SetJudgement:
    """Judge each question of a set, on its own and beside the others, and the set's number of questions."""
    context = replace(context, objectives=tuple(objectives) or context.objectives)
    together = QuestionSet(tuple(draft.questions), context)
    checks = rules.checks("question set", grade=context.grade, difficulty=difficulty)
    beside = [*_repeated(draft.questions, avoid), *_run(checks, together, "questions")]
    items = tuple(
        _judgement(
            [
                *(replace(finding, item=None) for finding in beside if finding.item in (number, None)),
                *_question_findings(question, rules, context, difficulty),
            ],
            rules,
        )
        for number, question in enumerate(draft.questions, 1)
    )
    return SetJudgement(items, tuple(_count(len(items), count)))


def _count(found: int, expected: int) -> Iterator[Finding]:
    if found != expected:
        yield Finding("COUNT", "questions", f"must be exactly {expected}, not {found}.")


def _repeated(questions: Sequence[QuestionDraft], avoid: Sequence[str]) -> Iterator[Finding]:
    seen = {normalised(text) for text in avoid}
    for item, question in enumerate(questions, 1):
        text = normalised(f"{question.scenario or ''} {question.question_text}")
        if text in seen or normalised(question.question_text) in seen:
            yield Finding("REPEATED", "questionText", "this question is there already; ask something else.", item)
        seen.add(text)


def _question_findings(
    question: QuestionDraft, rules: Rulebook, context: Context, difficulty: DifficultyLevel | None
) -> Iterator[Finding]:
    if difficulty and question.difficulty_level is not difficulty:
        yield Finding("DIFFICULTY", "difficultyLevel", f"must be {difficulty}.")
    if not filled(question.question_text):
        yield Finding("TEXT_EMPTY", "questionText", "is empty or says null.")
    checks = rules.checks("question", grade=context.grade, difficulty=question.difficulty_level)
    yield from _run(checks, QuestionItem(question, context), "question")


def _run(checks: Iterable[Check], item: Any, field: str) -> Iterator[Finding]:
    """What the rules find. A gate that breaks is named for a person, and the others still speak."""
    for check in checks:
        rule = check.rule
        try:
            found = list(check.find(item))
        except Exception as error:  # noqa: BLE001 - whatever a gate raises, it must not block the content
            reason = f"{type(error).__name__}: {error}"
            message = f"the gate {rule.gate} of the rule {rule.name} broke ({reason}); a person must look."
            yield Finding("GATE_BROKEN", field, message, severity="review")
            continue
        for finding in found:
            severity = rule.severity or finding.severity
            yield replace(finding, severity=severity, rule=rule.name, rule_version=rule.version)


def _judgement(findings: Iterable[Finding], rules: Rulebook) -> Judgement:
    found = tuple(findings)
    lost = sum(rules.weights[rule] for rule in {finding.rule for finding in found if finding.rule})
    unruled = {(finding.code, finding.severity) for finding in found if not finding.rule}
    lost += sum(WEIGHT_WITHOUT_RULE[severity] for _, severity in unruled)
    return Judgement(found, round(max(0.0, 1 - lost), 3), rules.fingerprint)
