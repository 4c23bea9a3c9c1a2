"""Computed questions by kind: every id that a bank may name, and the general kinds that fit any science lesson."""

from __future__ import annotations

from hydrateall.llm.offline.numericals import (
    algebra,
    angles,
    averages,
    chance,
    chemistry,
    circles,
    coordinates,
    electricity,
    energy,
    equations,
    general,
    life,
    light,
    mechanics,
    motion,
    numbers,
    solids,
    triangles,
    trigonometry,
)
from hydrateall.llm.offline.numericals.shape import Generator

AREAS = (
    mechanics, motion, energy, light, electricity, chemistry, life,
    numbers, algebra, equations, coordinates, triangles, angles, trigonometry, circles,
    solids, averages, chance, general,
)  # fmt: skip
GENERATORS: dict[str, Generator] = {kind: generator for area in AREAS for kind, generator in area.GENERATORS.items()}
GENERAL_KINDS = tuple(general.GENERATORS)
