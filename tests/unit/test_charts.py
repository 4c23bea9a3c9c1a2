"""The charts of days: columns that fit their drawing, on a scale of round steps."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from hydrateall.web.pages.charts import BOTTOM, HEIGHT, TOP, columns


def days(*values: float) -> list[tuple[date, list[tuple[str, float]], str]]:
    return [(date(2026, 1, 1) + timedelta(days=n), [("cost", value)], str(value)) for n, value in enumerate(values)]


class TestColumns:
    @pytest.mark.parametrize("most", [0.0004, 0.3, 1, 7, 26, 999, 1234567])
    def test_reach_from_the_base_to_no_higher_than_the_top(self, most: float) -> None:
        chart = columns(days(0, most / 3, most))

        highest = chart.columns[2].pieces[0]
        assert highest.y >= TOP - 1
        assert highest.y + highest.height == pytest.approx(HEIGHT - BOTTOM, abs=0.2)
        assert chart.columns[0].pieces == []

    @pytest.mark.parametrize(("most", "steps"), [(7, [0, 5, 10]), (3, [0, 1, 2, 3]), (0, [0, 1]), (90, [0, 50, 100])])
    def test_stand_on_a_scale_of_round_steps(self, most: int, steps: list[float]) -> None:
        chart = columns(days(most), whole_numbers=True)

        assert [tick.value for tick in chart.ticks] == steps
