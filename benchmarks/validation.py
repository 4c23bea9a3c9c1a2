"""`make bench-validation`: what the gates catch of each kind of mistake, how often they cry wolf, how fast they are.

The corpus and the mutations are in tests/corpus. Judged by the default rules; caught is what is refused or sent to a
person, and advice is counted apart. Speed: all rules on all good questions, one core, after parsing.
"""

from __future__ import annotations

import argparse
import platform
import sys
import time
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))

from corpus.items import Labelled, good_items
from corpus.mutations import DETERMINISTIC, SEMANTIC
from corpus.rates import Rate, rate, severities
from hydrateall.curriculum.schemas import QuestionDraft, QuestionSetDraft
from hydrateall.validation.quantities import canonical
from hydrateall.validation.service import Context, Rulebook, default_rulebook, judge_questions
from hydrateall.validation.tokens import tokens
from hydrateall.validation.units import unit

CATCH_GOAL, ALARM_GOAL, SPEED_GOAL = 0.95, 0.01, 1000
ROUNDS = 3


def main() -> int:
    """Print the table; exit 1 if a goal is missed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--missed", action="store_true", help="name the items that went through")
    options = parser.parse_args()
    good = good_items()
    print(f"machine   {platform.machine()}, Python {platform.python_version()}")
    rules = default_rulebook()
    print(f"rules     {len(rules.rules)} default rules, rulebook {rules.fingerprint}")
    print(f"corpus    {len(good)} good questions, {len(DETERMINISTIC)} deterministic kinds of mistake\n")
    rates = [rate(mutation, good) for mutation in DETERMINISTIC]
    _table(rates, missed=options.missed)
    mutated, caught = sum(each.mutated for each in rates), sum(each.caught for each in rates)
    _row("all deterministic kinds", mutated, caught)
    print("\nbeyond rules (outside of the goals)")
    _table([rate(mutation, good) for mutation in SEMANTIC], missed=options.missed)
    found = {item.name: severities(item) for item in good}
    alarms = [name for name, severity in found.items() if severity & {"error", "review"}]
    advised = [name for name, severity in found.items() if severity == {"advice"}]
    speed = max(_speed(good) for _ in range(ROUNDS))
    print(f"\nfalse alarms  {len(alarms)} of {len(good)} ({len(alarms) / len(good):.1%}) {' '.join(alarms)}")
    print(f"advice only   {len(advised)} of {len(good)} ({len(advised) / len(good):.1%}); no alarm, and never a catch")
    print(f"speed         {speed:,.0f} questions/s on one core")
    print(f"goals         caught ≥ {CATCH_GOAL:.0%}, false alarms ≤ {ALARM_GOAL:.0%}, ≥ {SPEED_GOAL:,} questions/s")
    return int(caught < CATCH_GOAL * mutated or len(alarms) > ALARM_GOAL * len(good) or speed < SPEED_GOAL)


def _table(rates: list[Rate], *, missed: bool) -> None:
    print(f"{'kind':<40} {'mutated':>8} {'caught':>8} {'rate':>8} {'advice':>8}")
    for each in rates:
        _row(each.kind.replace("_", " "), each.mutated, each.caught, each.advised)
        if missed and each.missed:
            print(f"    {', '.join(each.missed)}")


def _row(kind: str, mutated: int, caught: int, advised: int = 0) -> None:
    print(f"{kind:<40} {mutated:>8} {caught:>8} {caught / max(1, mutated):>8.1%} {advised or '':>8}")


def _speed(good: list[Labelled]) -> float:
    """Questions a second of processor time, with nothing remembered from before."""
    for remembered in (tokens, canonical, unit):
        remembered.cache_clear()
    read = [(QuestionDraft.model_validate(item.question), item) for item in good]
    rules = Rulebook(default_rulebook().rules)
    started = time.process_time()
    for question, item in read:
        draft = QuestionSetDraft.model_construct(questions=[question])
        context = Context(item.language, item.grade, item.subject, (question.learning_objective,))
        judge_questions(draft, rules=rules, context=context, count=1, difficulty=question.difficulty_level, avoid=[])
    return len(read) / (time.process_time() - started)


if __name__ == "__main__":
    sys.exit(main())
