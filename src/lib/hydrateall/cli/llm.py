"""`llm`: the model gateway, as it stands in the database."""

from __future__ import annotations

from typing import Annotated

import typer
from rich.table import Table

from hydrateall.cli.context import open_runtime
from hydrateall.cli.output import command_name, console, duration, print_json, table, usd
from hydrateall.llm.views import BudgetState, CacheState, DeploymentState, GatewayState, gateway_state, price_lines

app = typer.Typer(help="The model gateway: deployments, budgets, cache, prices.", no_args_is_help=True)
Json = Annotated[bool, typer.Option("--json", help="Print JSON for machines.")]


@app.callback()
def group() -> None:
    """The model gateway: deployments, budgets, cache, prices."""


@app.command("status")
def status(as_json: Json = False) -> None:
    """Show what each deployment does and waits for, what the budgets have spent, what the cache holds."""
    with open_runtime() as runtime, runtime.database.transaction() as session:
        found = gateway_state(session, runtime.settings)
    if as_json:
        print_json(found)
    elif not found.deployments:
        console.print(
            "No model has been called yet. "
            f"`{command_name()} hydrate --board CBSE --grade 10 --subject SCIENCE --wait` calls one; "
            "HYDRATEALL_MODEL_PROVIDER says which: offline, mock or openai.",
            soft_wrap=True,
        )
    else:
        _show(found)


@app.command("prices")
def prices(as_json: Json = False) -> None:
    """Show the price table, include/pricing/models.yaml: USD per million tokens."""
    lines = price_lines()
    if as_json:
        print_json(lines)
        return
    numbers = ("input", "cached input", "output", "in a batch")
    shown = table("model", *numbers, "valid from", title="USD per million tokens", numbers=numbers)
    for line in lines:
        rates = [f"{rate:.3f}" for rate in (line.input, line.cached_input, line.output)]
        shown.add_row(line.model, *rates, f"× {line.batch:g}", line.valid_from)
    console.print(shown)
    console.print("\nThe table is include/pricing/models.yaml; a model that is missing there cannot be called.")


def _show(found: GatewayState) -> None:
    console.print(_deployments(found.deployments))
    for each in found.deployments:
        if each.last_error and each.failures:
            console.print(f"\n{each.name}: {each.failures} failures in a row, last: {each.last_error}", soft_wrap=True)
    console.print()
    console.print(_budgets(found.budgets))
    console.print(f"\n{_cache_text(found.cache)}", soft_wrap=True)


def _deployments(states: list[DeploymentState]) -> Table:
    numbers = ("in flight", "at most", "requests booked", "tokens booked")
    shown = table("deployment", *numbers, "server", "last call", numbers=numbers)
    for each in states:
        shown.add_row(
            each.name,
            str(each.in_flight),
            f"{each.concurrency:.0f}" if each.concurrency else "",
            _ahead(each.requests_booked_seconds),
            _ahead(each.tokens_booked_seconds),
            _server_text(each),
            f"{each.updated_at.astimezone():%d %b %H:%M:%S}",
        )
    return shown


def _ahead(seconds: float) -> str:
    return f"{duration(seconds)} ahead" if seconds else ""


def _server_text(each: DeploymentState) -> str:
    """Whether calls go out now, or from when on."""
    if each.open_until:
        return f"[bad]breaker open until {each.open_until.astimezone():%H:%M:%S}[/]"
    if each.blocked_until:
        return f"[warn]wants a pause until {each.blocked_until.astimezone():%H:%M:%S}[/]"
    return "[good]takes calls[/]"


def _budgets(states: list[BudgetState]) -> Table:
    numbers = ("spent", "reserved", "cap")
    shown = table("budget", *numbers, numbers=numbers, whole=("budget",))
    for each in states:
        cap = "none" if each.cap_usd is None else usd(float(each.cap_usd))
        shown.add_row(each.scope.replace(":", " "), usd(float(each.spent_usd)), usd(float(each.reserved_usd)), cap)
    return shown


def _cache_text(cache: CacheState) -> str:
    if not cache.enabled:
        return "The cache is off (HYDRATEALL_CACHE=false)."
    old = f", {cache.expired:,} more are too old" if cache.expired else ""
    return f"The cache keeps {cache.answers:,} answers, given again {cache.hits:,} times{old}."
