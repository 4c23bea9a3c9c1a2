"""`make chaos RUNS=30 SEED=1`: kill -9 at random moments, again and again, and count what is lost or doubled.

One stack, started as `make run` starts it, hydrates the same small subject once a run, each time in a fresh content
database. While it does, one to three of these are killed and have to come back by themselves: a task process, the
scheduler, the API server, the DAG processor, the database server with all its processes. The plan follows from the
seed alone, so `make chaos SEED=1 ONLY=17` repeats run 17 of seed 1.

A run passes when its job is completed in time with exactly the content of a calm run, no item was accepted twice, the
ledger holds the sum of the calls and reserves nothing any more, the model server billed no call that the ledger does
not know, and the outbox is empty. The exit code is 1 if a run does not pass.
"""

from __future__ import annotations

import argparse
import os
import platform
import shutil
import statistics
import sys
import time
import uuid
from collections import Counter
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from random import Random
from tempfile import gettempdir

from chaos_stack import ChaosStack, Gone, chaos_stack
from chaos_verdict import Verdict, judge

from hydrateall.hydration.enums import ACTIVE

VICTIMS = ("task process", "scheduler", "API server", "DAG processor", "database server")
MOST_KILLS = 3
EARLIEST, LATEST = 0.02, 0.85  # the part of a calm run within which the kills fall
LIMIT_SECONDS = 180.0
BACK_SECONDS = 90.0
POLL_SECONDS = 0.2
PACKAGES = ("apache-airflow", "sqlalchemy", "psycopg")


@dataclass(frozen=True)
class Kill:
    """One planned kill: whom, when (share of a calm run), and which of several task processes."""

    victim: str
    share: float
    pick: float


def plan_of(seed: int, number: int) -> list[Kill]:
    """The kills of a run, earliest first; the same for the same seed and number, whatever was run before."""
    rng = Random(f"{seed}/{number}")
    kills = [
        Kill(rng.choice(VICTIMS), round(rng.uniform(EARLIEST, LATEST), 3), rng.random())
        for _ in range(rng.randint(1, MOST_KILLS))
    ]
    return sorted(kills, key=lambda kill: kill.share)


@dataclass
class Shot:
    """A kill that happened: when, seconds into its run, and how long its victim took to be back (a task: none)."""

    victim: str
    at: datetime
    seconds: float
    back: Future[float | None]


@dataclass
class Run:
    """What happened in one run, and what came of it."""

    number: int
    seconds: float
    shots: list[Shot]
    verdict: Verdict
    recoveries: list[tuple[str, float]] = field(default_factory=list)

    @property
    def recovery(self) -> float | None:
        """Seconds from the last kill to the next completed item."""
        return self.recoveries[-1][1] if self.recoveries else None


def main() -> int:
    """Run the plan; exit 1 if a run does not pass."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--runs", type=int, default=30)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", type=int, help="this run of the plan only")
    options = parser.parse_args()
    numbers = [options.only] if options.only else list(range(1, options.runs + 1))
    print(f"machine   {platform.machine()}, {os.cpu_count()} cores, load {os.getloadavg()[0]:.1f}")
    packages = ", ".join(f"{name} {version(name)}" for name in PACKAGES)
    print(f"versions  Python {platform.python_version()}, {packages}")
    print(f"plan      seed {options.seed}, runs {numbers[0]} to {numbers[-1]}; kills as share of a calm run")
    for number in numbers:
        planned = ", ".join(f"{kill.share:.0%} {kill.victim}" for kill in plan_of(options.seed, number))
        print(f"  {number:>3}     {planned}")
    with chaos_stack() as stack, ThreadPoolExecutor(MOST_KILLS) as watchers:
        runs, calm = _play_all(stack, watchers, options.seed, numbers)
    _print_totals(runs, calm)
    return int(any(run.verdict.faults for run in runs))


def _play_all(
    stack: ChaosStack, watchers: ThreadPoolExecutor, seed: int, numbers: list[int]
) -> tuple[list[Run], float]:
    """Play a calm run for the reference, then the others; return them with the calm run's seconds."""
    calm = _play(stack, watchers, 0, [], calm_seconds=0.0)
    if calm.verdict.faults:
        raise SystemExit(f"The calm run did not pass: {'; '.join(calm.verdict.faults)}")
    items = len(stack.reference["lines"])
    print(f"calm      {calm.seconds:.1f} s, {items} chapters, topics and items, {stack.calls} calls\n")
    print(f"{'run':>4} {'seconds':>8} {'÷ calm':>7} {'recovery':>9} {'lost':>5} {'doubled':>8}  kills (back after)")
    runs = []
    for number in numbers:
        run = _play(stack, watchers, number, plan_of(seed, number), calm_seconds=calm.seconds)
        runs.append(run)
        _print_run(run, calm.seconds, seed)
        if run.verdict.faults:
            _keep_logs(stack, seed, number)
    return runs, calm.seconds


