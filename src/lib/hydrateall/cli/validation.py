"""`validation`: the rules by which content is judged, to be read and to be changed without a deploy."""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import Annotated, Any

import typer
import yaml
from rich.markup import escape
from rich.table import Table

from hydrateall.cli.context import actor, open_runtime
from hydrateall.cli.output import command_name, console, print_json, table
from hydrateall.core.errors import UsageError
from hydrateall.validation.service import RuleView, explain_gate, find_rule, list_rules, save_rule

app = typer.Typer(help="The rules by which content is judged.", no_args_is_help=True)
Name = Annotated[str, typer.Argument(metavar="RULE", help="A name from `validation rules`.")]
Json = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]


class SeverityChoice(StrEnum):
    """What a finding counts; "gate" leaves it to the gate."""

    ERROR = "error"
    REVIEW = "review"
    ADVICE = "advice"
    GATE = "gate"


SEVERITY_STYLE = {"error": "bad", "review": "warn", "advice": "dim"}


@app.command("rules")
def rules(as_json: Json = False) -> None:
    """List the rules: what each is for, its gate and thresholds, what a finding counts and takes from the score."""
    with open_runtime() as runtime, runtime.database.transaction() as session:
        found = list_rules(session)
    if as_json:
        print_json(found)
        return
    console.print(_listed(found))
    off = sum(not view.is_active for view in found)
    console.print(f"\n{len(found)} rules{f', {off} of them off' if off else ''}.")
    console.print(
        f"→ `{command_name()} validation rule RULE` explains one; `set`, `on` and `off` change it.", markup=False
    )
    for view in found:
        _show_problem(view)


def _show_problem(view: RuleView) -> None:
    if view.problem:
        console.print(f"[bad]The row of {view.name} does not fit[/], so a default rule stands in.", soft_wrap=True)
        console.print(f"  {view.problem}", markup=False, soft_wrap=True)


def _listed(found: Sequence[RuleView]) -> Table:
    shown = table("rule", "content", "applies to", "gate and thresholds", "counts as", "weight", "v", "",
                  numbers=("weight", "v"), whole=("rule", "content", "applies to"))  # fmt: skip
    for view in sorted(found, key=lambda view: (view.content_type, view.name)):
        # A no-break space, so that a threshold stays with its name where the cell is broken.
        thresholds = " · ".join(f"{name}\N{NO-BREAK SPACE}{_value(value)}" for name, value in view.parameters.items())
        shown.add_row(
            view.name if view.is_active else f"[dim]{view.name}[/]",
            view.content_type.lower(),
            _scope(view),
            view.gate + (f"\n[dim]{thresholds}[/]" if thresholds else ""),
            _severity(view),
            f"{view.weight:g}",
            str(view.version),
            "[good]on[/]" if view.is_active else "[bad]off[/]",
        )
    return shown


def _scope(view: RuleView) -> str:
    parts = [view.difficulty and str(view.difficulty), view.grades and f"grades {view.grades}"]
    return ", ".join(part for part in parts if part) or "all"


def _severity(view: RuleView) -> str:
    return f"[{SEVERITY_STYLE[view.severity]}]{view.severity}[/]" if view.severity else "[dim]gate's own[/]"


def _value(value: Any) -> str:
    """A threshold as it is typed for `validation set`."""
    if isinstance(value, (list, tuple)):
        return ", ".join(_value(each) for each in value)
    return f"{value:g}" if isinstance(value, float) else str(value)


@app.command("rule")
def rule(name: Name, as_json: Json = False) -> None:
    """Show one rule: what it is for, what its gate looks for, and its thresholds."""
    with open_runtime() as runtime, runtime.database.transaction() as session:
        view = find_rule(session, name)
    if as_json:
        print_json(view)
    else:
        _show(view)


