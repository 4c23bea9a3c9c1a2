"""How the gateway is shown: its deployments, budgets and cache, all read from the database."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Annotated

from pydantic import BaseModel, ConfigDict, PlainSerializer
from pydantic.alias_generators import to_camel
from sqlalchemy.orm import Session

from hydrateall.core.settings import Settings
from hydrateall.llm import repository
from hydrateall.llm.pricing import Price, price_list

Usd = Annotated[Decimal, PlainSerializer(float, return_type=float, when_used="json")]


class View(BaseModel):
    """The base: camelCase on the wire."""

    model_config = ConfigDict(alias_generator=to_camel, populate_by_name=True)


class DeploymentState(View):
    """One model at one server. Moments that have passed are none; booked seconds are how far ahead a rate is sold."""

    name: str
    concurrency: float | None
    most_in_flight: int | None
    in_flight: int
    blocked_until: datetime | None
    open_until: datetime | None
    failures: int
    last_error: str | None
    requests_booked_seconds: float
    tokens_booked_seconds: float
    updated_at: datetime


class BudgetState(View):
    """A budget: what it has spent, what calls in flight may still cost, and its cap if there is one."""

    scope: str
    spent_usd: Usd
    reserved_usd: Usd
    cap_usd: Usd | None
    updated_at: datetime


class CacheState(View):
    """Answers that are kept, those among the kept that are too old to be given, and hits of all of them."""

    enabled: bool
    answers: int
    expired: int
    hits: int


class GatewayState(View):
    """The gateway at this moment."""

    deployments: list[DeploymentState]
    budgets: list[BudgetState]
    cache: CacheState


class PriceLine(View):
    """The price of a model, in USD per million tokens; `batch` is the share of it that a batch costs."""

    model: str
    input: Usd
    cached_input: Usd
    output: Usd
    batch: Usd
    valid_from: str


def gateway_state(session: Session, settings: Settings, *, most_budgets: int = 12) -> GatewayState:
    """Return the gateway's state, with the budgets that were touched last."""
    budgets = [BudgetState.model_validate(dict(row)) for row in repository.budgets(session, most=most_budgets)]
    for budget in budgets:
        budget.cap_usd = _cap(budget, settings)
    return GatewayState(
        deployments=[DeploymentState.model_validate(dict(row)) for row in repository.deployments(session)],
        budgets=budgets,
        cache=CacheState.model_validate({**repository.cache(session), "enabled": settings.cache}),
    )


def _cap(budget: BudgetState, settings: Settings) -> Decimal | None:
    """A job's cap stands in its row; that of a day, and of our own tenant, in the settings."""
    if budget.scope.startswith("day:"):
        return settings.day_max_cost_usd
    if budget.scope.startswith(f"tenant:{settings.tenant}:"):
        return settings.tenant_max_cost_usd
    return budget.cap_usd


def price_lines() -> list[PriceLine]:
    """Return today's prices, cheapest output first."""
    found = sorted(price_list().items(), key=lambda item: (item[1].output, item[1].input, item[0]))
    return [_price_line(model, price) for model, price in found]


def _price_line(model: str, price: Price) -> PriceLine:
    return PriceLine(
        model=model,
        input=price.input,
        cached_input=price.cached_input,
        output=price.output,
        batch=price.batch,
        valid_from=price.valid_from.isoformat(),
    )
