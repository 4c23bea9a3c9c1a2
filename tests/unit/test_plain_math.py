"""Formulas in a terminal."""

from __future__ import annotations

import pytest

from hydrateall.cli.reading import plain_math


class TestFraction:
    @pytest.mark.parametrize(
        ("written", "shown"),
        [
            (r"$\frac{1}{2}$", "1/2"),
            (r"$\frac{x_1+x_2}{2}$", "(x_1+x_2)/2"),
            (r"$\dfrac{-3}{y - 1}$", "-3/(y - 1)"),
            (r"$\frac{\frac{a}{b}}{c}$", "(a/b)/c"),
            (r"so $\sqrt{2}$ and $x^2$", "so √(2) and x^2"),
        ],
    )
    def test_keeps_its_parts_together(self, written: str, shown: str) -> None:
        assert plain_math(written) == shown