def _show(view: RuleView) -> None:
    state = "[good]on[/]" if view.is_active else "[bad]off[/]"
    console.print(f"[bold]{view.name}[/] · version {view.version} · {state}")
    console.print(view.description, markup=False)
    shown = table("", "")
    shown.add_row("content", f"{view.content_type.lower()} · {_scope(view)}")
    shown.add_row("counts as", _severity(view))
    shown.add_row("weight", f"{view.weight:g} [dim]is taken from the score, which begins at 1[/]")
    for threshold, value in view.parameters.items():
        shown.add_row(f"[key]{threshold}[/]", _value(value))
    console.print(shown)
    console.print(f"\n[bold]{view.gate}[/]\n{escape(explain_gate(view.gate))}", soft_wrap=True)
    _show_problem(view)


@app.command("set")
def change(
    name: Name,
    thresholds: Annotated[
        list[str] | None,
        typer.Argument(
            metavar="THRESHOLD=VALUE...", help="E.g. most=1600 or easy_marks=1,3; most= brings back the default."
        ),
    ] = None,
    severity: Annotated[SeverityChoice | None, typer.Option(help="What its findings count.")] = None,
    weight: Annotated[float | None, typer.Option(help="What a finding takes from the score, 0 to 1.")] = None,
    grades: Annotated[str | None, typer.Option(help='"9-12", "7" or "all".')] = None,
    difficulty: Annotated[str | None, typer.Option(help="easy, medium, hard or all.")] = None,
    as_json: Json = False,
) -> None:
    """Change a rule. What is written from now on is judged by it; what is stored is not touched."""
    changes: dict[str, Any] = {"parameters": dict(_pair(text) for text in thresholds or ())}
    if severity:
        changes["severity"] = None if severity is SeverityChoice.GATE else severity.value
    if weight is not None:
        changes["weight"] = weight
    if grades:
        changes["grade_range"] = None if grades == "all" else grades
    if difficulty:
        changes["difficulty_level"] = None if difficulty == "all" else difficulty
    if changes == {"parameters": {}}:
        raise UsageError(
            "There is nothing to change.",
            f"Name a threshold (most=1600) or an option; `{command_name()} validation rule {name}` shows them.",
        )
    _save(name, changes, as_json)


def _pair(text: str) -> tuple[str, Any]:
    """Read `most=1600`, `easy_marks=1,3` or `most=`, which brings back the default."""
    name, sign, value = text.partition("=")
    if not sign or not name.strip():
        raise UsageError(f"{text!r} is no threshold.", "Write it like most=1600.", field="thresholds")
    parts = [_scalar(part) for part in value.strip("[]() ").split(",")]
    return name.strip(), parts if len(parts) > 1 else parts[0]


def _scalar(text: str) -> Any:
    try:
        return yaml.safe_load(text)
    except yaml.YAMLError:
        return text


@app.command("on")
def switch_on(name: Name, as_json: Json = False) -> None:
    """Switch a rule on."""
    _save(name, {"is_active": True}, as_json)


@app.command("off")
def switch_off(name: Name, as_json: Json = False) -> None:
    """Switch a rule off: what it looks for is found no more."""
    _save(name, {"is_active": False}, as_json)


def _save(name: str, changes: dict[str, Any], as_json: bool) -> None:
    with open_runtime() as runtime, runtime.database.transaction() as session:
        before = find_rule(session, name)
        after = save_rule(session, name, changes, actor().user_id(session))
    if as_json:
        print_json(after)
    elif before == after:
        console.print(f"{name} is so already; nothing was changed (version {after.version}).")
    else:
        console.print(f"[good]{name} is now version {after.version}.[/]")
        for line in _differences(before, after):
            console.print(f"  {line}", markup=False)
        console.print(
            f"→ New content is judged by it. For what is stored: `{command_name()} validation rerun --help`.",
            markup=False,
            soft_wrap=True,
        )


def _differences(before: RuleView, after: RuleView) -> list[str]:
    old, new = _plain(before), _plain(after)
    return [f"{field}: {old[field]} → {new[field]}" for field in new if old.get(field) != new[field]]


def _plain(view: RuleView) -> dict[str, str]:
    about = {
        "switched": "on" if view.is_active else "off",
        "applies to": _scope(view),
        "counts as": view.severity or "gate's own",
        "weight": f"{view.weight:g}",
    }
    return about | {name: _value(value) for name, value in view.parameters.items()}
