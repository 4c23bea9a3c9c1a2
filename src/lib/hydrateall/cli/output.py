"""How the command speaks: sentences and tables for people, JSON for machines."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from typing import Any

from pydantic import BaseModel
from rich.console import Console
from rich.table import Table
from rich.theme import Theme

THEME = Theme({"good": "green", "bad": "bold red", "warn": "yellow", "dim": "bright_black", "key": "bold cyan"})
console = Console(theme=THEME, highlight=False)
errors = Console(theme=THEME, highlight=False, stderr=True)

STATUS_STYLE = {
    "completed": "good",
    "running": "key",
    "pending": "warn",
    "failed": "bad",
    "cancelled": "dim",
}


def print_json(value: BaseModel | Sequence[BaseModel] | dict[str, Any]) -> None:
    """Print a model, a list of models or a dictionary as JSON on standard output, camelCase."""
    plain: Any = value
    if isinstance(value, BaseModel):
        plain = value.model_dump(mode="json", by_alias=True)
    elif not isinstance(value, dict):
        plain = [each.model_dump(mode="json", by_alias=True) for each in value]
    sys.stdout.write(json.dumps(plain, ensure_ascii=False, indent=2) + "\n")


def status_text(status: str) -> str:
    """A status in its colour."""
    return f"[{STATUS_STYLE.get(status, '')}]{status}[/]"


def table(*columns: str, title: str | None = None, numbers: Sequence[str] = ()) -> Table:
    """A plain table; the columns named in `numbers` stand to the right."""
    made = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False, header_style="dim")
    for column in columns:
        made.add_column(column, justify="right" if column in numbers else "left")
    return made


def usd(amount: float) -> str:
    """Money as people read it: cents, and more digits only below a cent."""
    return f"${amount:.2f}" if amount >= 0.01 or amount == 0 else f"${amount:.4f}"


def duration(seconds: float) -> str:
    """Seconds as "1 h 02 min", "3 min 05 s" or "12.3 s"."""
    if seconds < 60:
        return f"{seconds:.1f} s"
    minutes, rest = divmod(round(seconds), 60)
    return f"{minutes} min {rest:02d} s" if minutes < 60 else f"{minutes // 60} h {minutes % 60:02d} min"
