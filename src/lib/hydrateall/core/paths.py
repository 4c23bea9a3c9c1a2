"""Where the repository's data files are: SQL, prompts, curricula, rules, prices."""

from __future__ import annotations

import os
from pathlib import Path

HOME = Path(os.environ.get("HYDRATEALL_HOME") or Path(__file__).resolve().parents[4])
INCLUDE = HOME / "include"
CURRICULA = INCLUDE / "curricula"
PROMPTS = INCLUDE / "prompts"
RULES = INCLUDE / "rules"
SAMPLES = INCLUDE / "samples"
SQL = INCLUDE / "sql"
PRICES = INCLUDE / "pricing" / "models.yaml"