def _play(
    stack: ChaosStack, watchers: ThreadPoolExecutor, number: int, plan: list[Kill], *, calm_seconds: float
) -> Run:
    stack.start_afresh()
    job_id = stack.submit()
    started = time.monotonic()
    shots: list[Shot] = []
    due = [(kill.share * calm_seconds, kill) for kill in plan]
    status: str | None = None
    while (passed := time.monotonic() - started) < LIMIT_SECONDS:
        status = stack.status(job_id)
        if status is not None and status not in ACTIVE:
            break
        if due and passed >= due[0][0] and (shot := _shoot(stack, watchers, due[0][1], started)):
            shots.append(shot)
            due.pop(0)
        time.sleep(POLL_SECONDS)
    seconds = time.monotonic() - started
    unfired = [kill.victim for _, kill in due]
    for shot in shots:
        shot.back.exception(BACK_SECONDS + 10)
    verdict = judge(stack, job_id, calm=not plan)
    verdict.faults += [f"{shot.victim} did not come back" for shot in shots if shot.back.exception()]
    verdict.notes += [f"{victim} not killed: the job had ended" for victim in unfired]
    return Run(number, seconds, shots, verdict, _recoveries(stack, job_id, shots, ended=status not in ACTIVE))


def _shoot(stack: ChaosStack, watchers: ThreadPoolExecutor, kill: Kill, started: float) -> Shot | None:
    """Kill the victim if it lives now, and have somebody watch for its return; else None: tried again soon."""
    try:
        back = stack.kill(kill.victim, kill.pick)
    except Gone:
        return None
    now = time.monotonic()
    return Shot(kill.victim, datetime.now(UTC), now - started, watchers.submit(_seconds_until, back))


def _seconds_until(back: Callable[[], bool] | None) -> float | None:
    """Seconds until the victim is back; None for a task, which has no successor of its own."""
    if back is None:
        return None
    started = time.monotonic()
    while time.monotonic() - started < BACK_SECONDS:
        if back():
            return time.monotonic() - started
        time.sleep(POLL_SECONDS)
    raise TimeoutError


def _recoveries(stack: ChaosStack, job_id: uuid.UUID, shots: list[Shot], *, ended: bool) -> list[tuple[str, float]]:
    """For each kill, its victim and the seconds to the next item that was completed (or the job's own end).

    A kill at the moment when the job had just ended left nothing to recover.
    """
    found = []
    for shot in shots:
        following = stack.completed_after(job_id, shot.at)
        if following:
            found.append((shot.victim, (following - shot.at).total_seconds()))
        elif not ended:
            found.append((shot.victim, LIMIT_SECONDS))
    return found


def _print_run(run: Run, calm: float, seed: int) -> None:
    recovery = "–" if run.recovery is None else f"{run.recovery:.1f} s"
    print(
        f"{run.number:>4} {run.seconds:>8.1f} {run.seconds / calm:>7.2f} {recovery:>9} {len(run.verdict.lost):>5} "
        f"{run.verdict.doubled:>8}  {', '.join(_told(shot) for shot in run.shots) or 'none'}",
        flush=True,
    )
    for note in run.verdict.notes:
        print(f"{'':>4} note: {note}")
    for fault in run.verdict.faults:
        print(f"{'':>4} FAULT: {fault}")
    if run.verdict.faults:
        print(f"{'':>4} again: make chaos SEED={seed} ONLY={run.number}", flush=True)


def _told(shot: Shot) -> str:
    if shot.back.exception():
        back = " (not back)"
    else:
        seconds = shot.back.result()
        back = "" if seconds is None else f" ({seconds:.1f} s)"
    return f"{shot.seconds:.1f} s {shot.victim}{back}"


def _print_totals(runs: list[Run], calm: float) -> None:
    shots = [shot for run in runs for shot in run.shots]
    killed = Counter(shot.victim for shot in shots)
    recoveries = [recovery for run in runs for recovery in run.recoveries]
    last = [run.recovery for run in runs if run.recovery is not None]
    print(f"\n{'killed':<17} {'times':>5} {'back: median':>13} {'worst':>8} {'next item: median':>18} {'worst':>8}")
    for victim in VICTIMS:
        backs = [shot.back.result() for shot in shots if shot.victim == victim and not shot.back.exception()]
        nexts = [seconds for name, seconds in recoveries if name == victim]
        print(
            f"{victim:<17} {killed[victim]:>5} {_figures([back for back in backs if back is not None], 13, 8)} "
            f"{_figures(nexts, 18, 8)}"
        )
    seconds = statistics.median(run.seconds for run in runs)
    print(f"\nruns {len(runs)}, kills {len(shots)}; completed {sum(run.verdict.completed for run in runs)}, ", end="")
    print(
        f"lost {sum(len(run.verdict.lost) for run in runs)}, doubled {sum(run.verdict.doubled for run in runs)}, ",
        end="",
    )
    print(f"passed {sum(not run.verdict.faults for run in runs)}")
    print(f"from the last kill to the next item: {_sentence(last)}")
    print(f"a run: median {seconds:.1f} s, {seconds / calm:.2f} × the calm run of {calm:.1f} s", end="")
    print(f"; calls paid in vain: {sum(run.verdict.in_vain for run in runs)}")


def _figures(values: list[float], *widths: int) -> str:
    figures = (statistics.median(values), max(values)) if values else (None, None)
    return " ".join(f"{'–' if v is None else f'{v:.1f} s':>{w}}" for v, w in zip(figures, widths, strict=True))


def _sentence(values: list[float]) -> str:
    return f"median {statistics.median(values):.1f} s, worst {max(values):.1f} s" if values else "no kill"


def _keep_logs(stack: ChaosStack, seed: int, number: int) -> None:
    target = Path(gettempdir()) / f"hydrateall-chaos-{seed}-{number}"
    shutil.copytree(stack.logs, target, dirs_exist_ok=True, ignore_dangling_symlinks=True)
    print(f"{'':>4} the logs are kept in {target}", flush=True)


if __name__ == "__main__":
    sys.exit(main())
