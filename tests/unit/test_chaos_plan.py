"""The plan of `make chaos`: a failed run can be repeated from its seed and number alone."""

from __future__ import annotations

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "benchmarks"))

from chaos import EARLIEST, LATEST, MOST_KILLS, VICTIMS, plan_of


class TestThePlan:
    def test_is_the_same_for_the_same_seed_and_number(self) -> None:
        alone = plan_of(1, 17)

        among_others = [plan_of(1, number) for number in range(1, 31)]

        assert among_others[16] == alone

    def test_is_another_one_for_another_seed(self) -> None:
        assert [plan_of(1, number) for number in range(1, 6)] != [plan_of(2, number) for number in range(1, 6)]

    def test_has_one_to_three_kills_in_their_order_within_a_calm_run(self) -> None:
        plans = [plan_of(1, number) for number in range(1, 101)]

        assert {len(plan) for plan in plans} == set(range(1, MOST_KILLS + 1))
        for plan in plans:
            shares = [kill.share for kill in plan]
            assert shares == sorted(shares)
            assert all(EARLIEST <= share <= LATEST for share in shares)

    def test_kills_everything_that_can_be_killed_within_thirty_runs(self) -> None:
        killed = {kill.victim for number in range(1, 31) for kill in plan_of(1, number)}

        assert killed == set(VICTIMS)
