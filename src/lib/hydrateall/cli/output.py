"""How the command speaks: sentences and tables for people, JSON for machines."""

from __future__ import annotations

import json
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import BaseModel
from rich.console import Console, ConsoleOptions, ConsoleRenderable, RenderHook, RenderResult
from rich.segment import Segment
from rich.table import Table
from rich.theme import Theme

THEME = Theme({"good": "green", "bad": "bold red", "warn": "yellow", "dim": "bright_black", "key": "bold cyan"})
INTERRUPTED = 130  # the exit code after Ctrl-C
PIPE_WIDTH = 180  # where nobody's screen sets a width, no cell need be cut
# What would steer the terminal (colours, its title, links), or let a text read otherwise than it is stored.
STEERING = {code: 0x2400 + code for code in range(0x20) if code not in (0x09, 0x0A)}
STEERING |= dict.fromkeys([*range(0x7F, 0xA0), *range(0x202A, 0x202F), *range(0x2066, 0x206A)], 0xFFFD)


class _Harmless:
    """A renderable whose control characters are drawn instead of sent: content and remarks are other people's."""

    def __init__(self, drawn: ConsoleRenderable) -> None:
        self._drawn = drawn

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        for segment in console.render(self._drawn, options):
            yield segment if segment.control else Segment(segment.text.translate(STEERING), segment.style)


class _DrawControls(RenderHook):
    def process_renderables(self, renderables: list[ConsoleRenderable]) -> list[ConsoleRenderable]:
        return [_Harmless(each) for each in renderables]


console = Console(theme=THEME, highlight=False, width=None if sys.stdout.isatty() else PIPE_WIDTH)
errors = Console(theme=THEME, highlight=False, stderr=True)
for _console in (console, errors):
    _console.push_render_hook(_DrawControls())

STATUS_STYLE = {
    "completed": "good",
    "running": "key",
    "pending": "warn",
    "paused": "bold yellow",
    "failed": "bad",
    "cancelled": "dim",
    "waiting": "warn",
    "stale": "warn",
    "in_progress": "key",
    "skipped": "dim",
}


def print_json(value: BaseModel | Sequence[BaseModel] | dict[str, Any]) -> None:
    """Print a model, a list of models or a dictionary as JSON on standard output, camelCase."""
    plain: Any = value
    if isinstance(value, BaseModel):
        plain = value.model_dump(mode="json", by_alias=True)
    elif not isinstance(value, dict):
        plain = [each.model_dump(mode="json", by_alias=True) for each in value]
    sys.stdout.write(json.dumps(plain, ensure_ascii=False, indent=2) + "\n")


def command_name() -> str:
    """How to call this command from here: its bare name if it is on the path, else the way it was called."""
    found = shutil.which("hydrateall")
    called = Path(sys.argv[0])
    if found and Path(found).resolve() == called.resolve():
        return "hydrateall"
    return str(called) if called.name == "hydrateall" else "hydrateall"


def status_text(status: str) -> str:
    """A status in its colour."""
    return f"[{STATUS_STYLE.get(status, '')}]{status}[/]"


def table(*columns: str, title: str | None = None, numbers: Sequence[str] = (), whole: Sequence[str] = ()) -> Table:
    """A plain table; the columns in `numbers` stand to the right, those in `whole` (ids) are never cut."""
    made = Table(title=title, title_justify="left", title_style="bold", box=None, pad_edge=False, header_style="dim")
    for column in columns:
        made.add_column(column, justify="right" if column in numbers else "left", no_wrap=column in whole)
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
